from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import spapi
from ..models.identifiers import key_of

# qualifier of a seller's own number (X12 element 235)
SKU = "SK"


class MapLines(models.TransientModel):
    """Say what the lines of a held order mean.

    Each line gets a product and, where it is not ordered by the piece, how many are
    in one; or, on a purchase order, an answer to give Amazon instead. What is filled
    in is remembered and the order goes on; what stays empty holds it again.
    """

    _name = "amazon.b2b.map.lines"
    _description = "Map the lines of an Amazon order"

    document_id = fields.Many2one("amazon.b2b.document", required=True, readonly=True)
    company_id = fields.Many2one(related="document_id.company_id")
    kind = fields.Selection(related="document_id.kind")
    line_ids = fields.One2many("amazon.b2b.map.lines.line", "wizard_id")

    @api.model
    def _open(self, document):
        """The action that shows the lines that ``document`` waits for."""
        paper = document._paper()
        wizard = self.create(
            {
                "document_id": document.id,
                "line_ids": [
                    fields.Command.create(
                        self._line_values(paper.lines[row["position"] - 1], row)
                    )
                    for row in (document.missing or {}).get("lines", [])
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lines of %s", document.display_name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _line_values(self, line, row):
        return {
            "position": row["position"],
            "number": line.number,
            "pairs": row["identifiers"],
            "problem": row["problem"],
            "product_id": row["product_id"],
            **(
                self._seller_values(line)
                if isinstance(line, spapi.SellerOrderLine)
                else self._purchase_values(line)
            ),
        }

    @api.model
    def _purchase_values(self, line):
        return {
            "identifiers": "\n".join(
                f"{i.qualifier} {i.value}" for i in line.identifiers
            ),
            "description": line.description,
            "quantity": f"{line.quantity} {line.unit}",
            "price": str(line.price or ""),
        }

    @api.model
    def _seller_values(self, line):
        named = [("SKU", line.sku), ("ASIN", line.asin)]
        return {
            "identifiers": "\n".join(f"{name} {text}" for name, text in named if text),
            "description": line.title,
            "quantity": str(line.quantity),
        }

    def action_apply(self):
        self.ensure_one()
        document = self.document_id
        answers = dict(document.line_answers or {})
        for row in self.line_ids.filtered("answer_code_id"):
            answers[str(row.position)] = row.answer_code_id.code
        remembered = self.line_ids.filtered(
            lambda row: row.always if row.answer_code_id else row.product_id
        )
        for row, meaning in remembered._meanings().items():
            row._remember(*meaning)
        document.line_answers = answers
        # a mapping that was just made may have let it go on already
        if document.state == "held":
            document.action_process_again()
        return {"type": "ir.actions.act_window_close"}


class MapLinesLine(models.TransientModel):
    _name = "amazon.b2b.map.lines.line"
    _description = "Line of an Amazon order to map"
    _order = "position"

    wizard_id = fields.Many2one(
        "amazon.b2b.map.lines", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.document_id.company_id")
    position = fields.Integer(readonly=True)
    number = fields.Char("Line", readonly=True)
    pairs = fields.Json(help="Its identifiers, as [qualifier, value].")
    identifiers = fields.Text(readonly=True)
    description = fields.Char(readonly=True)
    quantity = fields.Char("Ordered", readonly=True)
    price = fields.Char(readonly=True)
    problem = fields.Char(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        domain="[('company_id', 'in', [company_id, False]), ('type', '!=', 'combo')]",
    )
    pack_size = fields.Integer(
        "Units in One", help="How many pieces a case (CA) or any unit but EA holds."
    )
    answer_code_id = fields.Many2one(
        "amazon.b2b.acknowledgement.code",
        "Answer Instead",
        domain=[("meaning", "=", "rejected")],
        help="The line is not ordered; the acknowledgement gives this code.",
    )
    always = fields.Boolean(
        help="Give this answer on later orders too, until the mapping changes.",
    )

    def _meanings(self):
        """{row: (identifiers to remember, units in one)}

        Rows that share an identifier and mean the same get one mapping: what a case
        holds need be said once. An identifier under which they order different things
        (a design, a range) names no product and is left out.

        :raise UserError: two rows differ in nothing by which they could be told apart
        """
        pairs = {row: row._pairs() for row in self}
        sharing = {}
        for row, identifiers in pairs.items():
            for pair in identifiers:
                sharing.setdefault(key_of(*pair), self.browse())
                sharing[key_of(*pair)] |= row
        sizes = {row: row.pack_size for row in self}
        for key, rows in sharing.items():
            if rows._mean_the_same():
                size = max(sizes[row] for row in rows)
                sizes.update((row, size) for row in rows)
                continue
            for row in rows:
                pairs[row] = [pair for pair in pairs[row] if key_of(*pair) != key]
                if not pairs[row]:
                    raise UserError(
                        self.env._(
                            "Lines %s have an identifier in common and need the same "
                            "product, units in one and answer.",
                            ", ".join(rows.mapped("number")),
                        )
                    )
        return {row: (pairs[row], sizes[row]) for row in self}

    def _mean_the_same(self):
        sizes = {row.pack_size for row in self if row.pack_size}
        return len(self.product_id) + len(self.answer_code_id) == 1 and len(sizes) <= 1

    def _pairs(self):
        """The identifiers that a mapping is remembered for.

        A seller's SKU says alone what is sold. Its ASIN may be that of other SKUs, and
        is remembered only where it is mapped already, to agree with the SKU.
        """
        mappings = self.env["amazon.b2b.product.mapping"]
        pairs = mappings._named([tuple(pair) for pair in self.pairs])
        document = self.wizard_id.document_id
        if document.kind != "seller_order" or SKU not in dict(pairs):
            return pairs
        rows = mappings._rows_of_keys(document.company_id, {key_of(*p) for p in pairs})
        places = (document.connection_id.id, False)
        return [
            pair
            for pair in pairs
            if pair[0] == SKU or any((place, key_of(*pair)) in rows for place in places)
        ]

    def _meaning(self, pack_size):
        """The values of the mapping that this row asks for."""
        if self.answer_code_id:
            return {"answer_code_id": self.answer_code_id.id, "product_id": False}
        return {
            "answer_code_id": False,
            "product_id": self.product_id.id,
            "pack_size": pack_size,
        }

    def _remember(self, pairs, pack_size):
        self.ensure_one()
        document = self.wizard_id.document_id
        if not self.env["amazon.b2b.product.mapping"]._remember(
            document.company_id,
            document.connection_id,
            pairs,
            self._meaning(pack_size),
        ):
            raise UserError(
                self.env._(
                    "Line %s has no identifier that names an item, so no product can "
                    "be remembered for it. Answer it instead.",
                    self.number,
                )
            )
