from odoo import api, models


class FiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    @api.model
    def _amazon_b2b_positions(self, papers):
        """{document: the fiscal position of its order}, looked up once for a batch.

        What Amazon reports under IOSS has the position that the settings name; else
        the marketplace's counts; else Odoo's own detection by the ship-to country and
        the buyer's VAT number.

        :param papers: {document: :class:`spapi.SellerOrder`}
        """
        countries = self._amazon_b2b_countries(papers.values())
        automatic = None
        found, known = {}, {}
        for document, paper in papers.items():
            marketplace = document.marketplace_id
            position = marketplace.fiscal_position_id
            if is_ioss(paper):
                position = marketplace.ioss_fiscal_position_id or position
            if not position:
                if automatic is None:
                    automatic = self.search(
                        [
                            *self._check_company_domain(self.env.company),
                            ("auto_apply", "=", True),
                        ]
                    )
                key = _buyer(paper, countries)
                if key not in known:
                    known[key] = automatic._amazon_b2b_detect(*key)
                position = known[key]
            found[document] = position
        return found

    @api.model
    def _amazon_b2b_countries(self, papers):
        """{ISO code: country} of all ship-to and ship-from countries of orders."""
        codes = {paper.address.country for paper in papers if paper.address}
        codes |= {p.ship_from_country for paper in papers for p in paper.parcels}
        codes |= {line.ship_from_country for paper in papers for line in paper.lines}
        countries = self.env["res.country"].search([("code", "in", list(codes))])
        return {country.code: country for country in countries}

    def _amazon_b2b_detect(self, country, state, postal_code, vat):
        """The first of these positions that fits such a buyer."""
        if not country:
            return self.browse()
        states = country.state_ids if self.state_ids or self.country_group_id else ()
        buyer = self.env["res.partner"].new(
            {
                "country_id": country.id,
                "state_id": next(
                    (row.id for row in states if state in (row.code, row.name)), False
                ),
                "zip": postal_code,
                "vat": vat,
            }
        )
        return self._get_first_matching_fpos(buyer)


def is_ioss(paper):
    return any(
        line.ioss or line.reporting_scheme.upper() == "IOSS" for line in paper.lines
    )


def vat_number(paper):
    """The buyer's VAT number, ``""`` where Amazon names none."""
    registrations = paper.buyer.registrations if paper.buyer else ()
    return next((r.number for r in registrations if r.kind == "VAT"), "")


def _buyer(paper, countries):
    """What a fiscal position is found by."""
    address = paper.address
    if not address:
        return None, "", "", ""
    return (
        countries.get(address.country),
        address.state,
        address.postal_code,
        vat_number(paper),
    )
