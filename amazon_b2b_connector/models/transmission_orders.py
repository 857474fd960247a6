from odoo import models

from .. import edi, spapi


class Transmission(models.Model):
    """Pages of the Orders API: every order in them is a document."""

    _inherit = "amazon.b2b.transmission"

    def _decode_orders(self):
        """The documents of the orders that are new or have changed."""
        page = spapi.read_page(self._bytes("payload"))
        documents = self._keep_orders(page.orders)
        if page.issues:
            self._keep_unreadable("\n".join(page.issues))
        return documents

    def _keep_orders(self, orders):
        """One document for each of ``orders`` that did not come before as it is.

        :param orders: :class:`spapi.ReadOrder`, in Amazon's sequence
        """
        documents = self.env["amazon.b2b.document"]
        numbers = {order.number for order in orders}
        known = documents._known_contents(self.connection_id, numbers)
        rows = []
        for order in orders:
            content = (order.number, order.hash)
            if content in known:
                self.unchanged_count += 1
                continue
            known.add(content)
            rows.append(self._order_values(order))
        return documents.create(rows)

    def _order_values(self, order):
        connection, paper = self.connection_id, order.order
        values = {
            "direction": "in",
            "kind": "seller_order",
            "code": self.env._("Order"),
            "state": "new",
            "number": order.number,
            "order_number": order.number,
            "partner_identifier": "AMAZON",
            "vendor_code": connection.seller_id,
            "content_hash": order.hash,
            "issues": [_issue(text) for text in order.issues] or False,
            "is_test": connection.is_sandbox,
            "company_id": connection.company_id.id,
            "connection_id": connection.id,
            "user_id": connection.user_id.id,
            "transmission_id": self.id,
        }
        if paper:
            values |= {
                "data": edi.to_json(paper),
                "amazon_updated": paper.updated and paper.updated.replace(tzinfo=None),
            }
            return values if not order.issues else {**values, **self._doubts(order)}
        return {
            **values,
            "state": "failed",
            "reason_code": "content",
            "reason": "\n".join(order.issues),
        }

    def _doubts(self, order):
        """What is readable but not as Amazon's model has it is compared by a person."""
        return {
            "state": "held",
            "reason_code": "content",
            "reason": self.env._(
                "Something in it is not as it should be. Compare it with Seller "
                "Central; “Process again” takes it as it was read.\n%s",
                "\n".join(order.issues),
            ),
        }


def _issue(text):
    return {"severity": "warning", "segment_number": 0, "segment_id": "", "text": text}
