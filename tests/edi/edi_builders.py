"""Documents and files for the tests: small, readable, and made here."""

import datetime
import random
from decimal import Decimal

import edi
from edi.documents import (
    Acknowledgement,
    AcknowledgementLine,
    Charge,
    Container,
    Decision,
    ElementNote,
    FunctionalAcknowledgement,
    Identifier,
    Invoice,
    InvoiceLine,
    Party,
    PaymentTerms,
    PurchaseOrder,
    PurchaseOrderLine,
    QualifiedDate,
    Reference,
    SegmentNote,
    SetResponse,
    ShipNotice,
    ShippedItem,
    Tax,
)

MOMENT = datetime.datetime(2026, 3, 9, 14, 5)
DAY = MOMENT.date()

ORDER = (
    "BEG*00*NE*4HQ7EBLG**20260309",
    "REF*CR*ABCDE",
    "CSH*N",
    "DTM*064*20260312",
    "DTM*063*20260319",
    "N1*ST**92*ABE2",
    "PO1*1*12*EA*3.5*PE*EN*4006381333931",
    "PO1*2*4*CA*42*PE*UP*036000291452",
    "CTT*2*16",
)


def isa(**fields: str) -> str:
    values = {
        "sender": "AMAZON",
        "receiver": "VENDOR",
        "date": "260309",
        "time": "1405",
        "standard": "U",
        "version": "00401",
        "number": "000000042",
        "asked": "0",
        "usage": "P",
        "component": ">",
        **fields,
    }
    return (
        "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}"
        "*{date}*{time}"
        "*{standard}*{version}*{number}*{asked}*{usage}*{component}"
    ).format(**values)


def gs(code: str = "PO", number: str = "7", version: str = "004010") -> str:
    return f"GS*{code}*AMAZON*VENDOR*20260309*1405*{number}*X*{version}"


def a_set(*body: str, code: str = "850", number: str = "0001") -> list[str]:
    return [f"ST*{code}*{number}", *body, f"SE*{len(body) + 2}*{number}"]


def segments(*body: str, code: str = "850", group: str = "PO") -> list[str]:
    """A whole interchange with one set, as a list of segments."""
    return [
        isa(),
        gs(group),
        *a_set(*body, code=code),
        "GE*1*7",
        "IEA*1*000000042",
    ]


def file(*body: str, code: str = "850", group: str = "PO", end: str = "~") -> bytes:
    """A whole file with one set."""
    return (end.join(segments(*body, code=code, group=group)) + end).encode()


def message(*body: str, code: str = "850", group: str = "PO") -> edi.Message:
    (found,) = edi.read(file(*body, code=code, group=group)).messages
    return found


def envelope(**fields: object) -> edi.Envelope:
    values: dict[str, object] = {
        "sender": "VENDOR",
        "receiver": "AMAZON",
        "moment": MOMENT,
        "interchange_control_number": 42,
        "group_control_number": 7,
        **fields,
    }
    return edi.Envelope(**values)  # type: ignore[arg-type]


def sscc(serial: int) -> str:
    body = f"3401234{serial:010d}"
    weighted = sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(body))
    return body + str(-weighted % 10)


