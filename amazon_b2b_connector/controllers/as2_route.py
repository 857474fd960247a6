"""The door through which Amazon's AS2 messages and receipts come in.

What is authentic is stored with its answer in one transaction, which Odoo commits
before it answers (``service/model.py``, ``retrying``). What is refused is an
ordinary answer too, never an exception: an exception would roll back its record.
"""

import hashlib
import logging
import threading
from datetime import datetime, timedelta, timezone

from odoo import fields, http
from odoo.exceptions import ConcurrencyError, UserError
from odoo.http import request
from psycopg2 import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from .. import as2
from ..models.station import ROUTE
from .as2_dispatcher import As2Dispatcher

_logger = logging.getLogger(__name__)

CHUNK = 64 * 1024
# refusals and duplicates kept an hour, each of them of each station, and of all
# strangers together; what comes above is only in the server's log
KEPT_AN_HOUR = 100
# decrypting costs time and memory: so many at once in one process, others wait
DECRYPTIONS = threading.BoundedSemaphore(4)
DECRYPTION_WAIT = 20  # seconds


class As2Route(http.Controller):
    @http.route(
        ROUTE,
        type=As2Dispatcher.routing_type,
        auth="public",
        methods=["POST"],
        save_session=False,
    )
    def receive(self):
        headers = dict(request.httprequest.headers)
        obstacle = request.env["amazon.b2b.origin"]._obstacle()
        if obstacle:
            _logger.warning("AS2 message turned away: %s", obstacle)
            return _plain(503, "This station does not exchange messages now.")
        try:
            envelope = as2.peek(headers)
        except as2.EnvelopeRefused as refusal:
            return _refuse(headers, None, refusal.person, status=refusal.http_status)
        pair = request.env["amazon.b2b.station"].sudo()._find_pair(envelope)
        if not pair:
            return _refuse(headers, None, "unknown station")
        body = _read_body(pair.max_size)
        if body is None:
            reason = "body over the limit"
            return _refuse(headers, None, reason, pair.own, pair.partner, 413)
        if not DECRYPTIONS.acquire(timeout=DECRYPTION_WAIT):
            return _plain(503, "Busy, try again.")
        try:
            if as2.peek(headers, body[:CHUNK]).is_mdn:
                return _take_receipt(headers, body, pair.own, pair.partner)
            return _take_message(headers, body, envelope, pair)
        finally:
            DECRYPTIONS.release()


def _take_message(headers, body, envelope, pair):
    """Store a message and answer with its receipt."""
    own, partner = pair.own, pair.partner
    transmissions = request.env["amazon.b2b.transmission"].sudo()
    try:
        identity, trusted = own._identity(), partner._partner()
    except UserError as error:
        return _refuse(headers, body, str(error), own, partner, 503)
    try:
        message = as2.receive_message(headers, body, trusted, identity)
    except as2.MessageRefused as refusal:
        _record_refusal(headers, body, refusal.person, own, partner, envelope)
        return _receipt(_refusing_mdn(envelope, refusal, identity))
    if earlier := transmissions._received_before(partner, envelope.message_id):
        return _repeat_receipt(headers, earlier, message)
    mdn = as2.build_mdn(
        original=envelope,
        receipt=message.receipt,
        mic=message.mic,
        disposition="processed",
        text="The message was received and stored.",
        **_own_mark(identity),
    )
    asynchronous = message.receipt and message.receipt.asynchronous_url
    values = {
        "name": envelope.message_id,
        "company_id": pair.company_id,
        "own_station_id": own.id,
        "partner_station_id": partner.id,
        "remote_address": request.httprequest.remote_addr,
        "message_id": envelope.message_id,
        "headers": transmissions._json(headers),
        "content_type": message.content_type,
        "filename": message.filename,
        "wire": transmissions._stored(body),
        "signed": message.signed,
        "encrypted": message.encrypted,
        "mic": message.mic,
        "mic_algorithm": message.mic_algorithm,
        **transmissions._payload_values(message.payload),
    }
    if message.receipt:
        values |= {
            "mdn_state": "ready" if asynchronous else "sent",
            "mdn_url": asynchronous,
            "mdn_headers": transmissions._json(mdn.headers),
            "mdn_body": transmissions._stored(mdn.body),
            "mdn_disposition": "processed",
            "mdn_date": fields.Datetime.now(),
            "next_attempt": fields.Datetime.now() if asynchronous else False,
        }
    try:
        transmissions._receive(values)
        request.env.flush_all()
    except IntegrityError as error:
        # the other of two at once has it; seen only by a new transaction
        raise ConcurrencyError("received twice at once") from error
    if asynchronous:
        transmissions._trigger_send()
        return _plain(202, "")
    return _receipt(mdn) if message.receipt else _plain(200, "")


def _refusing_mdn(envelope, refusal, identity):
    """The receipt that says no. It goes into this very answer even where another
    address was asked for: that header is not signed."""
    return as2.build_mdn(
        original=envelope,
        receipt=envelope.receipt,
        mic=refusal.mic,
        disposition=refusal.disposition,
        text=refusal.answer,
        **_own_mark(identity),
    )


