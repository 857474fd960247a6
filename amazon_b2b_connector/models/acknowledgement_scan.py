import re
from collections import defaultdict
from typing import Any, NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from . import gtin
from .acknowledgement_line import DIGITS

LONGEST = 255

# GS1 General Specifications: symbology identifier, application identifier 01, GTIN-14
GS1_GTIN = re.compile(r"(?:\][A-Za-z]\d)?\(?01\)?(\d{14})")
# indicator digit of a GTIN-14 that is a case (section 1.3.1); 0 is the item itself
CASE_INDICATORS = frozenset("12345678")
# X12 element 235
CASE_CODE = "UA"


class Verdict(NamedTuple):
    """What a barcode means on this order: counted on a line, or refused and why."""

    ok: bool
    message: str
    line: Any = None
    base_qty: float = 0.0


class Acknowledgement(models.Model):
    """The server's side of scanning: a barcode in, a verdict out, each scan once."""

    _inherit = "amazon.b2b.acknowledgement"

    def scan(self, barcode, uuid):
        """Count a scanned barcode on the line it belongs to.

        The same ``uuid`` may come any number of times, also at once: it counts once
        and is answered alike.

        :param barcode: text as the scanner gave it, GS1-128 included
        :param uuid: text made by the device, one for each scan
        :return: ``{"ok", "line", "quantity", "message"}``: the id of the line and how
            much of it is scanned now, in the line's unit; refusals have ``ok`` false
        """
        self.ensure_one()
        self.check_access("write")
        record = self.sudo()
        barcode, uuid = (barcode or "").strip(), (uuid or "").strip()
        if not barcode or not uuid or max(len(barcode), len(uuid)) > LONGEST:
            raise UserError(self.env._("A scan needs a barcode and an id of its own."))
        record._wait_for_turn()
        done = record.scan_ids.filtered(lambda scan: scan.uuid == uuid)
        if done:
            return done._result()
        if record.state != "draft":
            message = record._acknowledged_text()
            return {"ok": False, "line": False, "quantity": 0, "message": message}
        verdict = record._judge(barcode)
        scan = record.env["amazon.b2b.scan"].create(
            {
                "acknowledgement_id": record.id,
                "uuid": uuid,
                "barcode": barcode,
                "ok": verdict.ok,
                "message": verdict.message,
                "line_id": verdict.line and verdict.line.id,
                "base_qty": verdict.base_qty,
            }
        )
        record.last_scan_id = scan
        return scan._result()

    def _wait_for_turn(self):
        """One scan at a time: a second one waits here for the first to be committed.

        Having waited, it sees an old snapshot; PostgreSQL then fails it (40001) and
        Odoo runs the request again, which finds what the first one did.
        """
        self.scan_count += 1
        self.flush_recordset(["scan_count"])

    def _undo_scan(self):
        record = self.sudo()
        record._wait_for_turn()
        counted = record.scan_ids.filtered(lambda scan: scan.ok and not scan.undone)
        last = counted.sorted("id")[-1:]
        if not last:
            raise UserError(self.env._("Nothing is scanned yet."))
        last.undone = True
        record.last_scan_id = last
        last.message = self.env._(
            "Taken back: %(product)s, %(count)s.",
            product=last.line_id.product_id.display_name,
            count=last.line_id._count_text(),
        )

    def _acknowledged_text(self):
        return self.env._(
            "%(number)s is acknowledged already, by %(user)s: this was not counted.",
            number=self.number,
            user=self.user_id.name,
        )

    # judging

    def _judge(self, barcode):
        key = _key(barcode)
        matches = self._meanings().get(key)
        if not matches:
            return Verdict(False, self._not_here(key, barcode))
        for line, base_qty in matches.items():
            if float_compare(base_qty, line._room(), DIGITS) <= 0:
                counted = line._from_base(line.scanned_base_qty + base_qty)
                message = self.env._(
                    "%(product)s: %(count)s",
                    product=line.product_id.display_name,
                    count=line._count_text(counted),
                )
                return Verdict(True, message, line, base_qty)
        return self._too_many(matches)

    def _too_many(self, matches):
        line, base_qty = max(matches.items(), key=lambda match: match[0]._room())
        facts = {
            "product": line.product_id.display_name,
            "ordered": line.ordered_qty,
            "unit": line.unit,
            "room": line._room(),
            "quantity": base_qty,
        }
        if float_compare(line._room(), 0, DIGITS) <= 0:
            text = self.env._(
                "Too many: all %(ordered)g %(unit)s of %(product)s are scanned. Put it "
                "back.",
                **facts,
            )
        else:
            text = self.env._(
                "Too many: this case holds %(quantity)g, only %(room)g of %(product)s "
                "are missing.",
                **facts,
            )
        return Verdict(False, text, line)

    def _not_here(self, key, barcode):
        """Why nothing on the order has this barcode."""
        for line in self.line_ids.filtered("answer_code_id"):
            if key in {_key(text) for _qualifier, text in line._numbers()}:
                return self.env._(
                    "Do not ship it: line %(line)s is answered “%(code)s”.",
                    line=line.line_number,
                    code=line.answer_code_id.display_name,
                )
        product = self._product_of(key)
        if product:
            return self.env._(
                "Not on this order: %(product)s. %(number)s does not ask for it.",
                product=product.display_name,
                number=self.number,
            )
        return self.env._("Unknown barcode: %s. No product has it.", barcode)

    def _product_of(self, key):
        spelled = list(gtin.spellings(key)) if gtin.normal(key) else [key]
        products = self.env["product.product"].with_company(self.company_id)
        return (
            products.search([("barcode", "in", spelled)], limit=1)
            or self.env["product.uom"]
            .search([("barcode", "in", spelled)], limit=1)
            .product_id
        )

    def _meanings(self):
        """{key of a barcode: {line: how much of the product it stands for}}."""
        mappings = self._mappings()
        meanings = defaultdict(dict)
        for line in self.line_ids.filtered(lambda line: line._can_come()):
            for text, base_qty in line._barcodes(mappings[line.product_id]):
                if text:
                    meanings[_key(text)].setdefault(line, base_qty)
        return meanings

    def _mappings(self):
        found = self.env["amazon.b2b.product.mapping"].search(
            [
                ("product_id", "in", self.line_ids.product_id.ids),
                ("company_id", "=", self.company_id.id),
                ("connection_id", "in", [False, self.connection_id.id]),
            ]
        )
        mappings = defaultdict(found.browse)
        mappings.update(found.grouped("product_id"))
        return mappings


