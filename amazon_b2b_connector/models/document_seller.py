from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models

from .. import spapi

# states in which a document of an order has not become anything yet
UNFINISHED = ("new", "waiting", "held", "failed")


class Document(models.Model):
    """A seller's order: each version that Amazon shows is a document of its own.

    The first one that becomes a sale order makes the record; a later version is a
    change to it. What came before with the same content makes no row at all.
    """

    _inherit = "amazon.b2b.document"

    marketplace_id = fields.Many2one("amazon.b2b.marketplace", index="btree_not_null")
    amazon_updated = fields.Datetime(
        "Updated at Amazon", help="The order's lastUpdatedTime: which version this is."
    )
    content_hash = fields.Char(
        "SHA-256 of the Content", help="Of this order alone, as Amazon sent it."
    )
    import_status = fields.Selection(
        [("not_imported", "Not imported"), ("complete", "Order complete")],
        compute="_compute_import_status",
    )

    _content_idx = models.Index(
        "(vendor_code, order_number, content_hash) WHERE kind = 'seller_order'"
    )

    @api.depends("state", "kind", "origin_id.state")
    def _compute_import_status(self):
        """What another document completed is complete."""
        for document in self:
            settled = document.state == "ignored" and document.origin_id.state
            done = "done" in (document.state, settled)
            document.import_status = document.kind == "seller_order" and (
                "complete" if done else "not_imported"
            )

    # decoding

    @api.model
    def _known_contents(self, connection, numbers):
        """{(order number, content hash)} of what came before of these orders."""
        rows = self.search_fetch(
            [
                ("kind", "=", "seller_order"),
                ("vendor_code", "=", connection.seller_id),
                ("is_test", "=", connection.is_sandbox),
                ("order_number", "in", list(numbers)),
            ],
            ["order_number", "content_hash"],
        )
        return {(row.order_number, row.content_hash) for row in rows}

    # placing

    def _place_seller_orders(self):
        """Find the marketplace line of each; what is switched off there is ignored.

        Returns what may go on.
        """
        placed = self.browse()
        for document in self._combined():
            paper = document._paper()
            if paper.channel == spapi.NON_AMAZON:
                document._ignore(
                    self.env._("It was sold in another shop; Amazon only ships it.")
                )
                continue
            marketplace = document.connection_id._marketplace_of(paper)
            if not marketplace:
                document._hold_unknown_marketplace(paper)
                continue
            document.marketplace_id = marketplace
            document.company_id = marketplace.company_id
            document.user_id = marketplace.user_id or document.connection_id.user_id
            obstacle = document._switched_off(paper)
            if obstacle:
                document._ignore(obstacle, reason_code="switch")
                continue
            placed |= document
        return placed._news_to_api()

    def _hold_unknown_marketplace(self, paper):
        self._hold(
            "marketplace",
            self.env._(
                "Marketplace %(marketplace)s is not on connection %(connection)s. Read "
                "the marketplaces from Amazon again; one that it does not name there "
                "does not belong to this seller account.",
                marketplace=paper.marketplace or paper.channel or "?",
                connection=self.connection_id.name,
            ),
            user_id=self.connection_id.user_id.id,
        )

    def _changes_an_order(self):
        """Whether a sale order was made of it before: that goes on being kept up to
        date when a switch is turned off later."""
        return bool(self._family().filtered("is_record_maker"))

    def _switched_off(self, paper):
        """Which switch keeps the order out, in words; empty where none does.

        Days are counted from when the order came here first.
        """
        obstacle = self.marketplace_id._switched_off(paper, self.create_date)
        if not obstacle:
            return ""
        if self._changes_an_order():
            return ""
        seen = min(self._family().mapped("create_date"))
        return self.marketplace_id._switched_off(paper, seen)

    def _standing_paper(self):
        """The order without the lines that were cancelled before any of them left.

        Amazon goes on showing them with the quantity that was ordered.
        """
        paper = self._paper()
        lines = tuple(
            line for line in paper.lines if line.shipped or not line.cancelled_by
        )
        if len(lines) == len(paper.lines):
            return paper
        status = paper.status if lines else "CANCELLED"
        return replace(paper, lines=lines or paper.lines, status=status)

    # versions of one order

    def _family(self):
        """Every document about the same orders, these among them."""
        return self.search(
            [
                ("kind", "=", "seller_order"),
                ("vendor_code", "in", list(set(self.mapped("vendor_code")))),
                ("order_number", "in", list(set(self.mapped("order_number")))),
            ]
        )

    def _maker(self):
        """The document that made the order that this one is about."""
        return self._family().filtered("is_record_maker")[:1]

    def _version(self):
        """By what two versions of one order are compared: the later one counts.

        What the Orders API says counts more than what a report says; least of all
        counts that the order was pending.
        """
        if self.reason_code == "pending":
            rank = 0
        else:
            rank = 1 if self._is_report() else 2
        # in a report stands all that reports told so far, whatever is new in it
        told = not self._is_report() and self.amazon_updated
        return (rank, told or self.create_date, self.id)

    def _settle_versions(self):
        """Leave the newest version of each order; older ones are set aside.

        :return: ``{document: the document that made the order, or none}``
        """
        families = defaultdict(self.browse)
        for document in self._family():
            families[document._business_key()] |= document
        newest = {}
        for family in families.values():
            mine = family & self
            if not mine:
                continue
            maker = family.filtered("is_record_maker")
            last = max(family, key=lambda d: d._version())
            unfinished = family.filtered(
                lambda d: d.state in UNFINISHED or d.reason_code == "switch"
            )
            for older in (unfinished | mine) - last:
                older._ignore(
                    self.env._("A later version of the order is here."),
                    origin_id=last.id,
                )
            if last in mine:
                newest[last] = maker
        return {document: newest[document] for document in self if document in newest}
