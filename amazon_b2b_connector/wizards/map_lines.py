from odoo import api, fields, models
from odoo.exceptions import UserError


class MapLines(models.TransientModel):
    """Say what the lines of a held purchase order mean.

    Each line gets a product and, where it is not ordered by the piece, how many are
    in one; or an answer to give Amazon instead. What is filled in is remembered and
    the order goes on; what stays empty holds it again.
    """

    _name = "amazon.b2b.map.lines"
    _description = "Map the lines of an Amazon purchase order"

    document_id = fields.Many2one("amazon.b2b.document", required=True, readonly=True)
    company_id = fields.Many2one(related="document_id.company_id")
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
            "identifiers": "\n".join(
                f"{i.qualifier} {i.value}" for i in line.identifiers
            ),
            "description": line.description,
            "quantity": f"{line.quantity} {line.unit}",
            "price": str(line.price or ""),
            "problem": row["problem"],
            "product_id": row["product_id"],
        }

    def action_apply(self):
        self.ensure_one()
        document = self.document_id
        paper = document._paper()
        answers = dict(document.line_answers or {})
        for row in self.line_ids:
            line = paper.lines[row.position - 1]
            if row.answer_code_id:
                answers[str(row.position)] = row.answer_code_id.code
            if row.answer_code_id and row.always:
                row._remember(line, {"answer_code_id": row.answer_code_id.id})
            elif row.product_id and not row.answer_code_id:
                row._remember(
                    line, {"product_id": row.product_id.id, "pack_size": row.pack_size}
                )
        document.line_answers = answers
        # a mapping that was just made may have let it go on already
        if document.state == "held":
            document.action_process_again()
        return {"type": "ir.actions.act_window_close"}


class MapLinesLine(models.TransientModel):
    _name = "amazon.b2b.map.lines.line"
    _description = "Line of an Amazon purchase order to map"
    _order = "position"

    wizard_id = fields.Many2one(
        "amazon.b2b.map.lines", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.document_id.company_id")
    position = fields.Integer(readonly=True)
    number = fields.Char("Line", readonly=True)
    identifiers = fields.Text(readonly=True)
    description = fields.Char(readonly=True)
    quantity = fields.Char("Ordered", readonly=True)
    price = fields.Char(readonly=True)
    problem = fields.Char(readonly=True)
    product_id = fields.Many2one(
        "product.product",
        domain="[('company_id', 'in', [company_id, False])]",
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

    def _remember(self, line, values):
        self.ensure_one()
        document = self.wizard_id.document_id
        pairs = [(i.qualifier, i.value) for i in line.identifiers]
        values = {"product_id": False, "answer_code_id": False, **values}
        if not self.env["amazon.b2b.product.mapping"]._remember(
            document.company_id, document.connection_id, pairs, values
        ):
            raise UserError(
                self.env._(
                    "Line %s has no identifier that names an item, so no product can "
                    "be remembered for it. Answer it instead.",
                    self.number,
                )
            )
