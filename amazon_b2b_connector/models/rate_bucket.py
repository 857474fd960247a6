from odoo import api, fields, models

from .. import spapi
from .apart import apart, quietly

KEY = "region, is_sandbox, seller_id, operation"


class RateBucket(models.Model):
    """How many calls of one operation are left to a seller in a region.

    Amazon counts them by application and seller; one row here serves all workers on
    all hosts. It is taken from and committed before the call is made.
    """

    _name = "amazon.b2b.rate.bucket"
    _description = "Amazon rate bucket"
    _rec_name = "operation"
    _log_access = False

    region = fields.Char(required=True)
    is_sandbox = fields.Boolean(required=True)
    seller_id = fields.Char(required=True)
    operation = fields.Char(required=True)
    level = fields.Float(digits=False, help="Calls that were left at that moment.")
    rate = fields.Float(digits=False, help="Calls that come back in a second.")
    burst = fields.Float(digits=False, help="Calls that fit in.")
    at = fields.Float(digits=False, help="That moment, in seconds since 1970.")

    _key_uniq = models.UniqueIndex(f"({KEY})")

    @api.model
    def _now(self, cr):
        """The clock that all hosts share, in seconds since 1970."""
        cr.execute("SELECT EXTRACT(EPOCH FROM clock_timestamp())")
        return float(cr.fetchone()[0])

    @api.model
    def _change(self, key, change):
        """Put ``change(bucket, now)``, a bucket and a result, in the row's place.

        :param key: region, sandbox or not, seller id, operation
        :return: the result
        """

        def work(cr):
            row = self._locked(cr, key)
            if not row:
                fresh = full(key, self._now(cr))
                quietly(
                    cr,
                    f"INSERT INTO amazon_b2b_rate_bucket ({KEY}, level, rate, burst, "
                    "at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) "
                    "ON CONFLICT DO NOTHING",
                    (*key, fresh.level, fresh.rate, fresh.burst, fresh.at),
                )
                row = self._locked(cr, key)
            number, *values = row
            bucket, result = change(spapi.Bucket(*values), self._now(cr))
            quietly(
                cr,
                "UPDATE amazon_b2b_rate_bucket SET level = %s, rate = %s, at = %s "
                "WHERE id = %s",
                (bucket.level, bucket.rate, bucket.at, number),
            )
            return result

        return apart(self.env, work)

    @api.model
    def _locked(self, cr, key):
        """Id, level, rate, burst and time of a bucket that is ours until the end of
        the transaction; None where there is no row yet."""
        quietly(
            cr,
            "SELECT id, level, rate, burst, at FROM amazon_b2b_rate_bucket "
            f"WHERE ({KEY}) = (%s, %s, %s, %s) FOR UPDATE",
            key,
        )
        return cr.fetchone()

    @api.model
    def _meter(self, key):
        """The buckets of a seller now: (operation, :class:`spapi.Bucket`) pairs."""
        now = self._now(self.env.cr)
        rows = self.sudo().search(
            [
                ("region", "=", key[0]),
                ("is_sandbox", "=", key[1]),
                ("seller_id", "=", key[2]),
            ],
            order="operation",
        )
        return [
            (
                row.operation,
                spapi.Bucket(row.level, row.rate, row.burst, row.at).filled(now),
            )
            for row in rows
        ]


def full(key, now):
    """The bucket as Amazon's published limits have it."""
    if key[1]:
        # "Sandbox rate limits": 5 a second, 15 at once, for every operation
        return spapi.Bucket(15, 5, 15, now)
    operation = spapi.OPERATIONS[key[3]]
    return spapi.Bucket(operation.burst, operation.rate, operation.burst, now)


class Gate:
    """The buckets of one seller, as :class:`spapi.Client` asks them."""

    def __init__(self, env, region, is_sandbox, seller_id):
        self._buckets = env["amazon.b2b.rate.bucket"]
        self._key = (region, is_sandbox, seller_id)

    def take(self, operation):
        return self._change(operation, lambda bucket, now: bucket.take(now))

    def learn(self, operation, rate):
        self._change(operation, lambda bucket, now: (bucket.learned(now, rate), None))

    def exhausted(self, operation, pause=0.0):
        self._change(operation, lambda bucket, now: (bucket.emptied(now, pause), None))

    def _change(self, operation, change):
        return self._buckets._change((*self._key, operation), change)
