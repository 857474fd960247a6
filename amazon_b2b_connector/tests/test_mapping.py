from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AmazonCase, order_line, purchase_order


@tagged("post_install", "-at_install")
class TestProductMatch(AmazonCase):
    """Which product the identifiers of a line mean."""

    def match(self, *identifiers):
        """The sale order line, or the held document."""
        document = self.import_order(order_line(identifiers=identifiers))
        return document.sale_order_id.order_line or document

    def assertProduct(self, product, *identifiers):
        line = self.match(*identifiers)
        self.assertEqual(line._name, "sale.order.line", line.display_name)
        self.assertEqual(line.product_id, product)

    def test_barcode_is_compared_as_gtin_14(self):
        for number, (stored, sent) in enumerate(
            [
                ("036000291452", ("EN", "0036000291452")),
                ("4006381333931", ("UK", "04006381333931")),
                ("00012345678912", ("UP", "012345678912")),
                ("96385074", ("EN", "0000096385074")),
                ("9780306406157", ("IB", "0306406152")),
            ]
        ):
            product = self.make_product("P", barcode=stored)
            line = self.import_order(
                order_line(identifiers=[sent]), number=f"G{number}"
            ).sale_order_id.order_line
            self.assertEqual(line.product_id, product, sent)

    def test_wrong_check_digit_is_compared_as_it_is(self):
        product = self.make_product("P", barcode="1234567891234")
        self.assertProduct(product, ("EN", "1234567891234"))

    def test_vendors_number_is_the_internal_reference(self):
        product = self.make_product("P", default_code="KET-1")
        self.assertProduct(product, ("VN", "KET-1"))

    def test_mapping_goes_before_barcode(self):
        other = self.make_product("Mapped")
        self.map_product("UP", "012345678905", other)
        self.assertProduct(other, ("UP", "012345678905"))

    def test_mapping_holds_for_every_spelling_of_a_gtin(self):
        product = self.make_product("Mapped")
        self.map_product("UP", "036000291452", product)
        self.assertProduct(product, ("UK", "00036000291452"))

    def test_connections_own_mapping_goes_before_the_companys(self):
        own = self.make_product("Own")
        self.map_product("BP", "B00KETTLE1", self.product)
        self.map_product("BP", "B00KETTLE1", own, connection_id=self.connection.id)
        self.assertProduct(own, ("BP", "B00KETTLE1"))

    def test_other_connections_mapping_does_not_count(self):
        other = self.make_connection(name="Other")
        self.map_product("BP", "B00KETTLE1", self.product, connection_id=other.id)
        self.assertHeld(self.match(("BP", "B00KETTLE1")), "product", "B00KETTLE1")

    def test_matching_by_itself_makes_no_mapping(self):
        self.match(("UP", "012345678905"))
        self.assertFalse(self.env["amazon.b2b.product.mapping"].search([]))

    def test_one_known_identifier_is_enough(self):
        self.assertProduct(self.product, ("BP", "B00X"), ("UP", "012345678905"))

    def test_identifiers_of_different_products_are_held(self):
        self.make_product("Pot", default_code="POT")
        document = self.match(("UP", "012345678905"), ("VN", "POT"))
        self.assertHeld(document, "product", "different products")

    def test_internal_reference_of_two_products_is_held(self):
        self.make_product("A", default_code="TWICE")
        self.make_product("B", default_code="TWICE")
        self.assertHeld(self.match(("VN", "TWICE")), "product", "several products")

    def test_another_identifier_may_decide_between_two_products(self):
        self.make_product("A", default_code="TWICE")
        product = self.make_product("B", default_code="TWICE", barcode="036000291452")
        self.assertProduct(product, ("VN", "TWICE"), ("UP", "036000291452"))

    def test_archived_product_is_not_found(self):
        self.product.active = False
        self.assertHeld(self.match(("UP", "012345678905")), "product")

    def test_other_companys_product_is_not_found(self):
        self.product.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertHeld(self.match(("UP", "012345678905")), "product")

    def test_mapped_answer_makes_a_note_and_the_rest_goes_on(self):
        code = self.env.ref("amazon_b2b_connector.code_r4")
        self.map_product("BP", "B00OLD", answer_code_id=code.id)
        order = self.import_order(
            order_line(number="1"),
            order_line(number="2", identifiers=[("BP", "B00OLD")]),
        ).sale_order_id
        self.assertEqual(order._amazon_b2b_answered_lines(), {2: code})
        note = order.order_line[1]
        self.assertEqual(note.display_type, "line_note")
        self.assertIn("BP B00OLD", note.name)
        self.assertIn("R4", note.name)
        self.assertEqual(order.amount_untaxed, 95)

    def test_order_of_answers_only_still_is_an_order(self):
        code = self.env.ref("amazon_b2b_connector.code_r2")
        self.map_product("BP", "B00BAD", answer_code_id=code.id)
        order = self.import_order(
            order_line(identifiers=[("BP", "B00BAD")])
        ).sale_order_id
        self.assertEqual(order.state, "draft")
        self.assertEqual(order._amazon_b2b_answered_lines(), {1: code})


