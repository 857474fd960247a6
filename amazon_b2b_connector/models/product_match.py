from collections import defaultdict
from typing import Any, NamedTuple

from odoo import models

from . import gtin
from .identifiers import GTIN, REFERENCE_QUALIFIERS, key_of, spellings

# what may go wrong when the identifiers of a line are looked up
UNKNOWN, AMBIGUOUS, CONFLICT = "unknown", "ambiguous", "conflict"
COMBO, UNNAMED = "combo", "unnamed"


class Match(NamedTuple):
    """What the identifiers of one order line mean.

    Either ``product``, or ``answer`` (the code to refuse the line with), or a
    ``problem``. ``pack_size`` counts the units in a case and is 0 where nobody said.
    """

    product: Any = None
    pack_size: float = 0
    answer: Any = None
    problem: str = ""


class ProductMapping(models.Model):
    """Finding products: by the table first, else by barcode and internal reference.

    What is found by itself makes no row: the barcode stays the one place where it
    is said, and correcting it there is enough.
    """

    _inherit = "amazon.b2b.product.mapping"

    def _match(self, company, wanted):
        """Look up many order lines with one query for each kind of source.

        :param wanted: list of (connection, identifiers) as the papers have them
        :return: list of :class:`Match`, in the same order
        """
        keys = {
            key_of(identifier.qualifier, identifier.value)
            for _connection, identifiers in wanted
            for identifier in identifiers
        }
        rows = self._rows_of_keys(company, keys)
        known = self._products_of_keys(company, keys)
        return [
            self._judge(
                [
                    rows[connection.id, key]._meant_for(connection)
                    or rows[False, key]._meant_for(connection)
                    or key
                    for key in (key_of(i.qualifier, i.value) for i in identifiers)
                ],
                known,
                connection.kind != "seller",
            )
            for connection, identifiers in wanted
        ]

    def _meant_for(self, connection):
        """Those of rows that say something to a connection: a seller's customer has
        bought already, and is given no answer instead."""
        if connection.kind != "seller":
            return self
        return self.filtered("product_id")

    def _rows_of_keys(self, company, keys):
        """{(connection id or False, key): rows} of the table."""
        rows = defaultdict(self.browse)
        for row in self.search_fetch(
            [("company_id", "=", company.id), ("value", "in", list(spellings(keys)))],
            [
                "connection_id",
                "qualifier",
                "value",
                "product_id",
                "answer_code_id",
                "pack_size",
            ],
        ):
            rows[row.connection_id.id, key_of(row.qualifier, row.value)] += row
        return rows

    def _products_of_keys(self, company, keys):
        """{key: {product: pack size}} by barcode, packaging and internal reference."""
        known = defaultdict(dict)
        barcodes = list(spellings(key for key in keys if key[0] == GTIN))
        references = [value for kind, value in keys if kind in REFERENCE_QUALIFIERS]
        ours = [("company_id", "in", [company.id, False])]
        products = self.env["product.product"]
        if barcodes:
            for packaging in self.env["product.uom"].search(
                [
                    ("barcode", "in", barcodes),
                    ("product_id.company_id", "in", [company.id, False]),
                    ("product_id.active", "=", True),
                    *ours,
                ]
            ):
                key = (GTIN, gtin.normal(packaging.barcode))
                known[key][packaging.product_id] = packaging.uom_id.factor
            for product in products.search_fetch(
                [("barcode", "in", barcodes), *ours], ["barcode"]
            ):
                known[GTIN, gtin.normal(product.barcode)].setdefault(product, 0)
        if references:
            for product in products.search_fetch(
                [("default_code", "in", references), *ours], ["default_code"]
            ):
                for qualifier in REFERENCE_QUALIFIERS:
                    known[qualifier, product.default_code].setdefault(product, 0)
        return known

    def _judge(self, clues, known, may_answer):
        """One line's :class:`Match`; ``clues`` are rows of the table or bare keys."""
        if not clues:
            return Match(problem=UNNAMED)
        choices, pack_sizes = [], []
        for clue in clues:
            if isinstance(clue, tuple):
                found = known.get(clue, {})
            elif clue.answer_code_id and may_answer:
                return Match(answer=clue.answer_code_id[0])
            else:
                found = {row.product_id: row.pack_size for row in clue}
            if found:
                choices.append(found.keys())
                pack_sizes.append(found)
        if not choices:
            return Match(problem=UNKNOWN)
        common = set.intersection(*map(set, choices))
        if len(common) != 1:
            return Match(problem=AMBIGUOUS if common else CONFLICT)
        product = common.pop()
        if product.type == "combo":
            return Match(problem=COMBO)
        sizes = (found[product] for found in pack_sizes)
        return Match(product=product, pack_size=next(filter(None, sizes), 0))
