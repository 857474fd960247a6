from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..models import waking

CRON = "amazon_b2b_connector.cron_decode"


@tagged("post_install", "-at_install")
class TestWaking(TransactionCase):
    """Cron workers are woken at once, and once more for what follows closely."""

    def setUp(self):
        super().setUp()
        self.woken, self.timers = [], []
        self.patch(waking, "_notify", self.woken.append)
        self.patch(waking, "_quiet_until", {})
        self.patch(waking, "_waiting", set())
        self.patch(waking.threading, "Timer", self.make_timer)

    def make_timer(self, seconds, function, arguments):
        """A timer that is over when the test says so."""
        self.timers.append(lambda: function(*arguments))

        class Timer:
            start = staticmethod(lambda: None)

        return Timer()

    def test_the_first_is_woken_at_once(self):
        waking.wake("mine")
        self.assertEqual(self.woken, ["mine"])
        self.assertFalse(self.timers)

    def test_those_that_follow_are_woken_together_and_none_is_forgotten(self):
        for _message in range(5):
            waking.wake("mine")
        self.assertEqual((self.woken, len(self.timers)), (["mine"], 1))
        self.timers.pop()()
        self.assertEqual(self.woken, ["mine", "mine"])
        waking.wake("mine")
        self.assertEqual(len(self.timers), 1)

    def test_databases_do_not_wait_for_each_other(self):
        waking.wake("mine")
        waking.wake("yours")
        self.assertEqual(self.woken, ["mine", "yours"])

    def test_what_is_triggered_is_written_down_and_wakes_after_the_commit(self):
        cron = self.env.ref(CRON)
        rows = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(rows)
        waking.trigger(self.env, CRON)
        self.assertEqual(self.env["ir.cron.trigger"].search_count(rows), before + 1)
        self.assertFalse(self.woken)
        self.env.cr.postcommit.run()
        self.assertEqual(self.woken, [self.env.cr.dbname])


@tagged("post_install", "-at_install")
class TestOrigin(TransactionCase):
    @mute_logger("odoo.sql_db")
    def test_two_first_messages_at_once_both_get_in(self):
        """The other transaction's row is invisible here, but stands in the way."""
        origin = self.env["amazon.b2b.origin"]
        self.env["ir.config_parameter"].set_param("amazon_b2b.origin", False)
        with patch.object(type(origin), "_remember", side_effect=UniqueViolation):
            self.assertEqual(origin._obstacle(), "")