@tagged("post_install", "-at_install")
class TestHeld(AmazonCase):
    """What is missing is said at once, and making it lets the order go on."""

    def held(self, **values):
        """An order of an unknown product to an unknown fulfilment centre."""
        return self.import_order(
            order_line(identifiers=[("BP", "B00NEW"), ("UP", "036000291452")]), **values
        )

    def solve(self, document, **values):
        action = document.action_solve()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        with Form(wizard) as form, form.line_ids.edit(0) as row:
            for name, value in values.items():
                setattr(row, name, value)
        wizard.action_apply()

    def assertGoesOn(self, document):
        self.assertEqual(document.state, "new", document.reason)
        document._work()
        self.assertEqual(document.state, "done", document.reason)

    def test_everything_missing_is_named_at_once(self):
        document = self.import_order(
            order_line(number="1", identifiers=[("BP", "B00NEW")]),
            order_line(number="2", unit="CA"),
            vendor_code="ABCD5",
            ship_to=None,
        )
        self.assertHeld(document, "warehouse_code", "B00NEW", "in one CA", "“-”")
        self.assertEqual(document.missing["warehouse_code"], "-")
        self.assertEqual(
            [(row["position"], row["problem"]) for row in document.missing["lines"]],
            [(1, "product"), (2, "unit")],
        )

    def test_warehouse_code_made_from_the_button(self):
        self.place.code = "OTHER"
        document = self.import_order()
        self.assertHeld(document, "warehouse_code", "PHX3")
        action = document.action_solve()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.partner_id = self.place.partner_id
        self.assertEqual(form.save().code, "PHX3")
        self.assertGoesOn(document)

    def test_warehouse_code_made_anywhere(self):
        self.place.code = "OTHER"
        document = self.import_order()
        self.make_place("PHX3, PHX5")
        self.assertGoesOn(document)

    def test_mapping_made_anywhere(self):
        document = self.held()
        self.map_product("BP", "B00NEW", self.product)
        self.assertGoesOn(document)

    def test_barcode_written_on_a_product(self):
        document = self.held()
        self.product.barcode = "0036000291452"
        self.assertGoesOn(document)

    def test_product_made_with_the_internal_reference(self):
        document = self.import_order(order_line(identifiers=[("VN", "NEW-1")]))
        self.make_product("New", default_code="NEW-1")
        self.assertGoesOn(document)

    def test_packaging_made_with_the_barcode(self):
        document = self.held()
        self.env["product.uom"].create(
            {
                "product_id": self.product.id,
                "uom_id": self.env.ref("uom.product_uom_dozen").id,
                "barcode": "036000291452",
            }
        )
        self.assertGoesOn(document)

    def test_other_products_let_nothing_go_on(self):
        document = self.held()
        self.make_product("Other", barcode="4006381333931", default_code="X")
        self.assertEqual(document.state, "held")

    def test_vendor_code_made_anywhere(self):
        document = self.import_order(vendor_code="NEWVC")
        self.assertHeld(document, "vendor_code", "NEWVC")
        self.make_vendor_code("NEWVC")
        self.assertGoesOn(document)

    def test_unknown_ids_become_known(self):
        self.connection.partner_identifier = "SOMEONE"
        document = self.import_order()
        self.assertHeld(document, "partner", "ZZ:AMAZON")
        self.assertEqual(
            document.action_solve()["context"]["default_partner_identifier"], "AMAZON"
        )
        self.connection.partner_identifier = "AMAZON"
        self.assertGoesOn(document)

    def test_product_chosen_from_the_button(self):
        document = self.held()
        self.solve(document, product_id=self.product)
        self.assertGoesOn(document)
        self.assertEqual(document.sale_order_id.order_line.product_id, self.product)
        later = self.import_order(
            order_line(identifiers=[("EN", "0036000291452")]), number="LATER"
        )
        self.assertEqual(later.state, "done", later.reason)

    def test_product_chosen_for_conflicting_identifiers(self):
        pot = self.make_product("Pot", default_code="POT")
        document = self.import_order(
            order_line(identifiers=[("UP", "012345678905"), ("VN", "POT")])
        )
        self.solve(document, product_id=pot)
        self.assertGoesOn(document)
        self.assertEqual(document.sale_order_id.order_line.product_id, pot)

    def test_pack_size_given_from_the_button(self):
        document = self.import_order(order_line(unit="CA", quantity=Decimal(2)))
        self.solve(document, pack_size=24)
        self.assertGoesOn(document)
        line = document.sale_order_id.order_line
        self.assertEqual(line.product_uom_id.name, "Case of 24")

    def test_unknown_unit_may_be_the_piece(self):
        document = self.import_order(order_line(unit="UP"))
        self.assertHeld(document, "unit", "UP")
        self.solve(document, pack_size=1)
        self.assertGoesOn(document)
        line = document.sale_order_id.order_line
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_unit"))

    def test_line_answered_from_the_button_for_this_order_only(self):
        code = self.env.ref("amazon_b2b_connector.code_r2")
        document = self.held()
        self.solve(document, answer_code_id=code)
        self.assertGoesOn(document)
        self.assertEqual(document.sale_order_id._amazon_b2b_answered_lines(), {1: code})
        self.assertHeld(self.held(number="LATER"), "product")

    def test_line_answered_always(self):
        code = self.env.ref("amazon_b2b_connector.code_r4")
        document = self.held()
        self.solve(document, answer_code_id=code, always=True)
        self.assertGoesOn(document)
        self.assertEqual(self.held(number="LATER").state, "done")

    def test_line_without_identifier_can_be_answered(self):
        code = self.env.ref("amazon_b2b_connector.code_r2")
        document = self.import_order(order_line(identifiers=[]))
        self.assertHeld(document, "product")
        self.assertIn("names no product", document.reason)
        self.solve(document, answer_code_id=code)
        self.assertGoesOn(document)
        order = document.sale_order_id
        (line,) = order._amazon_b2b_acknowledge()._paper().lines
        self.assertEqual(line.identifiers, ())
        self.assertEqual([d.code for d in line.decisions], ["R2"])
        self.assertTrue(order.amazon_b2b_is_rejected)

    def test_combo_is_mapped_to_nothing(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Tea",
                "combo_item_ids": self.set_lines({"product_id": self.product.id}),
            }
        )
        tea_time = self.make_product(
            "Tea time",
            type="combo",
            barcode="4006381333931",
            combo_ids=[Command.set(combo.ids)],
        )
        with self.assertRaisesRegex(ValidationError, "is a combo"):
            self.map_product("BP", "B00TEA", tea_time)
        document = self.import_order(order_line(identifiers=[("EN", "4006381333931")]))
        self.assertHeld(document, "product", "is a combo")

    def solve_all(self, document, *rows):
        action = document.action_solve()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        for line, values in zip(wizard.line_ids, rows, strict=True):
            line.write(values)
        wizard.action_apply()

    def same_identifier(self, *units):
        return self.import_order(
            *(
                order_line(number=str(n), unit=unit, identifiers=[("BP", "B00NEW")])
                for n, unit in enumerate(units, 1)
            )
        )

    def test_lines_that_share_an_identifier_get_one_mapping(self):
        document = self.same_identifier("CA", "EA")
        product = {"product_id": self.product.id}
        self.solve_all(document, {**product, "pack_size": 12}, product)
        self.assertGoesOn(document)
        row = self.env["amazon.b2b.product.mapping"].search([("value", "=", "B00NEW")])
        self.assertEqual((row.product_id, row.pack_size), (self.product, 12))
        self.assertEqual(
            document.sale_order_id.order_line.mapped("product_uom_id.name"),
            ["Case of 12", "Units"],
        )

    def test_one_line_filled_in_answers_for_those_like_it(self):
        document = self.same_identifier("EA", "EA")
        self.solve_all(document, {"product_id": self.product.id}, {})
        self.assertGoesOn(document)

    def test_lines_that_share_an_identifier_cannot_mean_two_products(self):
        pot = self.make_product("Pot")
        document = self.same_identifier("EA", "EA")
        with self.assertRaisesRegex(UserError, "Lines 1, 2 have an identifier in"):
            self.solve_all(
                document, {"product_id": self.product.id}, {"product_id": pot.id}
            )

    def test_identifier_of_several_products_is_not_remembered(self):
        pot = self.make_product("Pot")
        document = self.import_order(
            order_line(identifiers=[("BP", "B00ONE"), ("VN", "RANGE")]),
            order_line(number="2", identifiers=[("BP", "B00TWO"), ("VN", "RANGE")]),
        )
        self.solve_all(
            document, {"product_id": self.product.id}, {"product_id": pot.id}
        )
        self.assertGoesOn(document)
        self.assertEqual(
            document.sale_order_id.order_line.product_id, self.product | pot
        )

    def test_identifier_that_a_line_repeats_is_mapped_once(self):
        document = self.import_order(
            order_line(identifiers=[("BP", "B00NEW"), ("BP", "B00NEW")])
        )
        self.solve(document, product_id=self.product)
        self.assertGoesOn(document)

    def test_row_left_empty_holds_again(self):
        document = self.held()
        self.solve(document)
        document._work()
        self.assertHeld(document, "product")

    def test_amazon_user_solves_without_rights_of_sales(self):
        user = new_test_user(
            self.env,
            "wes",
            "amazon_b2b_connector.group_user,stock.group_stock_user",
        )
        document = self.held()
        self.solve(document.with_user(user), product_id=self.product)
        self.assertGoesOn(document)


