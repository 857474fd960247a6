from datetime import timedelta

from odoo import api, models

from .. import edi, spapi
from .sale_order_seller_import import CANCELLED

# after so long a further report of an order is missed
HALF_HOURS = 24


class Document(models.Model):
    """Orders from reports: parts are joined, shipments merged, and what the Orders
    API told already is only compared. docs/decisions.md: the API's version counts."""

    _inherit = "amazon.b2b.document"

    def _is_report(self):
        return self.transmission_id.content == "report"

    def _by_family(self):
        """{business key: every document of that order, these among them}"""
        return self._family().grouped(lambda document: document._business_key())

    @api.model
    def _told_by_api(self, connection, numbers):
        """Those of these orders that the Orders API told, as more than pending."""
        rows = self.search_fetch(
            [
                ("kind", "=", "seller_order"),
                ("vendor_code", "=", connection.seller_id),
                ("is_test", "=", connection.is_sandbox),
                ("order_number", "in", list(numbers)),
                ("transmission_id.content", "=", "orders"),
                ("state", "!=", "failed"),
                ("reason_code", "not in", ["pending"]),
            ],
            ["order_number"],
        )
        return {row.order_number for row in rows}

    # before a document is placed

    def _combined(self):
        """Put together what reports tell of one order piece by piece.

        :return: those that can be worked; of the others a piece is still missing, or
            they say what was known
        """
        pieces = self.filtered(lambda d: d._is_report())
        if not pieces:
            return self
        families = pieces._by_family()
        waiting = self.browse()
        for piece in pieces.sorted("id"):
            family = families[piece._business_key()]
            if not family._by_api() and not piece._combine(family - piece):
                waiting |= piece
        return self - waiting

    def _by_api(self):
        """Of a family, the last document that the Orders API told, or none; what was
        pending there tells nothing yet."""
        told = self.filtered(
            lambda d: d.data and not d._is_report() and d.reason_code != "pending"
        )
        return told and max(told, key=lambda document: document._version())

    def _combine(self, others):
        """Take over what ``others`` know of the order; whether it can be worked now."""
        told = others.filtered(lambda d: d.data and d._is_report())
        earlier = told.filtered(lambda d: d._version() < self._version())
        last = earlier and max(earlier, key=lambda document: document._version())
        paper, issues = self._paper(), ()
        if last:
            known = last._paper()
            paper, issues = _together(known, paper)
            if paper != self._paper():
                # what comes next is joined with the last one
                self.data = edi.to_json(paper)
            if _same(known, paper):
                self._ignore(
                    self.env._("It says nothing of the order that was not known."),
                    origin_id=last.id,
                )
                return False
            # what was set aside for another that is now set aside for this one
            earlier.filtered(lambda d: d.state == "ignored").origin_id = self
        if told > earlier:
            return True  # set aside with the other older versions
        doubt = self._misfit_text(issues) if issues else ""
        if last.state == "held" and last.reason_code == "content" and not issues:
            doubt = last.reason
        self._keep_combined(paper, earlier, doubt)
        return self.state == "new"

    def _keep_combined(self, paper, earlier, doubt):
        """Say what is missing or does not fit, if anything; ``earlier`` documents of
        the order are settled with it."""
        if not paper.parts and not doubt:
            return
        if not paper.lines:
            text = self.env._("No order report told of this order, only its status.")
            self._ignore(text, reason_code="half")
        elif paper.parts and paper.status in CANCELLED:
            text = self.env._("The order was cancelled before it was imported.")
            self._ignore(text)
        elif doubt:
            self._hold("content", doubt)
        else:
            self._wait("half", self._half_text(paper))
        self._supersede(earlier)

    def _supersede(self, older):
        open_ones = older.filtered(
            lambda d: d.state in ("waiting", "held", "failed", "new")
        )
        for document in open_ones:
            text = self.env._("A later version of the order is here.")
            document._ignore(text, origin_id=self.id)

    def _half_text(self, paper):
        names = {
            "shipping": self.env._("its addresses (order report)"),
            "invoicing": self.env._("its amounts and taxes (order report)"),
            "status": self.env._(
                "how far it is, shipped or not (all orders; or unshipped orders)"
            ),
        }
        missing = [name for part, name in names.items() if part not in paper.parts]
        return self.env._(
            "Amazon tells an order in several reports, which are joined. Still to "
            "come: %s.",
            ", ".join(missing),
        )

    def _misfit_text(self, issues):
        return self.env._(
            "The reports of the order do not fit together:\n%s\nCompare with "
            "Seller Central. A later report may settle it; “Process again” takes "
            "the order as it is here.",
            "\n".join(issues),
        )

    @api.model
    def _hold_lonely_halves(self, now):
        """Tell a person where another report of an order does not come."""
        alone = self.search(
            [
                ("state", "=", "waiting"),
                ("reason_code", "=", "half"),
                ("create_date", "<", now - timedelta(hours=HALF_HOURS)),
            ]
        )
        for document in alone:
            document._hold(
                "half",
                self.env._(
                    "Another report of the order did not come within %(hours)s "
                    "hours. See under Amazon › Exchange › Reports whether it "
                    "failed, or upload it. %(half)s",
                    hours=HALF_HOURS,
                    half=document.reason,
                ),
            )

    # after it was placed

    def _news_to_api(self):
        """Those that the Orders API did not tell; the others are compared with it."""
        pieces = self.filtered(lambda d: d._is_report())
        if not pieces:
            return self
        families = pieces._by_family()
        told = self.browse()
        for piece in pieces:
            known = families[piece._business_key()]._by_api()
            if known:
                piece._compare_with_api(known)
                told |= piece
        return self - told

    def _hold_other_total(self, paper):
        """Hold where the report of all orders states another total of an order that is
        here already; whether it does."""
        problem = self._is_report() and (
            self._seller_total_problem(self._with_basis(paper))
        )
        if problem:
            self._hold("total", problem)
        return bool(problem)

    def _compare_with_api(self, known):
        differences = spapi.disagreements(
            self._with_basis(known._paper()), self._with_basis(self._paper())
        )
        facts = {"origin_id": known.id, "sale_order_id": known.sale_order_id.id}
        if not differences:
            text = self.env._("The Orders API told this order already; both agree.")
            self._ignore(text, **facts)
            return
        self._hold(
            "change",
            self.env._(
                "The Orders API told this order already, and this report contradicts "
                "it:\n%(differences)s\nWhat the Orders API says stands. Compare with "
                "Seller Central, correct the order where it is wrong, then set this "
                "aside.",
                differences="\n".join(self._in_words(differences)),
            ),
            **facts,
        )

    @api.model
    def _in_words(self, differences):
        """One text each of :class:`spapi.Difference`."""
        texts = {
            "quantity": self.env._(
                "– order item %(of)s: quantity %(first)s, %(second)s"
            ),
            "amount": self.env._("– %(of)s: %(first)s, %(second)s with tax"),
            "status": self.env._("– status %(first)s, %(second)s"),
        }
        return [texts[found.what] % found._asdict() for found in differences]


def _together(known, paper):
    """(what both papers tell, where they do not fit together)"""
    if spapi.is_shipments(paper):
        if spapi.is_shipments(known):
            [paper] = spapi.merge_shipments([known, paper])
        return paper, ()
    return spapi.renewed(known, paper)


def _same(known, paper):
    """Whether a paper tells what was known: from which report does not count."""
    names = [
        name
        for name in spapi.SellerOrder.__dataclass_fields__
        if name not in ("source", "updated")
    ]
    return all(getattr(known, name) == getattr(paper, name) for name in names)