def _repeat_receipt(headers, earlier, message):
    """Answer a repeated message with the receipt it got the first time."""
    _logger.info("AS2 message %s came again", earlier.message_id)
    if not _kept_enough("duplicate", earlier.partner_station_id):
        _record_duplicate(headers, earlier, message)
    if earlier.mdn_url:
        earlier._claim_all()  # it may be being decoded
        earlier.write({"mdn_state": "ready", "next_attempt": fields.Datetime.now()})
        earlier._trigger_send()
        return _plain(202, "")
    if not earlier.mdn_body:
        return _plain(200, "")
    return request.make_response(
        earlier._bytes("mdn_body"), list(earlier._headers("mdn_headers").items())
    )


def _record_duplicate(headers, earlier, message):
    earlier.create(
        {
            "direction": "in",
            "transport": "as2",
            "state": "duplicate",
            "original_id": earlier.id,
            "company_id": earlier.company_id.id,
            "own_station_id": earlier.own_station_id.id,
            "partner_station_id": earlier.partner_station_id.id,
            "remote_address": request.httprequest.remote_addr,
            "message_id": earlier.message_id,
            "headers": _kept_headers(headers),
            "size": len(message.payload),
            "sha256": hashlib.sha256(message.payload).hexdigest(),
            "reason": request.env._("This Message-ID was received before."),
        }
    )


def _take_receipt(headers, body, own, partner):
    """An asynchronous MDN: find what it answers, verify, move on."""
    message_id = as2.mdn_original_message_id(headers, body)
    pending = (
        request.env["amazon.b2b.transmission"]
        .sudo()
        .search(
            [
                ("direction", "=", "out"),
                ("partner_station_id", "=", partner.id),
                ("message_id", "=", message_id),
            ],
            limit=1,
        )
    )
    if not pending:
        return _refuse(headers, body, "receipt for an unknown message", own, partner)
    if pending.state == "delivered":
        return _plain(200, "")
    try:
        trusted = partner._partner()
    except UserError as error:
        return _refuse(headers, body, str(error), own, partner, 503)
    try:
        as2.receive_mdn(headers, body, pending._pending(), trusted)
    except as2.AS2Error as error:
        return _refuse(headers, body, str(error), own, partner)
    pending._claim_all()  # the sender may be writing it
    pending.document_ids._claim_all()
    pending._take_mdn(headers, body)
    return _plain(200, "")


def _read_body(limit):
    """The body, or nothing when it is longer than ``limit`` bytes.

    Read in pieces with a cap of its own: a chunked body has no Content-Length.
    It is kept on the request, since a transaction that runs again cannot read it
    again.
    """
    if not hasattr(request, "amazon_b2b_body"):
        length = request.httprequest.content_length
        request.amazon_b2b_body = (
            None if length and length > limit else _read_stream(limit)
        )
    return request.amazon_b2b_body


def _read_stream(limit):
    # Odoo's request offers get_data() only, which before werkzeug 2.3 reads a chunked
    # body without any limit
    stream = request.httprequest._HTTPRequest__wrapped.stream
    pieces, size = [], 0
    try:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > limit:
                return None
            pieces.append(piece)
    except RequestEntityTooLarge:
        return None
    return b"".join(pieces)


def _refuse(headers, body, reason, own=None, partner=None, status=403):
    """One answer for all that is not known here; the reason stays on our side."""
    _record_refusal(headers, body, reason, own, partner)
    return _plain(status, "The message was not accepted.")


def _record_refusal(headers, body, reason, own=None, partner=None, envelope=None):
    """Keep headers, size, hash and reason; no body, and at most so many an hour."""
    address = request.httprequest.remote_addr
    _logger.warning("AS2 message from %s refused: %s", address, reason)
    if _kept_enough("refused", partner):
        return
    request.env["amazon.b2b.transmission"].sudo().create(
        {
            "direction": "in",
            "transport": "as2",
            "state": "refused",
            "reason": reason,
            "company_id": own and own.company_id.id,
            "own_station_id": own and own.id,
            "partner_station_id": partner and partner.id,
            "remote_address": address,
            "message_id": envelope and envelope.message_id,
            "headers": _kept_headers(headers),
            "size": len(body or b""),
            "sha256": hashlib.sha256(body or b"").hexdigest(),
        }
    )


def _kept_enough(state, partner):
    """Whether this hour's share is used up. Each station has its own, so that
    strangers do not use it up."""
    recent = [
        ("state", "=", state),
        ("create_date", ">", fields.Datetime.now() - timedelta(hours=1)),
        ("partner_station_id", "=", partner.id if partner else False),
    ]
    transmissions = request.env["amazon.b2b.transmission"].sudo()
    return transmissions.search_count(recent, limit=KEPT_AN_HOUR) >= KEPT_AN_HOUR


def _kept_headers(headers):
    """Those of what is not taken, bounded: nobody signed them."""
    kept = {name: value[:500] for name, value in list(headers.items())[:50]}
    return request.env["amazon.b2b.transmission"]._json(kept)


def _own_mark(identity):
    return {
        "identity": identity,
        "message_id": as2.new_message_id("mdn"),
        "date": datetime.now(timezone.utc),
    }


def _receipt(mdn):
    return request.make_response(mdn.body, list(mdn.headers.items()))


def _plain(status, text):
    return request.make_response(
        text, [("Content-Type", "text/plain; charset=utf-8")], status=status
    )
