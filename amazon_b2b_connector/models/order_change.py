"""What differs between two purchase orders of the same number, in words.

Amazon changes orders after it sent them (window, quantity, cost, lines, fulfilment
centre) and sends no X12 860; what comes is the 850 again.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# X12 element 353 (BEG01): what the sender means by the paper
WHOLE_ORDER = frozenset({"", "00", "05", "06", "07"})
PURPOSES = {
    "01": _lt("cancellation"),
    "02": _lt("addition"),
    "03": _lt("deletion"),
    "04": _lt("change"),
}

# field of the order, what a person calls it
HEAD = (
    ("kind", _lt("order type")),
    ("date", _lt("order date")),
    ("vendor_code", _lt("vendor code")),
    ("promotion", _lt("promotion")),
    ("ship_to", _lt("fulfilment centre")),
    ("deliver_not_before", _lt("deliver not before")),
    ("deliver_not_after", _lt("deliver not after")),
    ("back_order_allowed", _lt("back order allowed")),
    ("freight_payer", _lt("freight payer")),
    ("freight_terms", _lt("freight terms")),
    ("currency", _lt("currency")),
    ("packaging", _lt("packaging")),
    ("tax", _lt("tax")),
    ("total", _lt("total")),
    ("dates", _lt("dates")),
    ("references", _lt("references")),
    ("parties", _lt("parties")),
    ("notes", _lt("notes")),
)
LINE = (
    ("quantity", _lt("quantity")),
    ("unit", _lt("unit")),
    ("price", _lt("price")),
    ("price_basis", _lt("price basis")),
    ("list_price", _lt("list price")),
    ("discount", _lt("discount")),
    ("pack", _lt("pack")),
    ("identifiers", _lt("product")),
    ("dates", _lt("dates")),
)


def differences(env, earlier, later):
    """The differences between two :class:`edi.PurchaseOrder`, one text each.

    Lines are the same line when they have the same number and, where a number is
    used twice, the same turn. A description is no difference.
    """
    texts = []
    if later.purpose not in WHOLE_ORDER:
        texts.append(
            env._(
                "it is a %(purpose)s (BEG01 %(code)s)",
                purpose=PURPOSES.get(later.purpose, "?"),
                code=later.purpose,
            )
        )
    texts += _changed(env, HEAD, earlier, later)
    before, after = _by_number(earlier), _by_number(later)
    for key, line in before.items():
        if key not in after:
            texts.append(
                env._(
                    "line %(line)s is gone (%(quantity)s %(unit)s)",
                    line=key[0],
                    quantity=_text(line.quantity),
                    unit=line.unit,
                )
            )
    for key, line in after.items():
        if key not in before:
            texts.append(
                env._(
                    "line %(line)s is new: %(quantity)s %(unit)s of %(product)s",
                    line=key[0],
                    quantity=_text(line.quantity),
                    unit=line.unit,
                    product=_text(line.identifiers),
                )
            )
            continue
        texts += [
            env._("line %(line)s: %(change)s", line=key[0], change=change)
            for change in _changed(env, LINE, before[key], line)
        ]
    return texts


def _changed(env, table, earlier, later):
    return [
        env._(
            "%(what)s %(before)s → %(after)s",
            what=label,
            before=_text(getattr(earlier, name)),
            after=_text(getattr(later, name)),
        )
        for name, label in table
        if getattr(earlier, name) != getattr(later, name)
    ]


def _by_number(paper):
    lines, turns = {}, {}
    for line in paper.lines:
        turn = turns[line.number] = turns.get(line.number, 0) + 1
        lines[line.number, turn] = line
    return lines


def _text(value):
    """A value as a person writes it; nothing is a dash."""
    if value in (None, "", ()):
        return "–"
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    for names in (("qualifier", "value"), ("qualifier", "raw"), ("code",), ("name",)):
        found = [getattr(value, name, "") for name in names]
        if all(found):
            return " ".join(found)
    return str(value)
