"""Builders for tests of the exchange: a pair of stations, and Amazon's side of it."""

import contextlib
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .. import as2, vault

PO = (
    "ISA*00*          *00*          *ZZ*AMAZON         *ZZ*VENDOR         "
    "*261121*1200*U*00401*{control:09d}*0*{usage}*>~"
    "GS*PO*AMAZON*VENDOR*20261121*1200*{control}*X*004010~"
    "ST*850*0001~BEG*00*NE*{number}**20261121~REF*CR*ABCD5~CSH*N~"
    "DTM*064*20261201~DTM*063*20261210~N1*ST**92*PHX3~"
    "PO1*1*{quantity}*EA*9.5*PE*UP*012345678905~CTT*1*{quantity}~"
    "SE*10*0001~GE*1*{control}~IEA*1*{control:09d}~"
)


def purchase_order(number="4HQ7EBLG", control=1, quantity=10, usage="P"):
    """An 850 as Amazon sends it, as bytes."""
    return PO.format(
        number=number, control=control, quantity=quantity, usage=usage
    ).encode()


class ExchangeMixin:
    """Sets up one connection and holds Amazon's keys."""

    @classmethod
    def set_up_exchange(cls):
        cls.documents = cls.env["amazon.b2b.document"]
        cls.transmissions = cls.env["amazon.b2b.transmission"]
        cls.amazon_key = as2.PrivateKey.generate("AMAZONTEST", days=30)
        cls.own_key = as2.PrivateKey.generate("VENDORTEST", days=30)
        stations = cls.env["amazon.b2b.station"]
        cls.own_station = stations.create(
            {"name": "Us", "kind": "own", "as2_id": "VENDORTEST"}
        )
        cls.amazon_station = stations.create(
            {
                "name": "Amazon",
                "kind": "partner",
                "as2_id": "AMAZONTEST",
                "url": "http://127.0.0.1:9/as2",
            }
        )
        certificates = cls.env["amazon.b2b.certificate"]
        certificates.create(
            {
                "station_id": cls.own_station.id,
                "pem": cls.own_key.certificate.to_pem().decode(),
            }
        ).sealed_key = vault.seal(cls.env, cls.own_key.to_pem())
        certificates.create(
            {
                "station_id": cls.amazon_station.id,
                "pem": cls.amazon_key.certificate.to_pem().decode(),
            }
        )
        cls.connection = cls.env["amazon.b2b.connection"].create(
            {
                "name": "Amazon Vendor US",
                "own_edi_id": cls.env["amazon.b2b.edi.id"]
                .create({"qualifier": "ZZ", "identifier": "VENDOR"})
                .id,
                "own_station_id": cls.own_station.id,
                "partner_station_id": cls.amazon_station.id,
                "vendor_code_ids": [(0, 0, {"code": "ABCD5"})],
            }
        )
        cls.amazon = as2.Identity(as2_id="AMAZONTEST", keys=(cls.amazon_key,))
        cls.vendor_as_seen = as2.Station(
            as2_id="VENDORTEST", certificates=(cls.own_key.certificate,)
        )

    def arrive(self, payload):
        """A file from the connection, decoded."""
        transmission = self.transmissions._receive(
            {
                "transport": "file",
                "company_id": self.env.company.id,
                "connection_id": self.connection.id,
                **self.transmissions._payload_values(payload),
            }
        )
        transmission._decode()
        return transmission

    def send(self):
        """One run of the outbox and of the sender, without their commits."""
        for document in self.documents.search(
            [("state", "=", "ready"), ("transmission_id", "=", False)]
        ):
            document._encode_safely()
        for transmission in self.transmissions.search(
            [("state", "=", "ready"), ("direction", "=", "out")]
        ):
            transmission._claim_attempt()
            self.attempt(transmission)

    def attempt(self, transmission):
        """Send once, as a run of the sender does, without its commits."""
        url = transmission.partner_station_id.url
        transmission._conclude(transmission._post(url, "headers", "wire"))

    def message(self, payload, message_id="<1@amazon>", key=None, **station):
        """What Amazon would post: headers and body."""
        sender = as2.Identity(as2_id="AMAZONTEST", keys=(key or self.amazon_key,))
        receiver = as2.Station(
            as2_id="VENDORTEST",
            certificates=(self.own_key.certificate,),
            **station,
        )
        return as2.build_message(
            payload,
            sender,
            receiver,
            message_id=message_id,
            date=datetime.now(timezone.utc),
        )

    def receipt(self, message, response):
        """Amazon's view of our MDN."""
        return as2.receive_mdn(
            response.headers,
            response.content,
            as2.PendingMessage(
                message_id=message.headers["Message-ID"],
                mic=message.mic,
                mic_algorithm=message.mic_algorithm,
            ),
            self.vendor_as_seen,
        )


@contextlib.contextmanager
def amazon_listens(test, answer=None):
    """A real HTTP server that is Amazon's station; yields it, with ``received``.

    :param answer: called with headers and body, returns (status, headers, body);
        without it every authentic message gets its signed MDN.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.received.append((dict(self.headers), body))
            status, headers, content = (answer or proper)(dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    def proper(headers, body):
        message = as2.receive_message(headers, body, test.vendor_as_seen, test.amazon)
        server.payloads.append(message.payload)
        mdn = as2.build_mdn(
            original=headers,
            receipt=message.receipt,
            identity=test.amazon,
            mic=message.mic,
            disposition="processed",
            text="ok",
            message_id="<mdn@amazon>",
            date=datetime.now(timezone.utc),
        )
        return 200, mdn.headers, mdn.body

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.payloads = [], []
    server.url = f"http://127.0.0.1:{server.server_port}/as2"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
