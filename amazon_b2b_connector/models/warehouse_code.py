from odoo import api, fields, models

# stands for the fulfilment centre of orders that name none
NO_CODE = "-"


class WarehouseCode(models.Model):
    """Amazon's code or GLN of a fulfilment centre, and the address behind it.

    Amazon's orders carry the code only (X12 ``N1*ST``). The address is a contact of
    the customer; its commercial parent is who buys.
    """

    _name = "amazon.b2b.warehouse.code"
    _description = "Amazon warehouse code"
    _order = "code"
    _rec_name = "code"
    _check_company_auto = True

    code = fields.Char(
        required=True,
        help="As Amazon sends it. Several may be typed at once, separated by commas: "
        "each becomes a row of its own.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    connection_id = fields.Many2one(
        "amazon.b2b.connection",
        ondelete="cascade",
        check_company=True,
        help="Empty: for all connections of the company.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Delivery Address", required=True, ondelete="cascade", index=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer"
    )
    invoice_partner_id = fields.Many2one(
        "res.partner", "Bill-to", help="Empty: the customer's invoice address."
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, code, COALESCE(connection_id, 0)) WHERE active",
        "This warehouse code exists already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # a default from the context may name several codes as well
        default = {"code": self.env.context.get("default_code")}
        vals_list = [{**default, **vals} for vals in vals_list]
        rows = [
            {**vals, "code": code}
            for vals in vals_list
            for code in _codes(vals["code"])
        ]
        created = super().create(rows)
        created._let_go_on()
        # one record for each that was asked for, as create() promises
        firsts, position = self.browse(), 0
        for vals in vals_list:
            firsts += created[position]
            position += len(_codes(vals["code"]))
        return firsts

    def write(self, vals):
        codes = _codes(vals.get("code")) if "code" in vals else []
        if len(codes) > 1:
            for record in self:
                record.copy({"code": ",".join(codes[1:])})
        if codes:
            vals = {**vals, "code": codes[0]}
        result = super().write(vals)
        self._let_go_on()
        return result

    def _let_go_on(self):
        for company in self.company_id:
            self.env["amazon.b2b.document"]._release_held(company, ["warehouse_code"])

    @api.model
    def _code_of(self, paper):
        """The code by which a purchase order names its fulfilment centre.

        Amazon sends one (X12 N104); an order with a name only goes by its name, and
        one without either by :data:`NO_CODE`.
        """
        party = paper.ship_to
        if not party:
            return NO_CODE
        # a comma would separate two codes here
        name = " ".join(party.name.replace(",", " ").split())
        return (party.code.strip() or name or NO_CODE).upper()

    @api.model
    def _for_papers(self, company, papers):
        """{document: warehouse code} of purchase orders {document: paper}; empty where
        there is none. A connection's own row goes before the company's."""
        codes = {document: self._code_of(paper) for document, paper in papers.items()}
        rows = self._lookup(company, set(codes.values()))
        return {
            document: rows.get((document.connection_id.id, code))
            or rows.get((False, code), self.browse())
            for document, code in codes.items()
        }

    @api.model
    def _lookup(self, company, codes):
        """{(connection id or False, code): warehouse code} of those that exist."""
        found = self.search(
            [("company_id", "=", company.id), ("code", "in", list(codes))]
        )
        return {(record.connection_id.id, record.code): record for record in found}


def _codes(text):
    """``"PHX3, ont8"`` as ``["PHX3", "ONT8"]``, each once; a text without codes stays
    itself."""
    codes = [" ".join(code.upper().split()) for code in (text or "").split(",")]
    return list(dict.fromkeys(filter(None, codes))) or [text]
