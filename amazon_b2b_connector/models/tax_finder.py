"""Which tax of Odoo's the tax that Amazon charged is."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, models

from ..exact import exact
from ..seller_amounts import NoRate, rates_of_line, simplest_rate, slack


class Place(NamedTuple):
    """What a tax depends on besides its rate."""

    country: Any
    ship_from: Any
    scheme: str
    marketplace: Any
    fiscal_position: Any

    def taxes_of(self, company):
        """The country whose taxes an invoice may carry: Odoo lets no others stand
        (``account.move._validate_taxes_country``)."""
        position = self.fiscal_position
        if position.foreign_vat:
            return position.country_id
        return company.account_fiscal_country_id or company.country_id


class Problem(NamedTuple):
    """A tax that no or several of Odoo's taxes are."""

    place: Place
    rate: Decimal
    candidates: Any

    @property
    def missing(self):
        """The values of the row that would solve it."""
        return {
            "country_id": self.place.country.id,
            "ship_from_id": self.place.ship_from.id,
            "rate": float(self.rate),
            "scheme": self.place.scheme,
        }


class TaxMapping(models.Model):
    _inherit = "amazon.b2b.tax.mapping"

    @api.model
    def _finder(self, company):
        """The :class:`Finder` of a batch of the company's orders."""
        return Finder(self.env, company)


class Finder:
    """The taxes of a company, read once for a batch of orders.

    The table goes first. Without a row, the one active sale tax of the rate is taken
    that holds in the ship-to country: by its fiscal positions where it has some,
    else by its own country.
    """

    def __init__(self, env, company):
        self.env = env
        self.company = company
        self.rows = env["amazon.b2b.tax.mapping"].search(
            [("company_id", "=", company.id)]
        )
        self.taxes = env["account.tax"].search(
            [
                *env["account.tax"]._check_company_domain(company),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
            ]
        )
        self.none = env["account.tax"]
        self.known = {}

    def find(self, place, booked, quantity, unit, known):
        """The taxes of one order line.

        :param booked: its charges as :class:`..seller_amounts.Booked`
        :param known: rates that the order has elsewhere; what is found is added
        :return: ({group of charges: tax, or none}, :class:`Problem` or ``None``)
        """
        by_rate = self.by_rate(place)
        try:
            rates = rates_of_line(booked, quantity, by_rate, unit, known)
        except NoRate as error:
            allowed = slack(quantity, len(booked), unit)
            rate = simplest_rate(error.net, error.tax, allowed)
            return {}, Problem(place, rate, self.none)
        taxes = {}
        for group, rate in rates.items():
            found = by_rate.get(rate or Decimal(0), self.none)
            foreign = found and found.country_id != place.taxes_of(self.company)
            if (rate and len(found) != 1) or foreign:
                return {}, Problem(place, rate or Decimal(0), found)
            if rate and rate not in known:
                known.append(rate)
            # without a tax of Amazon's there need not be one of 0 % here
            taxes[group] = found if len(found) == 1 else self.none
        return taxes, None

    def by_rate(self, place):
        """{rate: the tax, or all that fit equally}"""
        if place not in self.known:
            self.known[place] = {**self._by_itself(place), **self._by_table(place)}
        return self.known[place]

    def _by_table(self, place):
        best = {}
        for row in self.rows:
            asked = (
                (row.marketplace_id, place.marketplace),
                (row.scheme and row.scheme.upper(), place.scheme.upper()),
                (row.ship_from_id, place.ship_from),
            )
            if row.country_id == place.country and all(
                not wanted or wanted == here for wanted, here in asked
            ):
                rank = [bool(wanted) for wanted, _here in asked]
                rate = exact(row.rate, 3)
                if rate not in best or rank > best[rate][0]:
                    best[rate] = (rank, row.tax_id)
        return {rate: tax for rate, (_rank, tax) in best.items()}

    def _by_itself(self, place):
        found = defaultdict(lambda: self.none)
        position = place.fiscal_position
        country = place.taxes_of(self.company)
        for tax in self.taxes.filtered(lambda tax: tax.country_id == country):
            rate = exact(tax.amount, 4)
            if rate and _holds_in(tax, place.country):
                found[rate] |= tax
            elif not rate and position and position in tax.fiscal_position_ids:
                found[rate] |= tax
        for rate, taxes in found.items():
            bound = taxes.filtered(lambda tax: position & tax.fiscal_position_ids)
            found[rate] = bound or taxes
        return dict(found)


def _holds_in(tax, country):
    placed = tax.fiscal_position_ids.filtered(
        lambda position: position.country_id or position.country_group_id
    )
    if not placed:
        return tax.country_id == country
    return any(
        country == position.country_id
        or (
            not position.country_id and country in position.country_group_id.country_ids
        )
        for position in placed
    )
