from odoo import fields, models


class GoLive(models.TransientModel):
    """A Manager says that this database is the one that talks to Amazon.

    Asks from which control numbers to go on: a copy does not know what the other
    database has sent meanwhile.
    """

    _name = "amazon.b2b.go.live"
    _description = "Let this database exchange with Amazon"

    obstacle = fields.Text(
        readonly=True,
        default=lambda self: self.env["amazon.b2b.origin"]._obstacle(),
    )
    numbering_ids = fields.Many2many(
        "amazon.b2b.numbering",
        string="Control Numbers",
        default=lambda self: self.env["amazon.b2b.numbering"].search([]),
    )

    def action_confirm(self):
        self.env["amazon.b2b.origin"]._confirm()
