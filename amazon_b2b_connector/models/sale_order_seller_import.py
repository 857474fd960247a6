from odoo import api, models

from .res_partner_seller import stated_vat
from .sale_order_import import CONTEXT
from .seller_words import NO_REASON, said

# statuses of the Orders API 2026-01-01 at which there is nothing to deliver yet
PENDING = ("PENDING", "PENDING_AVAILABILITY")
CANCELLED = ("CANCELLED", "UNFULFILLABLE")
TO_SHIP = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
FULFILLERS = ("MERCHANT", "AMAZON")


class SaleOrder(models.Model):
    """Sellers' orders become confirmed sale orders, a whole batch at a time."""

    _inherit = "sale.order"

    @api.model
    def _amazon_b2b_import_seller(self, documents):
        """Make one sale order of each order that can become one; change those that
        were made before.

        :param documents: ``amazon.b2b.document`` in state new, placed; each ends
            done, waiting, held with all that is missing, or ignored
        """
        for company, batch in documents.sudo().grouped("company_id").items():
            orders = self.sudo().with_company(company).with_context(**CONTEXT)
            makers = batch._settle_versions()
            papers = {document: document._standing_paper() for document in makers}
            for document, maker in makers.items():
                if maker:
                    maker.sale_order_id._amazon_b2b_apply_change(
                        document, papers.pop(document)
                    )
            orders._amazon_b2b_import_seller_batch(papers)

    @api.model
    def _amazon_b2b_import_seller_batch(self, papers):
        lines = self.env["sale.order.line"]
        papers = self._amazon_b2b_not_yet(papers)
        papers = self._amazon_b2b_link(papers)
        plans = lines._amazon_b2b_seller_plan(papers)
        ready = [d for d, plan in plans.items() if not d._hold_plan(plan)]
        if not ready:
            return
        documents = self.env["amazon.b2b.document"].union(*ready)
        documents._claim_business_key()
        papers = {document: papers[document] for document in ready}
        customers = self.env["res.partner"]._amazon_b2b_customers(papers)
        plans = {document: plans[document] for document in ready}
        lines._amazon_b2b_describe_seller(plans, customers)
        options = self.env["amazon.b2b.shipping.option"]._of_papers(papers)
        pricelists = {
            line: self._amazon_b2b_pricelist(line.company_id, line.currency_id)
            for line in documents.marketplace_id
        }
        orders = self.create(
            [
                {
                    **self._amazon_b2b_seller_values(d, papers[d], plans[d]),
                    "pricelist_id": pricelists[d.marketplace_id].id,
                    **customers[d]._values(),
                    **options[d]._order_values(),
                }
                for d in ready
            ]
        )
        orders = orders._amazon_b2b_with_amazons_total(plans)
        for order in orders:
            order.amazon_b2b_seller_document_id._done(sale_order_id=order.id)
        orders._amazon_b2b_confirm_seller()

    @api.model
    def _amazon_b2b_not_yet(self, papers):
        """Those that can become an order now; what Amazon holds back waits, what was
        cancelled before it came here is set aside."""
        ready = {}
        for document, paper in papers.items():
            if paper.status in PENDING:
                document._wait(
                    "pending",
                    self.env._("The order is pending at Amazon, until it is paid."),
                )
            elif paper.status in CANCELLED:
                document._ignore(
                    self.env._("The order was cancelled before it was imported.")
                )
            elif self._amazon_b2b_is_clear(document, paper):
                ready[document] = paper
            else:
                document._hold(
                    "content",
                    self.env._(
                        "Amazon does not say clearly who ships the order (“%(by)s”) or "
                        "how far it is (“%(status)s”), so it could be shipped twice. "
                        "Compare with Seller Central, then ask Amazon again.",
                        by=paper.fulfilled_by,
                        status=paper.status,
                    ),
                )
        return ready

    @api.model
    def _amazon_b2b_is_clear(self, document, paper):
        """Whether it is known who ships an order, and whether that is done; reports
        of what a seller ships tell no status."""
        known = paper.status in TO_SHIP or (not paper.status and document._is_report())
        return known and paper.fulfilled_by in FULFILLERS

    @api.model
    def _amazon_b2b_link(self, papers):
        """Those that no sale order stands for yet; the others are linked to it."""
        numbers = [paper.number for paper in papers.values()]
        known = {}
        for field in self._amazon_b2b_number_fields():
            for order in self.search(
                [("company_id", "=", self.env.company.id), (field, "in", numbers)]
            ):
                known.setdefault(order[field], order)
        for document in [d for d, paper in papers.items() if paper.number in known]:
            order = known[papers.pop(document).number]
            order.amazon_b2b_seller_number = document.number
            document._move(
                "done",
                sale_order_id=order.id,
                is_record_maker=True,
                reason=self.env._(
                    "%s stood here before: it was linked, and not imported again.",
                    order.name,
                ),
            )
        return papers

    @api.model
    def _amazon_b2b_number_fields(self):
        """Where an order of Amazon's may have been written down before."""
        names = (
            "amazon_b2b_seller_number",
            "client_order_ref",
            "origin",
            "name",
            "amazon_order_ref",
        )
        return [name for name in names if name in self._fields]

    @api.model
    def _amazon_b2b_seller_values(self, document, paper, plan):
        marketplace = document.marketplace_id
        values = {
            "company_id": marketplace.company_id.id,
            "fiscal_position_id": plan.fiscal_position.id,
            "user_id": document._responsible().id,
            "date_order": paper.created.replace(tzinfo=None),
            "client_order_ref": paper.number,
            "origin": paper.number,
            "require_signature": False,
            "require_payment": False,
            "validity_date": False,
            "amazon_b2b_marketplace_id": marketplace.id,
            "amazon_b2b_seller_document_id": document.id,
            "amazon_b2b_seller_number": paper.number,
            "amazon_b2b_is_test": document.is_test,
            "amazon_b2b_fulfilled_by": paper.fulfilled_by,
            "amazon_b2b_seller_status": paper.status,
            "amazon_b2b_is_prime": "PRIME" in paper.programs,
            "amazon_b2b_is_business": "AMAZON_BUSINESS" in paper.programs,
            "amazon_b2b_replaces": paper.replaces,
            "amazon_b2b_buyer_reference": paper.buyer and paper.buyer.purchase_order,
            **self._amazon_b2b_told_values(paper),
            "commitment_date": naive(paper.ship_not_after or paper.deliver_not_after),
            "order_line": self._amazon_b2b_shipped_commands(
                document, paper, plan, left(paper)
            ),
            **plan.order_values,
        }
        if marketplace.warehouse_id:
            values["warehouse_id"] = marketplace.warehouse_id.id
        if marketplace.team_id:
            values["team_id"] = marketplace.team_id.id
        if marketplace.payment_term_id:
            values["payment_term_id"] = marketplace.payment_term_id.id
        return values

    @api.model
    def _amazon_b2b_told_values(self, paper):
        """What is only shown, and may be told otherwise as long as the order lives.

        What the buyer wrote may be missing later, and stays then.
        """
        written = {
            "amazon_b2b_gift_message": "\n".join(
                line.gift_message for line in paper.lines if line.gift_message
            ),
            "amazon_b2b_instructions": paper.address and paper.address.instructions,
            "amazon_b2b_stated_vat": stated_vat(paper),
        }
        return {
            **{name: text for name, text in written.items() if text},
            "amazon_b2b_cancel_request": cancel_request(self.env, paper),
            "amazon_b2b_ship_before": naive(paper.ship_not_after),
        }


def cancel_request(env, paper):
    """Why the buyer asks to cancel, line by line; empty where he does not."""
    return "\n".join(
        f"{line.sku}: {said(env, line.cancel_requested, NO_REASON)}"
        for line in paper.lines
        if line.cancel_requested
    )


def naive(moment):
    return moment and moment.replace(tzinfo=None)


def left(paper):
    """{orderItemId: quantity that Amazon says has left}."""
    whole = paper.status == "SHIPPED"
    return {
        line.number: float(line.shipped if line.shipped or not whole else line.quantity)
        for line in paper.lines
        if line.shipped or whole
    }
