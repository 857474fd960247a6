from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .identifiers import key_of

# X12 element 235
QUALIFIERS = [
    ("BP", "BP Buyer's part number (ASIN)"),
    ("VN", "VN Vendor's item number"),
    ("UP", "UP UPC-12"),
    ("EN", "EN EAN-13"),
    ("UK", "UK GTIN-14"),
    ("UA", "UA UPC case code"),
    ("IB", "IB ISBN"),
    ("SK", "SK Seller's SKU"),
    ("VP", "VP Vendor's part number"),
    ("VC", "VC Vendor's catalogue number"),
    ("CB", "CB Buyer's catalogue number"),
    ("PI", "PI Purchaser's item code"),
    ("IN", "IN Buyer's item number"),
    ("MG", "MG Manufacturer's part number"),
]


class ProductMapping(models.Model):
    """Amazon's or the vendor's identifier, and the product and unit it means."""

    _name = "amazon.b2b.product.mapping"
    _description = "Amazon product mapping"
    _order = "value"
    _rec_name = "value"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    connection_id = fields.Many2one(
        "amazon.b2b.connection",
        ondelete="cascade",
        check_company=True,
        help="Empty: for all connections of the company.",
    )
    connection_kind = fields.Selection(related="connection_id.kind")
    qualifier = fields.Selection(QUALIFIERS, required=True)
    value = fields.Char("Identifier", required=True)
    product_id = fields.Many2one(
        "product.product",
        ondelete="cascade",
        check_company=True,
        domain=[("type", "!=", "combo")],
        help="Empty with an answer: such a line is refused.",
    )
    answer_code_id = fields.Many2one(
        "amazon.b2b.acknowledgement.code",
        "Answer Instead",
        domain=[("meaning", "=", "rejected")],
        help="Lines with this identifier are not ordered; the acknowledgement gives "
        "this code.",
    )
    pack_size = fields.Integer(
        "Units in a Case (CA)",
        default=0,
        help="How many pieces one case (CA), or any other unit than each (EA), holds. "
        "0: only eaches are ordered.",
    )

    _value_uniq = models.UniqueIndex(
        "(company_id, qualifier, value, COALESCE(connection_id, 0)) WHERE active",
        "This identifier is mapped already.",
    )

    @api.constrains("product_id", "answer_code_id")
    def _check_target(self):
        for record in self:
            if not record.product_id and not record.answer_code_id:
                raise ValidationError(
                    self.env._(
                        "%s needs a product or an answer to give instead.", record.value
                    )
                )

    @api.constrains("product_id")
    def _check_no_combo(self):
        for record in self:
            if record.product_id.type == "combo":
                raise ValidationError(
                    self.env._(
                        "%(product)s is a combo: a person chooses its parts, so Amazon "
                        "cannot order it. Map %(value)s to a product or a kit.",
                        product=record.product_id.display_name,
                        value=record.value,
                    )
                )

    @api.constrains("pack_size")
    def _check_pack_size(self):
        if self.filtered(lambda record: record.pack_size < 0):
            raise ValidationError(self.env._("A case cannot hold less than nothing."))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._let_go_on()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._let_go_on()
        return result

    @api.model
    def _remember(self, company, connection, identifiers, values):
        """Write down what identifiers mean, in the rows that exist and in new ones.

        :param identifiers: list of (qualifier, value) of one order line
        :param values: ``product_id`` and ``pack_size``, or ``answer_code_id``
        :return: whether there was anything to write down; a qualifier that names no
            item (a size, a colour) is not
        """
        named = self._named(identifiers)
        rows = self._rows_of_keys(company, {key_of(*pair) for pair in named})
        known = self.browse()
        new = []
        for qualifier, value in named:
            key = key_of(qualifier, value)
            found = rows.get((connection.id, key)) or rows.get((False, key))
            if found:
                known |= found
            else:
                new.append({"company_id": company.id, "qualifier": qualifier})
                new[-1] |= {"value": value, **values}
        if known:
            known.write(values)
        if new:
            self.create(new)
        return bool(named)

    @api.model
    def _named(self, identifiers):
        """Those (qualifier, value) of ``identifiers`` that name an item, each once."""
        known = dict(QUALIFIERS)
        return list(dict.fromkeys(p for p in identifiers if p[0] in known and p[1]))

    def _let_go_on(self):
        for company in self.company_id:
            self.env["amazon.b2b.document"]._release_held(company, ["product", "unit"])
