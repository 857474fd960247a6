"""EDI messages to documents and back. Bytes and values only: no Odoo, no network.

::

    reading = edi.read(data)                 # never raises on foreign bytes
    for interchange in reading.interchanges:
        for group in interchange.groups:
            answer = edi.acknowledge(group)  # the 997 to send back
            for message in group.messages:
                message.document, message.issues
    data = edi.write(envelope, [acknowledgement])
"""

from .documents import (
    EACH,
    Acknowledgement,
    AcknowledgementLine,
    Charge,
    Container,
    Decision,
    Document,
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
    is_per_piece,
)
from .interchanges import (
    Delimiters,
    Envelope,
    Group,
    Interchange,
    Issue,
    Limits,
    Message,
    Options,
    Reading,
    WriteError,
)
from .jsonform import from_json, to_json
from .x12 import registry
from .x12.acknowledge import acknowledge
from .x12.compare import same
from .x12.read import read
from .x12.schema import Message as MessageType
from .x12.write import check, write

# X12 element 479 (GS01) of each transaction set.
GROUP_CODES = {code: known.group for code, known in registry.messages().items()}


def code_of(document: Document) -> str:
    """The code of the message that carries ``document``, such as ``"850"``."""
    return registry.message_of(document).code


def message(code: str) -> MessageType | None:
    """The description of a message by its code; ``None`` if it is unknown."""
    return registry.messages().get(code)


__all__ = [
    "EACH",
    "Acknowledgement",
    "AcknowledgementLine",
    "Charge",
    "Container",
    "Decision",
    "Delimiters",
    "Document",
    "ElementNote",
    "Envelope",
    "FunctionalAcknowledgement",
    "GROUP_CODES",
    "Group",
    "Identifier",
    "Interchange",
    "Invoice",
    "InvoiceLine",
    "Issue",
    "Limits",
    "Message",
    "MessageType",
    "Options",
    "Party",
    "PaymentTerms",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "QualifiedDate",
    "Reading",
    "Reference",
    "SegmentNote",
    "SetResponse",
    "ShipNotice",
    "ShippedItem",
    "Tax",
    "WriteError",
    "acknowledge",
    "check",
    "code_of",
    "from_json",
    "is_per_piece",
    "message",
    "read",
    "same",
    "to_json",
    "write",
]