@tagged("post_install", "-at_install")
class TestWarehouseCode(AmazonCase):
    def test_several_codes_typed_at_once_make_rows(self):
        place = self.make_place("ONT8, BNA3 ,, ont8")
        rows = self.env["amazon.b2b.warehouse.code"].search(
            [("partner_id", "=", place.partner_id.id)]
        )
        self.assertEqual(set(rows.mapped("code")), {"ONT8", "BNA3"})

    def test_code_from_the_context_is_taken(self):
        rows = self.env["amazon.b2b.warehouse.code"]
        values = {"partner_id": self.place.partner_id.id}
        made = rows.with_context(default_code="ont8").create(values)
        self.assertEqual(made.code, "ONT8")

    def test_several_codes_written_make_rows(self):
        self.place.code = "PHX3,PHX5"
        rows = self.env["amazon.b2b.warehouse.code"].search(
            [("partner_id", "=", self.place.partner_id.id)]
        )
        self.assertEqual(set(rows.mapped("code")), {"PHX3", "PHX5"})

    def test_code_is_found_however_it_was_typed(self):
        self.place.code = "phx3"
        self.assertEqual(self.import_order().state, "done")

    def test_order_sent_to_an_unknown_place_names_it(self):
        document = self.receive(purchase_order(ship_to=None))
        document._work()
        self.assertEqual(document.missing["warehouse_code"], "-")
