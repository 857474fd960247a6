from odoo import sql_db
from odoo.tests import TransactionCase
from psycopg2.errors import SerializationFailure

from .seller_papers import paper
from .selling import GERMANY, SELLER


class TestSellerOnce(TransactionCase):
    """What a company has once is made once, also by two workers at the same time."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company
        connection = self.env["amazon.b2b.connection"].create(
            {
                "name": "Mugs & More",
                "kind": "seller",
                "seller_id": SELLER,
                "home_marketplace": GERMANY,
            }
        )
        self.marketplace = self.env["amazon.b2b.marketplace"].create(
            {
                "connection_id": connection.id,
                "code": GERMANY,
                "name": "Amazon.de",
                "country_id": self.env.ref("base.de").id,
                "currency_id": self.env.ref("base.SEK").id,
            }
        )

    def another_makes_something(self):
        """Another worker makes its own and commits, after our snapshot."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cursor:
            self.env(cr=cursor)["res.company"].browse(
                self.company.id
            )._amazon_b2b_make_alone()
            cursor.commit()

    def with_location(self):
        self.marketplace.fba_location_id = self.env["stock.location"].create(
            {"name": "FBA", "usage": "internal", "company_id": self.company.id}
        )
        return self.marketplace

    def wanted(self):
        partners = self.env["res.partner"]
        return partners._amazon_b2b_wanted(self.marketplace, paper(buyer=None))

    def test_what_another_worker_may_have_made_just_now_is_looked_for_again(self):
        made = {
            "pricelist": lambda: self.env["sale.order"]._amazon_b2b_pricelist(
                self.company, self.marketplace.currency_id
            ),
            "location": self.marketplace._fba_location,
            "operation": self.with_location()._fba_operation_type,
            "customer": lambda: self.env["res.partner"]._amazon_b2b_new(
                [self.wanted()]
            ),
        }
        self.another_makes_something()
        for what, make in made.items():
            with (
                self.subTest(what),
                self.assertRaises(SerializationFailure),
                self.env.cr.savepoint(),
            ):
                make()
