"""AS2 (RFC 4130): S/MIME messages and signed receipts over HTTP.

Bytes in, bytes out: this package opens no connection, reads no file and no clock, and
keeps nothing. The caller posts what :func:`build_message` gives and hands in what has
arrived.

    sending     build_message -> (HTTP) -> receive_mdn
    receiving   peek -> receive_message -> build_mdn

All that comes from outside is taken for hostile until a signature by one of the
station's certificates proves otherwise: time, memory and depth are bounded by the
size of the input, and a stranger learns nothing from the answer (``errors``).
Where a policy does not ask for signatures nobody is authenticated, and whoever can
post can find out about the plaintext of recorded messages: ask for signatures.
"""

from .envelope import Envelope, ReceiptRequest, new_message_id, peek
from .errors import (
    ANSWERS,
    AS2ConfigurationError,
    AS2Error,
    EnvelopeRefused,
    MdnRefused,
    MessageRefused,
    RemoteError,
)
from .incoming import IncomingMessage, receive_message
from .keys import Certificate, PrivateKey
from .mdn import (
    Mdn,
    MdnResult,
    PendingMessage,
    build_mdn,
    mdn_original_message_id,
    receive_mdn,
)
from .outgoing import OutgoingMessage, build_message
from .parties import Identity, Policy, Station

__all__ = [
    "ANSWERS",
    "AS2ConfigurationError",
    "AS2Error",
    "Certificate",
    "Envelope",
    "EnvelopeRefused",
    "Identity",
    "IncomingMessage",
    "Mdn",
    "MdnRefused",
    "MdnResult",
    "MessageRefused",
    "OutgoingMessage",
    "PendingMessage",
    "Policy",
    "PrivateKey",
    "ReceiptRequest",
    "RemoteError",
    "Station",
    "build_mdn",
    "build_message",
    "mdn_original_message_id",
    "new_message_id",
    "peek",
    "receive_mdn",
    "receive_message",
]
