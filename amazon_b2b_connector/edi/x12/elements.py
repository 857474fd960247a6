"""The X12 data elements that our segments use: type, lengths and name.

Source: X12 data element dictionary, releases 004010 and 005010. Types are those of
the standard: ``AN`` text, ``ID`` code, ``N0``/``N2`` whole number with that many
implied decimals, ``R`` decimal, ``DT`` date, ``TM`` time. ``TX`` is ours: an ``AN``
that people read, in which a character that may not travel is replaced, not refused;
``YN`` an ``ID`` of which only ``Y`` and ``N`` matter. Control and reference numbers of
type ``N0`` are ``AN`` here: they are compared, never counted with.
"""

from typing import NamedTuple


class DataElement(NamedTuple):
    kind: str
    shortest: int
    longest: int
    name: str


_4010 = {
    2: DataElement("N0", 1, 6, "number of accepted transaction sets"),
    19: DataElement("TX", 2, 30, "city name"),
    26: DataElement("ID", 2, 3, "country code"),
    28: DataElement("AN", 1, 9, "group control number"),
    40: DataElement("ID", 2, 2, "equipment description code"),
    66: DataElement("ID", 1, 2, "identification code qualifier"),
    67: DataElement("AN", 2, 80, "identification code"),
    76: DataElement("AN", 1, 30, "invoice number"),
    80: DataElement("N0", 1, 7, "lading quantity"),
    81: DataElement("R", 1, 10, "weight"),
    87: DataElement("AN", 1, 48, "marks and numbers"),
    88: DataElement("ID", 1, 2, "marks and numbers qualifier"),
    91: DataElement("ID", 1, 2, "transportation method code"),
    92: DataElement("ID", 2, 2, "purchase order type code"),
    93: DataElement("TX", 1, 60, "name"),
    97: DataElement("N0", 1, 6, "number of transaction sets included"),
    98: DataElement("ID", 2, 3, "entity identifier code"),
    100: DataElement("ID", 3, 3, "currency code"),
    103: DataElement("AN", 3, 5, "packaging code"),
    116: DataElement("ID", 3, 15, "postal code"),
    123: DataElement("N0", 1, 6, "number of received transaction sets"),
    127: DataElement("AN", 1, 30, "reference identification"),
    128: DataElement("ID", 2, 3, "reference identification qualifier"),
    133: DataElement("ID", 1, 2, "routing sequence code"),
    143: DataElement("ID", 3, 3, "transaction set identifier code"),
    146: DataElement("ID", 2, 2, "shipment method of payment"),
    156: DataElement("ID", 2, 2, "state or province code"),
    166: DataElement("TX", 1, 55, "address information"),
    187: DataElement("ID", 1, 1, "weight qualifier"),
    207: DataElement("AN", 1, 10, "equipment number"),
    212: DataElement("R", 1, 17, "unit price"),
    234: DataElement("AN", 1, 48, "product or service id"),
    235: DataElement("ID", 2, 2, "product or service id qualifier"),
    236: DataElement("ID", 3, 3, "price identifier code"),
    248: DataElement("ID", 1, 1, "allowance or charge indicator"),
    264: DataElement("TX", 1, 264, "free-form message text"),
    324: DataElement("AN", 1, 22, "purchase order number"),
    325: DataElement("AN", 1, 20, "tax identification number"),
    329: DataElement("AN", 4, 9, "transaction set control number"),
    330: DataElement("R", 1, 9, "quantity ordered"),
    333: DataElement("ID", 1, 2, "terms basis date code"),
    335: DataElement("ID", 3, 3, "transportation terms code"),
    336: DataElement("ID", 2, 2, "terms type code"),
    337: DataElement("TM", 4, 8, "time"),
    338: DataElement("R", 1, 6, "terms discount percent"),
    347: DataElement("R", 1, 10, "hash total"),
    349: DataElement("ID", 1, 1, "item description type"),
    350: DataElement("AN", 1, 20, "assigned identification"),
    351: DataElement("N0", 1, 3, "terms discount days due"),
    352: DataElement("TX", 1, 80, "description"),
    353: DataElement("ID", 2, 2, "transaction set purpose code"),
    354: DataElement("N0", 1, 6, "number of line items"),
    355: DataElement("ID", 2, 2, "unit of measurement code"),
    356: DataElement("N0", 1, 6, "pack"),
    358: DataElement("R", 1, 10, "quantity invoiced"),
    373: DataElement("DT", 8, 8, "date"),
    374: DataElement("ID", 3, 3, "date/time qualifier"),
    380: DataElement("R", 1, 15, "quantity"),
    382: DataElement("R", 1, 10, "number of units shipped"),
    386: DataElement("N0", 1, 3, "terms net days"),
    387: DataElement("TX", 1, 35, "routing"),
    396: DataElement("AN", 2, 30, "shipment identification"),
    441: DataElement("ID", 1, 1, "tax exempt code"),
    447: DataElement("AN", 1, 6, "loop identifier code"),
    479: DataElement("ID", 2, 2, "functional identifier code"),
    522: DataElement("ID", 1, 3, "amount qualifier code"),
    587: DataElement("ID", 2, 2, "acknowledgment type"),
    596: DataElement("YN", 1, 1, "sales requirement code"),
    610: DataElement("N2", 1, 15, "amount"),
    623: DataElement("ID", 2, 2, "time code"),
    628: DataElement("AN", 1, 12, "hierarchical id number"),
    639: DataElement("ID", 2, 2, "basis of unit price code"),
    640: DataElement("ID", 2, 2, "transaction type code"),
    648: DataElement("ID", 3, 3, "price multiplier qualifier"),
    649: DataElement("R", 1, 10, "multiplier"),
    668: DataElement("ID", 2, 2, "line item status code"),
    715: DataElement("ID", 1, 1, "functional group acknowledge code"),
    716: DataElement("ID", 1, 3, "functional group syntax error code"),
    717: DataElement("ID", 1, 1, "transaction set acknowledgment code"),
    718: DataElement("ID", 1, 3, "transaction set syntax error code"),
    719: DataElement("N0", 1, 6, "segment position in transaction set"),
    720: DataElement("ID", 1, 3, "segment syntax error code"),
    721: DataElement("ID", 2, 3, "segment id code"),
    722: DataElement("N0", 1, 2, "element position in segment"),
    723: DataElement("ID", 1, 3, "data element syntax error code"),
    724: DataElement("TX", 1, 99, "copy of bad data element"),
    725: DataElement("AN", 1, 4, "data element reference number"),
    735: DataElement("ID", 1, 2, "hierarchical level code"),
    737: DataElement("ID", 2, 2, "measurement reference id code"),
    738: DataElement("ID", 1, 3, "measurement qualifier"),
    739: DataElement("R", 1, 20, "measurement value"),
    753: DataElement("ID", 1, 5, "packaging characteristic code"),
    782: DataElement("R", 1, 18, "monetary amount"),
    828: DataElement("R", 1, 10, "dollar basis for percent"),
    954: DataElement("R", 1, 10, "percent"),
    963: DataElement("ID", 1, 2, "tax type code"),
    1005: DataElement("ID", 4, 4, "hierarchical structure code"),
    1300: DataElement("ID", 4, 4, "service, promotion, allowance or charge code"),
    1528: DataElement("N0", 1, 2, "component data element position in composite"),
}

# Only what release 005010 changed about the elements above.
_5010 = {
    127: DataElement("AN", 1, 50, "reference identification"),
    207: DataElement("AN", 1, 15, "equipment number"),
    234: DataElement("AN", 1, 80, "product or service id"),
    330: DataElement("R", 1, 15, "quantity"),
    358: DataElement("R", 1, 15, "quantity invoiced"),
    382: DataElement("R", 1, 15, "number of units shipped"),
}

RELEASES = {"004010": _4010, "005010": {**_4010, **_5010}}
ELEMENTS = _4010


def release_of(version: str) -> str:
    """The release whose lengths hold for a version such as ``004010VICS``."""
    return "005010" if version[:6] >= "005" else "004010"
