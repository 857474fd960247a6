import dataclasses

from odoo import fields, models

from .. import spapi
from .document_erase import RAW, must_deliver


class Transmission(models.Model):
    """A buyer's data in pages and reports: each order is kept in one place, and is cut
    out of that when its time is over.

    So the bytes of the others stay as they came, and the SHA-256 stays that of what
    came. A page that can no longer be read goes as a whole.
    """

    _inherit = "amazon.b2b.transmission"

    erased_at = fields.Datetime(
        "Personal Data Erased",
        readonly=True,
        copy=False,
        help="Since then some or all orders are no longer in its content.",
    )

    def _cut_out(self, numbers, now):
        """Take orders out of the bytes that are kept.

        :param numbers: order numbers; ``""`` for orders without one
        """
        data = self._bytes("payload")
        if not data or self.content not in RAW:
            return
        if self.state == "failed" and "" in numbers:
            left = b""
        elif self.content == "orders":
            left = spapi.cut_page(data, numbers)
        else:
            left = spapi.cut_report(data, numbers, self._charset())
        if left != data:
            self.write(
                {
                    "payload": left and self._stored(left),
                    "wire": False,
                    "headers": False,
                    "erased_at": now,
                }
            )

    def _charset(self):
        """The character set that its Content-Type names."""
        _type, _semicolon, options = (self.content_type or "").partition(";")
        _name, _equals, charset = options.partition("charset=")
        return charset.partition(";")[0].strip(" \"'")

    def _keep_orders(self, orders):
        """What came before as it is stays where it came first; what was erased comes in
        without personal data, unless it has to be delivered yet."""
        orders = [order for order in orders if not spapi.is_cut(order)]
        documents = self.env["amazon.b2b.document"]
        numbers = {order.number for order in orders}
        made, erased = documents._erased_numbers(self.connection_id, numbers)
        clean = {
            order.number
            for order in orders
            if order.number in made or (order.number in erased and _is_over(order))
        }
        now = fields.Datetime.now()
        kept = super()._keep_orders(
            [_without(order) if order.number in clean else order for order in orders]
        )
        again = kept.filtered(lambda d: d.number in clean)
        again.write({"erased_at": now, "erase_check": False})
        elsewhere = numbers - set(self.document_ids.mapped("number"))
        if elsewhere | clean:
            self._cut_out(elsewhere | clean, now)
        return kept


def _without(order):
    """An order that was read, without personal data; its hash is that of what came."""
    return dataclasses.replace(
        order,
        order=order.order and spapi.without_personal_data(order.order),
        # they quote what could not be understood
        issues=("Its personal data was erased before.",) if order.issues else (),
    )


def _is_over(order):
    return not order.order or not must_deliver(order.order)