class Random:
    """Random documents that are fit to be sent, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def maybe(self, value: object, absent: object) -> object:
        return value if self.dice.random() < 0.5 else absent

    def text(self, shortest: int, longest: int, alphabet: str = "") -> str:
        signs = alphabet or "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        length = self.dice.randint(shortest, longest)
        return "".join(self.dice.choice(signs) for _ in range(length))

    def words(self, longest: int) -> str:
        """Text that people read, with blanks inside and signs that are no delimiter."""
        inner = self.text(0, longest - 2, "abc XYZ 019 .,-/()&'")
        return f"A{inner}z"

    def number(self, low: int, high: int, decimals: int = 0) -> Decimal:
        scale = 10**decimals
        return Decimal(self.dice.randint(low * scale, high * scale)) / Decimal(scale)

    def date(self) -> datetime.date:
        return DAY + datetime.timedelta(days=self.dice.randint(-3000, 3000))

    def moment(self) -> datetime.datetime:
        seconds = self.dice.randint(0, 10**8)
        return MOMENT + datetime.timedelta(seconds=seconds)

    def identifiers(self, most: int = 10) -> tuple[Identifier, ...]:
        return tuple(
            Identifier(
                qualifier=self.dice.choice(("EN", "UP", "BP", "VN", "IB")),
                value=self.text(1, 48),
            )
            for _ in range(self.dice.choice((1, 1, 1, 2, most)))
        )

    def party(self, role: str) -> Party:
        return Party(
            role=role,
            code=self.text(2, 12),
            code_qualifier=self.dice.choice(("92", "15", "ZZ")),
            name=self.words(60) if self.dice.random() < 0.7 else "",
            additional_name=self.words(60) if self.dice.random() < 0.3 else "",
            street=self.words(55),
            street2=self.words(55) if self.dice.random() < 0.3 else "",
            city=self.words(30),
            state=self.text(2, 2),
            postal_code=self.text(5, 10),
            country=self.text(2, 2),
            tax_number=self.text(5, 15) if self.dice.random() < 0.3 else "",
        )

    def price(self) -> Decimal:
        return self.number(0, 5000, self.dice.choice((0, 2, 4)))

    def line_fields(self, index: int) -> dict[str, object]:
        return {
            "number": str(index),
            "quantity": self.number(1, 500),
            "unit": self.dice.choice(("EA", "CA")),
            "price": self.price(),
            "price_basis": self.dice.choice(("", "PE", "RE")),
            "identifiers": self.identifiers(),
            "list_price": self.maybe(self.price(), None),
        }

    def count(self) -> int:
        """Few lines or many, so that both ways of reading and writing are tried."""
        return self.dice.choice((1, 2, 5, 40))

    def purchase_order(self) -> PurchaseOrder:
        lines = []
        some = self.dice.random() < 0.5
        for index in range(1, self.count() + 1):
            fields = self.line_fields(index)
            if some:
                fields["description"] = self.maybe(self.words(80), "")
                fields["pack"] = self.maybe(self.dice.randint(1, 999), None)
                fields["dates"] = self.maybe(self.dates(), ())
            lines.append(PurchaseOrderLine(**fields))  # type: ignore[arg-type]
        return PurchaseOrder(
            number=self.text(1, 22),
            purpose="00",
            kind=self.dice.choice(("NE", "CN", "NP", "RO")),
            date=self.date(),
            vendor_code=self.text(5, 5),
            promotion=self.text(0, 30),
            ship_to=self.party("ST"),
            parties=tuple(self.party(role) for role in ("BT", "BY", "VN")),
            back_order_allowed=self.dice.choice((None, True, False)),
            freight_payer=self.dice.choice(("", "CC", "PP")),
            freight_terms=self.dice.choice(("", "DDP", "CFR")),
            deliver_not_before=self.date(),
            deliver_not_after=self.date(),
            dates=self.dates(),
            references=(
                Reference(qualifier="DP", value=self.text(1, 30), text=self.words(80)),
            ),
            currency=self.dice.choice(("", "USD", "CAD")),
            packaging=tuple(self.words(80) for _ in range(self.dice.randint(0, 3))),
            notes=tuple(self.words(264) for _ in range(self.dice.randint(0, 3))),
            tax=self.dice.choice((None, self.number(0, 100, 2))),
            total=self.dice.choice((None, self.number(0, 10000, 2))),
            lines=tuple(lines),
        )

    def dates(self) -> tuple[QualifiedDate, ...]:
        return tuple(
            QualifiedDate(qualifier=code, date=self.date()) for code in ("010", "037")
        )

    def acknowledgement(self) -> Acknowledgement:
        lines = []
        for index in range(1, self.count() + 1):
            fields = self.line_fields(index)
            quantity = int(str(fields["quantity"]))
            accepted = self.dice.randint(0, quantity)
            decisions = [("IA", accepted)]
            if accepted < quantity:
                decisions.append(("IR", quantity - accepted))
            dated = self.dice.random() < 0.5
            lines.append(
                AcknowledgementLine(
                    **fields,  # type: ignore[arg-type]
                    decisions=tuple(
                        Decision(
                            code=code,
                            quantity=Decimal(share),
                            unit=str(fields["unit"]),
                            date_qualifier="068" if dated else "",
                            date=self.date() if dated else None,
                        )
                        for code, share in decisions
                    ),
                )
            )
        return Acknowledgement(
            order_number=self.text(1, 22),
            order_date=self.date(),
            date=self.dice.choice((None, self.date())),
            kind=self.dice.choice(("AC", "AD", "RD")),
            vendor_code=self.text(0, 5),
            ship_to=self.dice.choice((None, self.party("ST"))),
            lines=tuple(lines),
        )

    def invoice(self) -> Invoice:
        lines = []
        for index in range(1, self.count() + 1):
            fields = self.line_fields(index)
            fields["price"] = self.number(1, 500, 2)
            fields["order_number"] = self.maybe(self.text(1, 22), "")
            fields["description"] = self.maybe(self.words(80), "")
            fields["discount"] = (
                None if fields["list_price"] is None else Decimal("0.45")
            )
            lines.append(InvoiceLine(**fields))  # type: ignore[arg-type]
        tax = Tax(
            kind="VA",
            amount=self.number(0, 100, 2),
            rate=Decimal(19),
            base=self.number(1, 1000, 2),
            registration=self.text(5, 15),
        )
        amount = self.number(1, 50, 2)
        charge = Charge(
            indicator=self.dice.choice("AC"),
            code="D240",
            amount=amount,
            text=self.words(80),
        )
        total = sum((line.quantity * (line.price or 0) for line in lines), tax.amount)
        total += amount if charge.indicator == "C" else -amount
        return Invoice(
            number=self.text(1, 22),
            date=self.date(),
            total=total,
            order_number=self.text(1, 22),
            order_date=self.date(),
            kind=self.dice.choice(("", "DI")),
            currency="USD",
            vendor_code=self.text(0, 5),
            remit_to=self.party("RI"),
            bill_to=self.party("BT"),
            ship_to=self.dice.choice((None, self.party("ST"))),
            terms=PaymentTerms(
                kind="01",
                basis="3",
                discount_percent=self.number(0, 9, 1),
                discount_days=10,
                net_days=60,
                text=self.words(80),
            ),
            lines=tuple(lines),
            charges=(charge,),
            taxes=(tax,),
        )

    def item(self, order: str, line: int) -> ShippedItem:
        return ShippedItem(
            order_number=order,
            line_number=str(line),
            quantity=self.number(1, 90),
            unit="EA",
            identifiers=self.identifiers(15),
            lot=self.text(0, 12),
            expiry=self.dice.choice((None, self.date())),
            manufactured=self.dice.choice((None, self.date())),
        )

    def ship_notice(self, structure: str) -> ShipNotice:
        containers: list[Container] = []
        items: list[ShippedItem] = []
        serial = self.dice.randint(1, 10**9)
        line = 0
        for order in (f"ORDER{n}" for n in range(self.dice.randint(1, 3))):
            for _ in range(self.dice.randint(1, 4)):
                line += 1
                serial += 10
                if structure == "SOI":
                    items.append(self.item(order, line))
                else:
                    containers.append(self.container(structure, order, line, serial))
        return ShipNotice(
            number=self.text(2, 30),
            created=self.moment(),
            structure=structure,
            vendor_code=self.text(5, 5),
            shipped=self.moment(),
            estimated_delivery=self.dice.choice(
                (None, self.moment(), self.moment().astimezone(datetime.timezone.utc))
            ),
            ship_to=self.party("ST"),
            ship_from=self.party("SF"),
            scac=self.text(2, 4),
            carrier=self.words(35),
            transport_mode="M",
            trailer=self.text(0, 10),
            bill_of_lading=self.text(8, 30),
            arn=self.text(10, 10, "0123456789"),
            pro_number=self.text(0, 20),
            tracking=self.text(0, 30),
            seal=self.text(0, 10),
            freight_payer="CC",
            carton_count=self.dice.randint(0, 9),
            pallet_count=self.dice.randint(1, 9),
            weight=self.number(1, 900, 1),
            weight_unit="LB",
            containers=tuple(containers),
            items=tuple(items),
        )

    def container(
        self, structure: str, order: str, line: int, serial: int
    ) -> Container:
        if structure == "SOTPI":
            inner = tuple(
                self.container("SOPI", order, line, serial + n) for n in (1, 2)
            )
            return Container(kind="pallet", sscc=sscc(serial), containers=inner)
        return Container(
            kind="pallet" if structure == "SOTI" else "carton",
            sscc=sscc(serial),
            tracking=self.text(0, 20),
            weight=self.dice.choice((None, self.number(1, 90, 2))),
            items=(self.item(order, line),),
        )

    def functional_acknowledgement(self) -> FunctionalAcknowledgement:
        note = SegmentNote(
            segment="PO1",
            position=self.dice.randint(1, 999),
            loop=self.text(0, 6),
            code="8",
            elements=(
                ElementNote(
                    position=2, code="6", component=1, reference="330", value="x1"
                ),
                ElementNote(position=4, code="1"),
            ),
        )
        sets = tuple(
            SetResponse(
                set_code="850",
                control_number=f"{n:04}",
                status=self.dice.choice("AER"),
                codes=self.dice.choice(((), ("5",), ("4", "5"))),
                segments=self.dice.choice(((), (note,), (note, note))),
            )
            for n in range(self.dice.randint(0, 3))
        )
        return FunctionalAcknowledgement(
            group_code="PO",
            group_control_number=self.text(1, 9, "123456789"),
            status=self.dice.choice("AEPR"),
            sets_included=self.dice.randint(1, 9),
            sets_received=self.dice.randint(1, 9),
            sets_accepted=self.dice.randint(0, 9),
            codes=self.dice.choice(((), ("5",))),
            sets=sets,
        )
