"""A stand-in Amazon Vendor for the demo and the tests.

It runs in its own process, speaks AS2 with `pyas2lib`, and reads and judges X12
with code of its own: it shares nothing with the addon, so that an error in the
addon cannot excuse itself here. It talks to loopback addresses only.

From Python (standard library only, see `client.Simulator`)::

    from simulator.client import Simulator

    with Simulator(state="…/amazon", python="…/venv/bin/python") as amazon:
        amazon.configure(
            vendor_url="http://127.0.0.1:8069/…", vendor_as2_id="VENDOR",
            vendor_certificate=pem, vendor_isa_id="5551234567",
        )
        vendor_needs = amazon.status()          # as2_url, as2_id, certificate, ids
        amazon.send_order({
            "po_number": "4HQ7EBLG", "vendor_code": "ABCD5", "ship_to": "PHX3",
            "freight": "CC", "lines": [
                {"quantity": 10, "price": "9.50",
                 "products": [["EN", "4006381333931"]]},
            ],
        })
        amazon.wait_for(lambda event: event["kind"] == "997-received", 30)
        amazon.verdicts("4HQ7EBLG")             # what Amazon says, in words

Further calls: `send_orders` (several per interchange and message), `send_file_orders`
(the 850s of a file of one's own), `send_raw`, `resend` (same message, or same
interchange in a new one), `fault` (a slip on demand, see `faults`), `advance_clock`,
`orders`, `deadlines`, `outbox`, `events`, `latest`, `idle`, `drop`, `stop`, `kill`.

By hand: `python -m simulator --state DIR [--port 0] [--control-port 0]` prints one
JSON line with the ports when it is ready. The control API is JSON over HTTP on the
second port; its bearer token lies in `DIR/control-token`. `DIR` holds everything the
simulator knows (keys, orders, documents, events, control numbers, outbox), and a
process started again in it goes on where the earlier one stopped.

Where things are::

    x12         reader (tolerant) and writer of X12     structure    rules behind a 997
    station     AS2 through pyas2lib                    functional   the 997 itself
    reception   what a POST to /as2 leads to            acknowledgement, ship_notice,
    delivery    the outbox: post, MDN, resend           invoice      one judge each
    ordering    orders out                              books        what Amazon knows
    amazon      documents in, 997s, verdicts            faults       slips on demand
    userfile    850s of the user's own                  control      the JSON API

Words used in events: `kind` says what happened (`order-sent`, `mdn-received`,
`997-received`, `message-received`, `997-sent`, `verdict`, `duplicate`, `refused`, …),
`text` says it to a person, and the other keys carry the figures.
"""
