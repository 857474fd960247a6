from odoo import api, fields, models


class Scan(models.Model):
    """One barcode that a scanner read, once, whatever the network does.

    A scan that was refused is kept too, so that the same one asked again gets the
    same answer.
    """

    _name = "amazon.b2b.scan"
    _description = "Amazon scan"
    _order = "id desc"
    _rec_name = "barcode"

    acknowledgement_id = fields.Many2one(
        "amazon.b2b.acknowledgement", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="acknowledgement_id.company_id", store=True)
    uuid = fields.Char(required=True, help="Made by the device, one for each scan.")
    barcode = fields.Char(required=True)
    line_id = fields.Many2one(
        "amazon.b2b.acknowledgement.line", ondelete="cascade", index="btree_not_null"
    )
    ok = fields.Boolean()
    message = fields.Char()
    base_qty = fields.Float("Pieces", digits=False, help="In the product's own unit.")
    undone = fields.Boolean()
    counted_qty = fields.Float(compute="_compute_counted_qty", store=True, digits=False)

    _uuid_uniq = models.UniqueIndex(
        "(acknowledgement_id, uuid)", "This scan was counted already."
    )

    @api.depends("ok", "undone", "base_qty")
    def _compute_counted_qty(self):
        for scan in self:
            scan.counted_qty = scan.base_qty if scan.ok and not scan.undone else 0

    def _result(self):
        """What the device is told."""
        self.ensure_one()
        return {
            "ok": self.ok,
            "line": self.line_id.id,
            "quantity": self.line_id.scanned_qty,
            "message": self.message,
        }
