import hashlib
from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import email_normalize
from psycopg2.errors import UniqueViolation
from stdnum.util import get_cc_module

from .. import spapi

# nothing is written into a buyer's chatter, and nobody follows him
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    # a bad number is not written into the field that Odoo checks, see below
    "no_vat_validation": True,
}


class Customer(NamedTuple):
    """The partners of one order."""

    partner: Any
    shipping: Any

    def _values(self):
        """For the order."""
        return {
            "partner_id": self.partner.id,
            "partner_shipping_id": self.shipping.id,
            "partner_invoice_id": self.partner.id,
        }


class Wanted(NamedTuple):
    """Whom one order needs: ``key`` tells customers apart, ``place`` addresses."""

    key: Any
    place: str
    marketplace: Any
    paper: Any


class ResPartner(models.Model):
    """Customers of a seller's orders.

    Who bought is known by the e-mail address that Amazon made for the buyer, never by
    name; where it is not told, the customer is the marketplace and the address hangs
    under it. Where it goes is known by the normalised address.
    """

    _inherit = "res.partner"

    amazon_b2b_marketplace_id = fields.Many2one(
        "amazon.b2b.marketplace",
        "Buyers of Amazon Marketplace",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The customer of all orders of a marketplace whose buyer is not told.",
    )
    amazon_b2b_is_buyer = fields.Boolean(
        "Amazon Buyer",
        copy=False,
        help="Made from an order on Amazon: erased when its time is over.",
    )
    amazon_b2b_address_key = fields.Char(copy=False, index="btree_not_null")
    amazon_b2b_raw_address = fields.Text(
        "Address as Typed", help="Before a packing station was recognised in it."
    )
    amazon_b2b_stated_vat = fields.Char(
        "VAT Number as Stated",
        help="As the buyer gave it to Amazon. Also kept where it is not a valid one.",
    )

    _amazon_b2b_buyer_uniq = models.UniqueIndex(
        "(company_id, email_normalized) "
        "WHERE amazon_b2b_is_buyer AND parent_id IS NULL AND active",
        "This buyer is a customer here already.",
    )

    @api.model
    def _amazon_b2b_customers(self, papers):
        """{document: :class:`Customer`}, found or made for the whole batch.

        :param papers: {document: :class:`spapi.SellerOrder`}, of the current company
        """
        partners = self.with_context(**QUIET)
        wanted = {
            document: partners._amazon_b2b_wanted(document.marketplace_id, paper)
            for document, paper in papers.items()
        }
        customers = partners._amazon_b2b_heads(wanted.values())
        places = partners._amazon_b2b_places(wanted.values(), customers)
        found = {}
        for document, want in wanted.items():
            customer = customers[want.key]
            shipping = places.get((customer.id, want.place), customer)
            found[document] = Customer(customer, shipping)
        return found

    @api.model
    def _amazon_b2b_wanted(self, marketplace, paper):
        email = email_normalize(paper.buyer.email) if paper.buyer else ""
        place = self._amazon_b2b_key(paper.address) if paper.address else ""
        key = email if email and paper.address else marketplace
        return Wanted(key, place, marketplace, paper)

    @api.model
    def _amazon_b2b_key(self, address):
        """By what the same address is known: hashed, for it is read by nobody."""
        return hashlib.sha256(spapi.normal_key(address).encode()).hexdigest()

    # who bought

    @api.model
    def _amazon_b2b_heads(self, wanted):
        """{key: customer}, those that are missing made."""
        by_key = {}
        for want in wanted:
            by_key.setdefault(want.key, want)
        emails = [key for key in by_key if isinstance(key, str)]
        marketplaces = [key.id for key in by_key if not isinstance(key, str)]
        ours = [
            ("company_id", "in", [self.env.company.id, False]),
            ("parent_id", "=", False),
        ]
        found = {}
        if emails:
            for partner in self.search(
                [("email_normalized", "in", emails), *ours], order="company_id, id"
            ):
                found.setdefault(partner.email_normalized, partner)
        if marketplaces:
            for partner in self.search(
                [("amazon_b2b_marketplace_id", "in", marketplaces), *ours], order="id"
            ):
                found.setdefault(partner.amazon_b2b_marketplace_id, partner)
        for want in wanted:
            if want.key in found:
                self._amazon_b2b_add_vat(found[want.key], want.paper.buyer)
        missing = [want for key, want in by_key.items() if key not in found]
        for want, partner in zip(missing, self._amazon_b2b_new(missing), strict=True):
            found[want.key] = partner
        return found

    @api.model
    def _amazon_b2b_new(self, missing):
        """The customers that are not here yet.

        :raise ConcurrencyError: another worker makes one of them just now, for
            another order of the same buyer; the work starts again and finds it
        """
        if not all(isinstance(want.key, str) for want in missing):
            self.env.company._amazon_b2b_make_alone()
        rows = self._amazon_b2b_rows(missing, self._amazon_b2b_head_values)
        try:
            customers = self.create(rows)
            customers.flush_recordset(["email_normalized"])
        except UniqueViolation as error:
            raise ConcurrencyError(self._description) from error
        return customers

    @api.model
    def _amazon_b2b_add_vat(self, partner, buyer):
        """Give a buyer that is known the tax number that a later order brings."""
        if (
            buyer
            and buyer.registrations
            and partner.amazon_b2b_is_buyer
            and not (partner.amazon_b2b_stated_vat or partner.vat)
        ):
            partner.write(self._amazon_b2b_vat_values(buyer))

    @api.model
    def _amazon_b2b_head_values(self, want, values):
        """The values of a new customer; ``values`` are those of the address."""
        buyer, marketplace = want.paper.buyer, want.marketplace
        if not isinstance(want.key, str):
            return {
                "name": self.env._("%s customers", marketplace.name),
                "company_id": self.env.company.id,
                "country_id": marketplace.country_id.id,
                "amazon_b2b_marketplace_id": marketplace.id,
            }
        return {
            **values,
            **self._amazon_b2b_business_values(buyer, values),
            "email": want.key,
            "type": "contact",
        }

    @api.model
    def _amazon_b2b_business_values(self, buyer, values):
        """Who buys for a company is the company, with its VAT number."""
        vat = self._amazon_b2b_vat_values(buyer)
        if not buyer.company:
            return {"name": buyer.name or values["name"], **vat}
        return {"name": buyer.company, "is_company": True, "company_name": False, **vat}

    @api.model
    def _amazon_b2b_vat_values(self, buyer):
        """The buyer's tax number; where Odoo would check it, only a valid one."""
        number = _registration(buyer)
        return {
            "amazon_b2b_stated_vat": number and number.number,
            "vat": number and _is_valid_vat(number) and number.number,
        }

    # where it goes

    @api.model
    def _amazon_b2b_places(self, wanted, customers):
        """{(customer id, place): partner of the address}, those that are missing made.

        The customer's own address needs no partner of its own.
        """
        by_place = {}
        for want in wanted:
            customer = customers[want.key]
            # a company's goods go to a person: that is an address of its own
            own = customer.amazon_b2b_address_key == want.place
            if want.place and not (own and not customer.is_company):
                by_place.setdefault((customer.id, want.place), want)
        if not by_place:
            return {}
        children = self.search(
            [
                ("parent_id", "in", [customer for customer, _place in by_place]),
                ("amazon_b2b_address_key", "in", [place for _c, place in by_place]),
            ],
            order="id",
        )
        found = {}
        for child in children:
            found.setdefault((child.parent_id.id, child.amazon_b2b_address_key), child)
        missing = [(key, want) for key, want in by_place.items() if key not in found]
        rows = self._amazon_b2b_rows(
            [want for _key, want in missing],
            lambda want, values: _under(customers[want.key], values),
        )
        for (key, _want), partner in zip(missing, self.create(rows), strict=True):
            found[key] = partner
        return found

    @api.model
    def _amazon_b2b_rows(self, wanted, make):
        """The values of new partners, countries and states looked up at once."""
        addresses = [want.paper.address for want in wanted if want.paper.address]
        countries = self._amazon_b2b_countries(a.country for a in addresses)
        states = self._amazon_b2b_states(countries.values())
        return [
            make(want, self._amazon_b2b_address(want, countries, states))
            for want in wanted
        ]

    @api.model
    def _amazon_b2b_countries(self, codes):
        found = self.env["res.country"].search([("code", "in", list(set(codes)))])
        return {country.code: country for country in found}

    @api.model
    def _amazon_b2b_states(self, countries):
        """{(country id, code or name in lower case): state}"""
        found = self.env["res.country.state"].search_fetch(
            [("country_id", "in", [country.id for country in countries])],
            ["code", "name", "country_id"],
        )
        states = defaultdict(self.env["res.country.state"].browse)
        for state in found:
            states[state.country_id.id, state.name.lower()] = state
            states[state.country_id.id, state.code.lower()] = state
        return states

    @api.model
    def _amazon_b2b_address(self, want, countries, states):
        """The values of a partner at the order's address, packing stations laid out
        as the marketplace's settings say."""
        address = want.paper.address or spapi.SellerAddress()
        country = countries.get(address.country, self.env["res.country"])
        state = states.get((country.id, address.state.strip().lower()))
        lines = list(address.lines)
        if address.district and address.district != address.city:
            lines.append(address.district)
        values = {
            "name": address.name or want.marketplace.name,
            "company_name": address.company or False,
            "street": lines[0] if lines else False,
            "street2": ", ".join(lines[1:]) or False,
            "city": address.city,
            "zip": address.postal_code,
            "state_id": state and state.id,
            "country_id": country.id,
            "phone": address.phone,
            "lang": want.marketplace._lang(),
            "company_id": self.env.company.id,
            "amazon_b2b_is_buyer": True,
            "amazon_b2b_address_key": want.place,
        }
        return {**values, **self._amazon_b2b_station(want.marketplace, address)}

    @api.model
    def _amazon_b2b_station(self, marketplace, address):
        """A packing station where the label has to show it, the raw address kept."""
        station = spapi.pickup(address)
        if not station or not station.number:
            return {}
        layout = {
            "street": f"{STATIONS[station.kind]} {station.number}",
            "amazon_b2b_raw_address": "\n".join(
                filter(None, (address.name, address.company, *address.lines))
            ),
        }
        number = station.customer_number or False
        if marketplace.packstation_layout == "company":
            return {**layout, "company_name": number, "street2": False}
        return {**layout, "street2": number}


def _under(customer, values):
    """The values of an address of a customer.

    Under a company Odoo writes the company's name above every address: another one,
    or the customer number of a packing station, then goes below the street.
    """
    company = values["company_name"]
    if customer.is_company and company and company != customer.name:
        street = ", ".join(filter(None, (company, values["street2"])))
        values = {**values, "street2": street, "company_name": False}
    return {**values, "parent_id": customer.id, "type": "delivery"}


# what the parcel service calls its places
STATIONS = {
    "packstation": "Packstation",
    "postfiliale": "Postfiliale",
    "paketshop": "Paketshop",
    "pickup": "",
}


def stated_vat(paper):
    """The buyer's VAT number as Amazon has it, or what stands for one."""
    number = _registration(paper.buyer) if paper.buyer else None
    return number and number.number


def _registration(buyer):
    numbers = sorted(buyer.registrations, key=lambda r: r.kind != "VAT")
    return numbers[0] if numbers else None


def _is_valid_vat(registration):
    """Whether it is a VAT number of the country it begins with (python-stdnum)."""
    number = "".join(registration.number.split()).upper()
    for country in (number[:2], registration.country):
        module = get_cc_module(country, "vat") if len(country) == 2 else None
        if module and module.is_valid(number):
            return True
    return False
