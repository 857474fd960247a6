from datetime import datetime, time

from markupsafe import Markup
from odoo import api, fields, models

# the salesperson is told by what waits on the connection, not once an order
CONTEXT = {"mail_auto_subscribe_no_notify": True}


class SaleOrder(models.Model):
    """Amazon's purchase orders become draft sale orders, a whole batch at a time.

    Everything that is asked of the database is asked once for a batch; everything
    that the purchase order or its vendor code answers is given to ``create``, so
    that Odoo need not compute it per order or per line.
    """

    _inherit = "sale.order"

    @api.model
    def _amazon_b2b_import(self, documents):
        """Make one sale order of each purchase order that can become one.

        :param documents: ``amazon.b2b.document`` in state new, placed; each ends
            done, held with all that is missing, or ignored as a duplicate
        """
        for company, batch in documents.sudo().grouped("company_id").items():
            orders = self.sudo().with_company(company).with_context(**CONTEXT)
            while batch:
                # a number twice in one batch: the first makes the order, then the
                # other is compared with it
                firsts = batch.grouped(lambda d: d._business_key()).values()
                firsts = batch.browse(same[0].id for same in firsts)
                orders._amazon_b2b_import_batch(firsts)
                batch -= firsts

    @api.model
    def _amazon_b2b_import_batch(self, documents):
        lines = self.env["sale.order.line"]
        papers = {document: document._paper() for document in documents}
        documents = documents._set_repeats_aside(papers)
        papers = {document: papers[document] for document in documents}
        heads = self._amazon_b2b_heads(papers)
        plans = lines._amazon_b2b_plan(papers, heads)
        ready = documents.filtered(
            lambda d: not d._hold_what_is_missing(papers[d], heads[d], plans[d])
        )
        if not ready:
            return
        ready._claim_business_key()
        rows = [self._amazon_b2b_values(d, papers[d], heads[d]) for d in ready]
        lines._amazon_b2b_add_lines(rows, [plans[d] for d in ready])
        orders = self.create(rows)
        for document, order in zip(ready, orders, strict=True):
            document._done(sale_order_id=order.id)
        orders._amazon_b2b_remark({o: papers[o.amazon_b2b_document_id] for o in orders})

    @api.model
    def _amazon_b2b_heads(self, papers):
        """{document: what its order has in common with others}, empty where the
        fulfilment centre is unknown."""
        places = self.env["amazon.b2b.warehouse.code"]._for_papers(
            self.env.company, papers
        )
        made = {}
        heads = {}
        for document, place in places.items():
            key = (document.vendor_code_id, place)
            if key not in made:
                made[key] = self._amazon_b2b_head(*key) if place else {}
            heads[document] = made[key]
        return heads

    @api.model
    def _amazon_b2b_head(self, vendor_code, place):
        """What all orders of a vendor code to one fulfilment centre have in common."""
        address = place.partner_id
        customer = address.commercial_partner_id
        position = vendor_code.fiscal_position_id or self.env[
            "account.fiscal.position"
        ]._get_fiscal_position(customer, address)
        pricelist = vendor_code.pricelist_id or self._amazon_b2b_pricelist(
            vendor_code.company_id, vendor_code.currency_id
        )
        head = {
            "company_id": vendor_code.company_id.id,
            "partner_id": customer.id,
            "partner_shipping_id": address.id,
            "partner_invoice_id": place.invoice_partner_id.id
            or customer.address_get(["invoice"])["invoice"],
            "fiscal_position_id": position.id,
            "pricelist_id": pricelist.id,
            "warehouse_id": vendor_code.warehouse_id.id,
            "user_id": vendor_code._responsible().id,
            "amazon_b2b_connection_id": vendor_code.connection_id.id,
            "amazon_b2b_vendor_code_id": vendor_code.id,
            # Amazon neither signs nor pays online, and its orders do not expire
            "require_signature": False,
            "require_payment": False,
            "validity_date": False,
        }
        if vendor_code.team_id:
            head["team_id"] = vendor_code.team_id.id
        if vendor_code.payment_term_id:
            head["payment_term_id"] = vendor_code.payment_term_id.id
        return head

    @api.model
    def _amazon_b2b_pricelist(self, company, currency):
        """The pricelist of orders in ``currency`` where none is chosen: none in the
        company's own, else one without rules, made on first use."""
        pricelists = self.env["product.pricelist"]
        if currency == company.currency_id:
            return pricelists
        values = {
            "name": f"Amazon {currency.name}",
            "currency_id": currency.id,
            "company_id": company.id,
        }
        known = pricelists.search(
            [(name, "=", value) for name, value in values.items()], limit=1
        )
        if known:
            return known
        company._amazon_b2b_make_alone()
        return pricelists.create(values)

    @api.model
    def _amazon_b2b_values(self, document, paper, head):
        return {
            **head,
            "client_order_ref": paper.number,
            "origin": paper.number,
            "date_order": fields.Datetime.now(),
            "commitment_date": self._amazon_b2b_commitment(paper),
            "amazon_b2b_document_id": document.id,
            "amazon_b2b_number": paper.number,
            "amazon_b2b_is_test": document.is_test,
            "amazon_b2b_deliver_not_before": paper.deliver_not_before,
            "amazon_b2b_deliver_not_after": paper.deliver_not_after,
            "amazon_b2b_backorder_allowed": bool(paper.back_order_allowed),
            "amazon_b2b_freight_payer": paper.freight_payer,
            "amazon_b2b_deadline": document.deadline,
        }

    @api.model
    def _amazon_b2b_commitment(self, paper):
        """The delivery date: the window's first day that is still to come.

        Odoo schedules the picking by it, so the last day would plan every truck too
        late. Noon UTC is the same date from California to Poland.
        """
        days = [d for d in (paper.deliver_not_before, paper.deliver_not_after) if d]
        if not days:
            return False
        day = min(max(days[0], fields.Date.today()), days[-1])
        return datetime.combine(day, time(12))

    # what the purchase order says besides

    def _amazon_b2b_remark(self, papers):
        """Write what a person should read into the chatter; warn of what is wrong.

        :param papers: {order: :class:`edi.PurchaseOrder`}
        """
        bodies = {}
        for order, paper in papers.items():
            remarks = self._amazon_b2b_remarks(paper)
            if order.amazon_b2b_is_test:
                remarks.insert(0, self.env._("A test order: never confirm or ship it."))
            if remarks:
                bodies[order.id] = Markup("<br/>").join(remarks)
            if paper.tax:
                order._amazon_b2b_warn_of_tax(paper.tax)
        if bodies:
            self.browse(bodies)._message_log_batch(bodies=bodies)

    @api.model
    def _amazon_b2b_remarks(self, paper):
        rows = (
            (self.env._("Promotion"), paper.promotion),
            (self.env._("Packaging"), ", ".join(paper.packaging)),
            (self.env._("Note"), "\n".join(paper.notes)),
        )
        return [f"{label}: {text}" for label, text in rows if text]

    def _amazon_b2b_warn_of_tax(self, tax):
        """Amazon taxes the order: the taxes here come from the fiscal position, and
        somebody has to see whether both say the same."""
        text = self.env._(
            "Amazon's order carries tax of %(tax)s. The taxes here come from the "
            "fiscal position: compare them before acknowledging.",
            tax=tax,
        )
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Amazon's order carries tax"),
            note=text,
            user_id=self.user_id.id or self.env.uid,
        )
        self.amazon_b2b_document_id._add_issue("TXI", text)

    def _amazon_b2b_answered_lines(self):
        """{position of the purchase order's line: acknowledgement code} of the lines
        that are not ordered but answered."""
        self.ensure_one()
        return {
            line.amazon_b2b_position: line.amazon_b2b_answer_code_id
            for line in self.order_line
            if line.amazon_b2b_answer_code_id
        }
