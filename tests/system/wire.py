"""The wire between Amazon and Odoo, where a test can stand and look or cut."""

import http.client
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# each hop says these for itself
HOP_BY_HOP = {"connection", "content-length", "host", "transfer-encoding"}
LOOPBACK = "127.0.0.1"
SECONDS = 60


@dataclass(frozen=True)
class Message:
    """An HTTP request as it came, or the answer to one (`status`)."""

    headers: dict
    body: bytes
    status: int = 0

    def named(self, message_id):
        """The same message under another Message-ID, which no signature covers."""
        return Message({**self.headers, "Message-ID": f"<{message_id}>"}, self.body)


def post(url, message, **headers):
    """Post `message`, with further `headers`; the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
    try:
        connection.request(
            "POST", parts.path, message.body, {**message.headers, **headers}
        )
        answer = connection.getresponse()
        return Message(dict(answer.getheaders()), answer.read(), answer.status)
    finally:
        connection.close()


class Cut(Exception):
    """The line breaks: the poster gets no answer."""


@contextmanager
def tapped(amazon, answer):
    """Let Amazon post to us instead of Odoo: `answer` is called with each `Message`
    and gives one with a status, or raises `Cut`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                given = answer(Message(_own(self.headers), body))
            except Cut:
                self.close_connection = True
                return
            self.send_response(given.status)
            for name, value in _own(given.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body)

        def log_message(self, *args):
            pass

    listener = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    before = amazon.status()["settings"]["vendor_url"]
    amazon.configure(vendor_url=f"http://{LOOPBACK}:{listener.server_port}/as2")
    try:
        yield
    finally:
        amazon.configure(vendor_url=before)
        listener.shutdown()
        listener.server_close()


def caught(amazon, order):
    """A message of Amazon's with that order, that never reached Odoo and never will by
    itself."""
    arrived, held = threading.Event(), []

    def keep(message):
        held.append(message)
        arrived.set()
        return Message({}, b"", 503)

    with tapped(amazon, keep):
        sent = amazon.send_order(order)
        assert arrived.wait(SECONDS)
        amazon.drop(sent["message_id"])
    return held[0], sent


def _own(headers):
    return {
        name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP
    }