class AcknowledgementLine(models.Model):
    """What of a line may be scanned, and how much is missing."""

    _inherit = "amazon.b2b.acknowledgement.line"

    def _in_base(self, quantity):
        """A quantity of the line's unit in the product's own."""
        line = self.order_line_id
        return line.product_uom_id._compute_quantity(
            quantity, line.product_id.uom_id, round=False
        )

    def _room(self):
        """How much may still be scanned, in the product's own unit."""
        return round(self._in_base(self.ordered_qty) - self.scanned_base_qty, DIGITS)

    def _numbers(self):
        """The (qualifier, value) pairs that Amazon gave for the line."""
        return self.numbers or []

    def _barcodes(self, mappings):
        """Every text that means this line, with how much of the product it is."""
        product = self.product_id
        yield product.barcode, 1.0
        for packaging in product.product_uom_ids:
            yield (
                packaging.barcode,
                packaging.uom_id._compute_quantity(1, product.uom_id, round=False),
            )
        for mapping in mappings:
            is_case = _is_case(mapping.qualifier, mapping.value)
            yield mapping.value, float(is_case and mapping.pack_size or 1)
        for qualifier, value in self._numbers():
            yield value, self._in_base(1) if _is_case(qualifier, value) else 1.0
        yield product.default_code, 1.0

    def _count_text(self, scanned=None):
        """``3 of 10 EA``, or ``1 CA and 5 of 4 CA`` for a case begun."""
        scanned = self.scanned_qty if scanned is None else scanned
        whole = int(scanned + 10**-DIGITS)
        loose = self._in_base(scanned - whole)
        facts = {
            "scanned": whole,
            "ordered": self.ordered_qty,
            "unit": self.unit,
            "loose": loose,
        }
        if float_compare(loose, 0, 3) > 0:
            return self.env._(
                "%(scanned)g %(unit)s and %(loose)g single of %(ordered)g %(unit)s",
                **facts,
            )
        return self.env._("%(scanned)g of %(ordered)g %(unit)s", **facts)


def _key(text):
    """What two spellings of one number have in common."""
    match = GS1_GTIN.match(text)
    return gtin.normal(match[1] if match else text) or text


def _is_case(qualifier, value):
    """Whether an identifier of X12 PO1 names a case rather than the item in it."""
    number = gtin.normal(value)
    return bool(
        qualifier == CASE_CODE
        or (len(value) == 14 and number and number[0] in CASE_INDICATORS)
    )
