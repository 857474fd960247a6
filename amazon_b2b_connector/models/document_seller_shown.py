from markupsafe import Markup, escape
from odoo import api, fields, models

from .seller_words import FULFILLED_BY, NO_REASON, said

ROW = Markup('<tr><td class="text-muted pe-4">%s</td><td>%s</td></tr>')
HEAD = Markup('<th class="%s">%s</th>')
CELL = Markup('<td class="%s">%s</td>')
LEFT, RIGHT = "", "text-end"
BREAK = Markup("<br/>")


class Document(models.Model):
    """A seller's order as a person reads it: head, address, and its lines with every
    amount as Amazon states it."""

    _inherit = "amazon.b2b.document"

    paper_html = fields.Html(
        "Order", compute="_compute_paper_html", sanitize=False, readonly=True
    )

    @api.depends("data", "kind")
    def _compute_paper_html(self):
        for document in self:
            shown = document.kind == "seller_order" and document.data
            document.paper_html = shown and document._order_html(document._paper())

    def _order_html(self, paper):
        return Markup(
            '<div class="row"><div class="col-lg-6">%s</div>'
            '<div class="col-lg-6">%s</div></div>%s%s'
        ) % (
            self._facts_html(self._head_facts(paper)),
            self._facts_html(self._people_facts(paper)),
            self._lines_html(paper),
            self._parcels_html(paper),
        )

    def _facts_html(self, facts):
        rows = Markup().join(ROW % fact for fact in facts if fact[1])
        return Markup('<table class="table table-sm table-borderless">%s</table>') % (
            rows
        )

    def _head_facts(self, paper):
        return [
            (self.env._("Ordered"), self._moment(paper.created)),
            (self.env._("Updated"), self._moment(paper.updated)),
            (self.env._("Status"), self._status_name(paper.status)),
            (
                self.env._("Fulfilment"),
                said(self.env, paper.fulfilled_by, FULFILLED_BY),
            ),
            (self.env._("Programs"), ", ".join(map(self._said, paper.programs))),
            (
                self.env._("Shipping"),
                self._level_name(paper.service_level) or paper.service_text,
            ),
            (self.env._("Ship before"), self._moment(paper.ship_not_after)),
            (self.env._("Deliver before"), self._moment(paper.deliver_not_after)),
            (self.env._("Replaces"), paper.replaces),
            (self.env._("Total"), _amount(paper.total, paper.currency)),
        ]

    def _people_facts(self, paper):
        buyer, address = paper.buyer, paper.address
        facts = []
        if buyer:
            numbers = [f"{self._said(r.kind)} {r.number}" for r in buyer.registrations]
            facts += [
                (
                    self.env._("Buyer"),
                    _joined([buyer.name, buyer.company, buyer.email]),
                ),
                (self.env._("Buyer's purchase order"), buyer.purchase_order),
                (self.env._("Tax numbers"), ", ".join(numbers)),
            ]
        if address:
            city = " ".join(filter(None, [address.postal_code, address.city]))
            whole = [address.name, address.company, *address.lines, address.district]
            country = self._country_name(address.country)
            whole += [city, address.state, country, address.phone]
            facts += [
                (self.env._("Deliver to"), _joined(whole)),
                (self.env._("Instructions"), address.instructions),
            ]
        return facts

    def _lines_html(self, paper):
        columns = [
            (LEFT, self.env._("SKU")),
            (LEFT, self.env._("Title")),
            (RIGHT, self.env._("Quantity")),
            (LEFT, self.env._("Amounts")),
            (RIGHT, self.env._("Amount")),
            (RIGHT, self.env._("Tax")),
        ]
        head = Markup().join(HEAD % column for column in columns)
        rows = [self._line_html(line) for line in paper.lines]
        if paper.charges:
            cells = [("", ""), ("", ""), ("", ""), *self._charge_cells(paper.charges)]
            rows.append(_row(cells))
        return Markup(
            '<table class="table table-sm"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (head, Markup().join(rows))

    def _line_html(self, line):
        remarks = [
            (self.env._("Gift message: %s"), line.gift_message),
            (
                self.env._("Buyer asks to cancel: %s"),
                said(self.env, line.cancel_requested, NO_REASON),
            ),
            (
                self.env._("Cancelled: %s"),
                ", ".join(
                    filter(None, [self._said(line.cancelled_by), line.cancel_reason])
                ),
            ),
        ]
        title = _joined([line.title, *(text % what for text, what in remarks if what)])
        cells = [(LEFT, _joined([line.sku, line.asin])), (LEFT, title)]
        cells += [(RIGHT, line.quantity), *self._charge_cells(line.charges)]
        return _row(cells)

    def _charge_cells(self, charges):
        """Names, amounts and taxes of charges, one below the other."""
        names = [
            ": ".join(self._said(code) for code in (c.kind, c.of) if code)
            for c in charges
        ]
        return [
            (LEFT, BREAK.join(map(escape, names))),
            (RIGHT, BREAK.join(escape(c.amount) for c in charges)),
            (RIGHT, BREAK.join(escape(c.tax or "–") for c in charges)),
        ]

    def _parcels_html(self, paper):
        facts = [
            (
                self.env._("Parcel %s", parcel.number),
                " ".join(
                    filter(
                        None,
                        [
                            self._said(parcel.status),
                            parcel.carrier,
                            parcel.service,
                            parcel.tracking,
                            self._moment(parcel.shipped),
                        ],
                    )
                ),
            )
            for parcel in paper.parcels
        ]
        return self._facts_html(facts) if facts else ""

    def _said(self, code):
        return said(self.env, code)

    def _status_name(self, code):
        return self._label("sale.order", "amazon_b2b_seller_state", code)

    def _level_name(self, code):
        return self._label("amazon.b2b.shipping.option", "level", code)

    def _label(self, model, field, code):
        """What a selection calls a code; one that it does not know as it is."""
        field = self.env[model]._fields[field]
        return dict(field._description_selection(self.env)).get(code, code)

    def _country_name(self, code):
        countries = self.env["res.country"].sudo()
        return countries.search([("code", "=", code)], limit=1).name or code

    def _moment(self, moment):
        """A time of Amazon's in the time zone of the one who reads it."""
        if not moment:
            return ""
        local = fields.Datetime.context_timestamp(self, moment.replace(tzinfo=None))
        return local.strftime("%Y-%m-%d %H:%M")


def _row(cells):
    return Markup("<tr>%s</tr>") % Markup().join(CELL % cell for cell in cells)


def _joined(texts):
    return BREAK.join(escape(text) for text in texts if text)


def _amount(amount, currency):
    return "" if amount is None else f"{amount} {currency}"
