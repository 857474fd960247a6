"""A stand-in Amazon for the demo and the tests: a vendor's side and a seller's.

The vendor's side runs in its own process, speaks AS2 with `pyas2lib`, and reads and
judges X12 with code of its own. No side shares anything with the addon, so that an
error in the addon cannot excuse itself here. All talk to loopback addresses only.

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

What both sides stand on: `running` (a process from its start to its end), `web`,
`commands` (control calls that both have), `store`, `faults`, `loopback`; and
`process`, from which both clients are made.

Words used in events: `kind` says what happened (`order-sent`, `mdn-received`,
`997-received`, `message-received`, `997-sent`, `verdict`, `duplicate`, `refused`, …),
`text` says it to a person, and the other keys carry the figures.

The seller's side is a process of its own that needs no library: LWA, Seller Central's
consent page, the Sellers, Orders 2026-01-01, Reports and Tokens APIs, the static
sandbox. From Python::

    from simulator.seller_client import SellerSimulator

    with SellerSimulator(state="…/spapi") as amazon:
        application = amazon.add_application(redirect_uris=["http://127.0.0.1:8069/…"])
        amazon.put_seller("A1EXAMPLE", marketplaces=["DE", "FR"])
        amazon.ready            # endpoint, sandbox_endpoint, token_url, consent_url, …
        token = amazon.authorise(application["application_id"], "A1EXAMPLE")
        amazon.make_orders("A1EXAMPLE", 100, prime=0.2, b2b=0.5, packstation=0.1)
        amazon.change_order("A1EXAMPLE", order_id, "cancel")
        amazon.fault("quota-exceeded", 3, operation="searchOrders")
        amazon.freeze_clock()
        amazon.advance_clock(179)
        amazon.counters(), amazon.refusals(), amazon.asked("searchOrders")

By hand: `python -m simulator.seller_main --state DIR`. A change is found by
searchOrders two minutes later (`advance_clock(121)`, or `configure(visible_after=0)`);
`configure(limits=False)` takes the token buckets away. Its modules are `seller_*`::

    maker, lines,     orders of every kind     main, web       the process, its hosts
    people, money                              accounts, lwa,  who may call
    order_book,       what Amazon has, and     consent, roles
    changes           what becomes of it       api, call       a call, from token to log
    orders,           searchOrders, getOrder   buckets, faults limits and slips
    order_view                                 report_*        Reports and their texts
    tokens            restricted data tokens   sandbox         pairs of Amazon's models
"""
