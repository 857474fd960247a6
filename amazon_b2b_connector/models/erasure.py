import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import OperationalError

from ..blackout import Blackout
from .document_erase import AGAIN, RAW

_logger = logging.getLogger(__name__)

# orders that are erased together, in one transaction
BATCH = 50


class Document(models.Model):
    """Erasing: which orders are due, and everything about them at once."""

    _inherit = "amazon.b2b.document"

    @api.model
    def _cron_erase(self):
        """Erase what is over; a killed run goes on where it was."""
        due = [("erase_check", "<=", fields.Datetime.now())]
        self._work_off(due, BATCH, type(self)._erase_due)
        self.env["res.partner"]._amazon_b2b_erase_kept()

    def _erase_due(self):
        """Judge the orders of these documents; each leaves with another
        ``erase_check``, or none."""
        now, over = fields.Datetime.now(), self.browse()
        for family in self._subjects().values():
            days = family._erase_days()
            moment, _reason = family._erase_on()
            waiting = family.filtered(lambda d: not d.erased_at)
            if not days:
                family.erase_check = False
            elif moment and moment <= now:
                over |= family
            else:
                waiting.erase_check = moment or now + AGAIN
                (family - waiting).erase_check = False
        if over and not over._erase_safely(now):
            for family in over._subjects().values():
                family._erase_safely(now, last_chance=True)

    def _erase_safely(self, now, *, last_chance=False):
        try:
            with self.env.cr.savepoint():
                self._erase(self.env._("the schedule"))
                self.env.flush_all()
        except (OperationalError, ConcurrencyError):
            raise  # the transaction is lost; the scheduled action runs again
        except Exception:
            self.env.invalidate_all()
            if last_chance:
                _logger.exception("Personal data of %s is still there", self.ids)
                self.erase_check = now + AGAIN
            return False
        return True

    def _erase(self, who, buyers=None):
        """Erase the personal data of whole orders, everywhere.

        Without the right to do so being checked.

        :param who: who erases, in words for the chatter
        :param buyers: partners to erase besides those of the orders
        :return: partners that were kept, because something else needs them
        """
        now = fields.Datetime.now()
        documents = self.sudo().browse().union(*self.sudo()._subjects().values())
        orders = documents._made_orders()
        partners = self.env["res.partner"].sudo()
        buyers = (buyers or partners).sudo() | partners._amazon_b2b_buyers_of(
            orders, documents._address_keys()
        )
        blackout = Blackout(
            documents._personal_texts()
            | orders._amazon_b2b_personal_texts()
            | buyers._amazon_b2b_personal_texts()
        )
        for transmission in documents.transmission_id:
            mine = documents.filtered(lambda d, t=transmission: d.transmission_id == t)
            transmission._cut_out({d.order_number or "" for d in mine}, now)
        documents._erase_data(blackout, now)
        orders._amazon_b2b_erase(blackout, now)
        gone, kept = buyers._amazon_b2b_erase(orders, now)
        self.env["amazon.b2b.chatter.eraser"]._erase_beside(
            [documents, orders, orders.picking_ids, gone], blackout
        )
        orders._amazon_b2b_tell_erased(who, kept)
        return kept

    @api.model
    def _erase_again_judged(self, domain):
        """Judge the time of these documents again, now."""
        self.sudo().search(
            [
                ("erased_at", "=", False),
                ("direction", "=", "in"),
                "|",
                ("kind", "=", "seller_order"),
                ("transmission_id.content", "in", RAW),
                *domain,
            ]
        ).erase_check = fields.Datetime.now()
