from contextlib import contextmanager
from datetime import datetime, time, timedelta

from odoo import api, fields, models

from .. import spapi

# how far back orders are imported where no date is set
DAYS_BACK = 90
# what decides which orders come in
SWITCHES = (
    "is_enabled",
    "import_mfn",
    "import_prime",
    "mfn_from",
    "import_fba",
    "fba_from",
)


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    def _marketplace_of(self, paper):
        """The line of the marketplace that an order was placed on, or none.

        Reports name only the channel, such as ``Amazon.de``, and not always that:
        where there is but one marketplace, it is that one.
        """
        if not paper.marketplace:
            return self._marketplace_of_channel(paper.channel)
        return self.marketplace_ids.filtered(
            lambda line: line.code == paper.marketplace
        )[:1]

    def _marketplace_of_channel(self, channel):
        lines = self.marketplace_ids
        if not channel and len(lines) == 1:
            return lines
        known = spapi.marketplaces.by_channel(channel) if channel else None
        code = known.id if known else ""
        found = lines.filtered(lambda line: line.code == code)[:1]
        return found or self._add_marketplace(known)

    def _add_marketplace(self, known):
        """The new line of a marketplace that an uploaded report names.

        Without an authorisation Amazon cannot be asked which there are.

        :param known: :class:`spapi.Marketplace`, or ``None``
        """
        lines = self.env["amazon.b2b.marketplace"]
        unasked = self.order_route == "file" and self.authorisation_state == "none"
        if not unasked or not known or known.region != self.region:
            return lines
        return lines.sudo().create(
            {
                "connection_id": self.id,
                "code": known.id,
                "name": known.name,
                "country_id": self._by("res.country", "code", [known.country]).get(
                    known.country
                ),
                "currency_id": self._by("res.currency", "name", [known.currency]).get(
                    known.currency
                ),
            }
        )

    def _read_earlier(self):
        """Read again where orders are wanted from an earlier day than was read."""
        start = self._orders_from()
        for poll in self._polls():
            if poll.first_start and start < poll.first_start:
                poll._read_from(start)

    def _read_since(self, start):
        """Read again what was read for fewer marketplaces than there are now."""
        for poll in self._polls().filtered("first_start"):
            poll._read_from(min(start, poll.cursor or poll.range_start))

    def _polls(self):
        return (
            self.env["amazon.b2b.poll"].sudo().search([("connection_id", "=", self.id)])
        )

    def _orders_from(self):
        """The earliest moment from which orders of any marketplace are wanted."""
        return self.marketplace_ids._earliest()


class Marketplace(models.Model):
    """Which orders of a marketplace are wanted."""

    _inherit = "amazon.b2b.marketplace"

    @api.model_create_multi
    def create(self, vals_list):
        marketplaces = super().create(vals_list)
        for company in marketplaces.connection_id.company_id:
            self.env["amazon.b2b.document"]._release_held(company, ["marketplace"])
        return marketplaces

    def _compute_mfn(self):
        with self._judged_again():
            return super()._compute_mfn()

    def _compute_fba(self):
        with self._judged_again():
            return super()._compute_fba()

    def write(self, vals):
        with self._judged_again():
            return super().write(vals)

    @contextmanager
    def _judged_again(self):
        """Judge the orders again that a switch kept out, where one has changed, and
        read them where they were never asked for."""
        known = self.filtered(lambda line: line._origin.id)
        before = {line: line._wishes() for line in known}
        yield
        changed = self.browse()
        for line, wishes in before.items():
            if line._wishes() != wishes:
                changed |= line
        if changed:
            changed._judge_again()

    def _wishes(self):
        return [self[name] for name in SWITCHES]

    def _judge_again(self):
        documents = self.env["amazon.b2b.document"].sudo()
        kept_out = documents.search(
            [
                ("marketplace_id", "in", self.ids),
                ("state", "=", "ignored"),
                ("reason_code", "=", "switch"),
            ]
        )
        if kept_out:
            kept_out._move("new", reason_code=False, reason=False)
            documents._trigger_work()
        # which may be another company's
        for connection in self.sudo().connection_id:
            connection._read_earlier()

    def _earliest(self):
        """The earliest moment from which orders of any of these are wanted."""
        moments = [
            moment
            for marketplace in self
            for moment in (
                marketplace._start(marketplace.mfn_from),
                marketplace._start(marketplace.fba_from),
            )
        ]
        return min(moments, default=fields.Datetime.now() - timedelta(days=DAYS_BACK))

    def _start(self, day, seen=None):
        """The moment from which orders count: ``day``, else 90 days ago.

        :param seen: when an order came; the 90 days do not run out while it waits
        """
        if day:
            return datetime.combine(day, time.min)
        return (seen or fields.Datetime.now()) - timedelta(days=DAYS_BACK)

    def _lang(self):
        """The language of its buyers, where it is installed."""
        known = spapi.marketplaces.by_id(self.code)
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        language = known.language if known else ""
        alike = [code for code in installed if code[:2] == language[:2]]
        return language if language in installed else next(iter(alike), False)

    def _leaves_out(self, totals):
        """Whether orders like this one are not wanted here, as far as a report of all
        orders tells.

        :param totals: :class:`spapi.OrderTotals`
        """
        if not self.is_enabled:
            return True
        if totals.fulfilled_by == "AMAZON":
            wanted, start = self.import_fba, self._start(self.fba_from)
        else:
            # which of them are Prime it does not say; those that a switch keeps out
            # are known by their documents
            wanted = self.import_mfn or self.import_prime
            start = self._start(self.mfn_from)
        created = totals.created and totals.created.replace(tzinfo=None)
        return not wanted or not created or created < start

    def _switched_off(self, paper, seen):
        """Why an order is not wanted here, in words; empty where it is.

        :param paper: :class:`spapi.SellerOrder`
        :param seen: when it came here first
        """
        if not self.is_enabled:
            return self.env._("Marketplace %s is switched off.", self.name)
        if paper.fulfilled_by == "AMAZON":
            wanted, start = self.import_fba, self._start(self.fba_from, seen)
            text = self.env._("Orders fulfilled by Amazon (FBA) are not imported.")
        elif "PRIME" in paper.programs:
            wanted, start = self.import_prime, self._start(self.mfn_from, seen)
            text = self.env._("Prime orders that we ship are not imported.")
        else:
            wanted, start = self.import_mfn, self._start(self.mfn_from, seen)
            text = self.env._("Orders that we ship (MFN) are not imported.")
        if not wanted:
            return text
        if paper.created.replace(tzinfo=None) < start:
            return self.env._(
                "It was placed on %(day)s; orders are imported from %(start)s on.",
                day=paper.created.date(),
                start=start.date(),
            )
        return ""
