"""The whole road, and what Amazon may do on it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from papers import (
    accepted,
    acknowledgement,
    day,
    invoice,
    order,
    reasons,
    ship_notice,
)
from vendor import Vendor, http_post

from simulator.client import Simulator, SimulatorError


def of(kind: str, po_number: str = "") -> Any:
    return lambda event: (
        event["kind"] == kind
        and (not po_number or po_number in event.get("po_numbers", [po_number]))
    )


def shown(amazon: Simulator, po_number: str) -> dict[str, Any]:
    (found,) = [each for each in amazon.orders() if each["po_number"] == po_number]
    return found


def test_order_acknowledged_shipped_invoiced(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    since = amazon.latest()
    sent = amazon.send_order(order(po_number))
    assert amazon.wait_for(of("mdn-received"), 10, since)["good"]
    answer = amazon.wait_for(of("997-received", po_number), 10, since)
    assert answer["accepted"] and answer["seconds"] < 10
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    accepted(amazon, vendor, "856", ship_notice(po_number, f"A-{po_number}"))
    accepted(amazon, vendor, "810", invoice(po_number, f"I-{po_number}"))
    verdicts = amazon.verdicts(po_number)
    assert [each["kind"] for each in verdicts] == ["855", "856", "810"]
    assert all(each["accepted"] for each in verdicts)
    done = shown(amazon, po_number)
    assert done["delivery"] == "delivered" and done["functional_ack"] == "A"
    assert done["shipments"] == [f"A-{po_number}"]
    assert [line["invoiced"] for line in done["lines"]] == ["10", "4"]
    vendor.wait_for(lambda: sum("ST*997" in each for each in vendor.received) == 3)
    assert not [
        clock
        for clock in amazon.deadlines()
        if clock["reference"] in (po_number, sent["message_id"])
        and (clock["late"] or clock["running"])
    ]


def test_order_has_amazons_layout(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(
        order(po_number, not_before=day(), not_after=day(7), message="Pack it well")
    )
    vendor.wait_for(lambda: bool(vendor.received))
    segments = vendor.received[0].split("~")
    assert len(segments[0]) == 105
    assert segments[0].startswith("ISA*00*          *00*          *ZZ*AMAZON         *")
    assert segments[2:-3] == [
        "ST*850*0001",
        f"BEG*00*NE*{po_number}**20260105",
        "REF*CR*ABCD5",
        "FOB*CC",
        "CSH*Y",
        f"DTM*064*{day()}",
        f"DTM*063*{day(7)}",
        "N9*L1*Pack it well",
        "MSG*Pack it well",
        "N1*ST**92*PHX3",
        "PO1*1*10*EA*9.5*PE*EN*4006381333931",
        "PO1*2*4*CA*20*PE*VN*W-2",
        "CTT*2*14",
        "SE*14*0001",
    ]


def test_as2_message_has_amazons_ways(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    sent = amazon.send_order(order(po_number))
    vendor.wait_for(lambda: bool(vendor.requests))
    headers = vendor.requests[0]
    assert "@" not in sent["message_id"]
    assert headers["Message-ID"] == f"<{sent['message_id']}>"
    assert headers["Disposition-Notification-Options"].endswith("optional, sha256")
    assert headers["AS2-Version"] == "1.1"


def test_several_orders_in_several_interchanges_of_one_message(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    numbers = [f"{po_number}{letter}" for letter in "ABC"]
    since = amazon.latest()
    sent = amazon.send_orders(
        [[order(numbers[0]), order(numbers[1])], [order(numbers[2])]]
    )
    assert sent["po_numbers"] == numbers and len(sent["interchanges"]) == 2
    vendor.wait_for(lambda: bool(vendor.received))
    assert vendor.received[0].count("ISA*") == 2
    assert vendor.received[0].count("ST*850*") == 3
    first = amazon.wait_for(of("997-received", numbers[0]), 10, since)
    assert first["po_numbers"] == numbers[:2]
    amazon.wait_for(of("997-received", numbers[2]), 10, since)


def test_test_order_is_marked_and_kept_apart(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number), test=True)
    vendor.wait_for(lambda: bool(vendor.received))
    assert vendor.received[0][102] == "T"
    said = reasons(amazon, vendor, "855", acknowledgement(po_number))
    assert f"order {po_number} is a test order, this came as production" in said
    accepted(amazon, vendor, "855", acknowledgement(po_number), test="T")


def test_rejecting_997_is_shown(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    vendor.verdict_997 = "R"
    amazon.send_order(order(po_number))
    event = amazon.wait_for(of("997-received", po_number), 10)
    assert event["verdict"] == "R" and not event["accepted"]
    assert shown(amazon, po_number)["functional_ack"] == "R"


def test_asynchronous_receipt_is_asked_for_and_believed(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    since = amazon.latest()
    amazon.send_order(order(po_number), mdn="async")
    event = amazon.wait_for(of("mdn-received"), 10, since)
    assert event["good"] and po_number in event["text"]


def test_asynchronous_receipt_is_given(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    paper = vendor.envelope("PR", [("855", acknowledgement(po_number))])
    assert vendor.post(paper, receipt_url=vendor.url) == (200, None, None)
    assert vendor.receipts.get(timeout=10) == ("processed", None)


@pytest.mark.parametrize("same_message_id", [True, False])
def test_same_order_twice(
    amazon: Simulator, vendor: Vendor, po_number: str, same_message_id: bool
) -> None:
    vendor.answers_997 = False
    amazon.send_order(order(po_number))
    vendor.wait_for(lambda: len(vendor.received) == 1)
    amazon.resend(po_number=po_number, same_message_id=same_message_id, copies=2)
    vendor.wait_for(lambda: len(vendor.received) == 3)
    assert len(set(vendor.received)) == 1
    ids = {headers["Message-ID"] for headers in vendor.requests}
    assert len(ids) == (1 if same_message_id else 3)


def test_undelivered_message_goes_again_unchanged(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    vendor.statuses = [500, 503, 200]
    since = amazon.latest()
    amazon.send_order(order(po_number))
    event = amazon.wait_for(of("mdn-received"), 10, since)
    assert event["attempts"] == 4
    first, *others = (headers["Message-ID"] for headers in vendor.requests[:4])
    assert others == [first] * 3


def test_997_with_a_wrong_count_is_named(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    vendor.counts_997 = "2*2*2"
    amazon.send_order(order(po_number))
    event = amazon.wait_for(of("997-invalid", po_number), 10)
    assert "AK902 is 2, sent were 1" in event["text"]
    assert shown(amazon, po_number)["functional_ack"] is None


def test_997_with_a_broken_structure_is_named(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    vendor.verdict_997 = "Q"
    amazon.send_order(order(po_number))
    event = amazon.wait_for(of("997-invalid", po_number), 10)
    assert "AK901 (Q) is a code that is not allowed" in event["text"]


def test_dropped_message_goes_no_more(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    vendor.statuses = [500] * 100
    since = amazon.latest()
    sent = amazon.send_order(order(po_number))
    amazon.wait_for(of("delivery-failed"), 10, since)
    amazon.drop(sent["message_id"])
    vendor.wait_for(amazon.idle)
    (row,) = [r for r in amazon.outbox() if r["message_id"] == sent["message_id"]]
    assert row["state"] == "dropped"


def test_undeliverable_message_is_given_up(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    before = amazon.status()["settings"]["give_up_seconds"]
    amazon.configure(give_up_seconds=0.3)
    try:
        vendor.statuses = [500] * 100
        amazon.send_order(order(po_number))
        event = amazon.wait_for(of("given-up"), 10)
    finally:
        amazon.configure(give_up_seconds=before)
    assert f"850 {po_number} in interchange" in event["text"]


def test_refused_message_goes_no_more(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    since = amazon.latest()
    amazon.fault("unsigned")
    sent = amazon.send_order(order(po_number))
    assert not amazon.wait_for(of("mdn-received"), 10, since)["good"]
    vendor.wait_for(amazon.idle)
    (row,) = [r for r in amazon.outbox() if r["message_id"] == sent["message_id"]]
    assert (row["state"], row["attempts"]) == ("refused", 1)


def test_bytes_are_sent_as_they_are(amazon: Simulator, vendor: Vendor) -> None:
    content = b"This is\nno EDI at all\r\n\r\n~~ISA"
    amazon.send_raw(content)
    vendor.wait_for(lambda: bool(vendor.received))
    assert vendor.received[0].encode() == content


def test_own_interchange_as_a_test(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    vendor.wait_for(lambda: bool(vendor.received))
    content = vendor.received[0].replace(po_number, f"{po_number}T").encode()
    amazon.send_raw(content, test=True)
    vendor.wait_for(
        lambda: vendor.received[-1].encode() == content.replace(b"*0*P*", b"*0*T*")
    )
    assert shown(amazon, f"{po_number}T")["test"]
    with pytest.raises(SimulatorError, match="ISA is not 106 characters long"):
        amazon.send_raw(b"ISA*00*short", test=True)


def test_file_of_the_users_own_in_amazons_envelope(
    amazon: Simulator, vendor: Vendor, po_number: str, tmp_path: Path
) -> None:
    file = tmp_path / "orders.edi"
    file.write_text(
        "ISA|01|0000000000|01|SECRET|12|5551234|01|987654321|251127|1719|U|00401|7|0|P|>\n"
        "GS|PO|5551234|987654321|20251127|1719|1421|X|004010VICS\n"
        f"ST|850|000000010\nBEG|00|SA|{po_number}||20251127\nN1|ST|Shop*1|9|0003947\n"
        "PO1|5|72|EA|7.5|TE|CB|065374|VN|RV0524\nSE|99|000000010\n"
        "ST|810|000000011\nBIG|20251127|1\nSE|3|000000011\n"
    )
    sent = amazon.send_file_orders(file, vendor_code="ABCD5")
    assert sent["po_numbers"] == [po_number]
    vendor.wait_for(lambda: bool(vendor.received))
    assert vendor.received[0].split("~")[2:-3] == [
        "ST*850*0001",
        f"BEG*00*SA*{po_number}**20251127",
        "REF*CR*ABCD5",
        "N1*ST*Shop 1*9*0003947",
        "PO1*5*72*EA*7.5*TE*CB*065374*VN*RV0524",
        "SE*6*0001",
    ]
    assert shown(amazon, po_number)["lines"][0]["ordered"] == "72"


@pytest.mark.parametrize("place", ["N1*ST*John Doe~", ""])
def test_order_of_a_file_gets_what_amazons_orders_always_have(
    amazon: Simulator, vendor: Vendor, po_number: str, tmp_path: Path, place: str
) -> None:
    """And what it lacks besides is not held against the vendor: here the line's
    number, price and product."""
    file = tmp_path / "sparse.edi"
    file.write_text(
        f"ST*850*1~BEG*00*SA*{po_number}**20251127~{place}PO1**2*EA~SE*5*1~"
    )
    amazon.send_file_orders(file, "ABCD5", "PHX3")
    vendor.wait_for(lambda: bool(vendor.received))
    assert vendor.received[0].split("~")[4:-4] == [
        "REF*CR*ABCD5",
        f"{place.strip('~') or 'N1*ST*'}*92*PHX3",
        "PO1**2*EA",
    ]
    body = f"BAK*00*AC*{po_number}*20251127~PO1*1*2*EA*7*PE~ACK*IA*2*EA~CTT*1*2~"
    accepted(amazon, vendor, "855", body)


def test_order_without_number_and_lines_harms_nothing(
    amazon: Simulator, vendor: Vendor, tmp_path: Path
) -> None:
    file = tmp_path / "empty.edi"
    file.write_text("ST*850*1~BEG*00*SA~PO1*1*x*EA~SE*4*1~")
    assert amazon.send_file_orders(file)["po_numbers"] == [""]
    assert shown(amazon, "")["lines"][0]["ordered"] == "0"


def test_file_without_an_order_is_refused(amazon: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "nothing.edi"
    file.write_text("nothing")
    with pytest.raises(SimulatorError, match="there is no 850"):
        amazon.send_file_orders(file)


def test_killed_process_goes_on_where_it_was(
    vendor: Vendor, amazon: Simulator, tmp_path: Path
) -> None:
    second = Simulator(tmp_path / "second", as2_id="AMAZON2").start()
    second.configure(
        **{
            name: value
            for name, value in amazon.status()["settings"].items()
            if name.startswith("vendor_")
        },
        retry_seconds=[0.2],
    )
    vendor.statuses = [503] * 1000
    second.send_order(order("KILLED01"))
    second.wait_for(of("delivery-failed"), 10)
    before = second.status()
    second.kill()
    vendor.behave()
    second.start()
    try:
        assert second.status() == before
        vendor.wait_for(lambda: bool(vendor.requests))
        assert shown(second, "KILLED01")["order"]["po_number"] == "KILLED01"
        assert [e["kind"] for e in second.events()][:1] == ["order-sent"]
    finally:
        second.stop()


def test_process_ends_with_its_caller(tmp_path: Path) -> None:
    code = (
        "import os; from simulator.client import Simulator;"
        f"Simulator({str(tmp_path)!r}).start(); os._exit(0)"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, timeout=30)
    with (tmp_path / "simulator.sqlite").open("rb"):
        end = time.monotonic() + 10
        while (tmp_path / "simulator.sqlite-wal").exists():
            assert time.monotonic() < end, "the simulator outlived its caller"
            time.sleep(0.05)


def test_control_needs_its_token(amazon: Simulator) -> None:
    status, _headers, body = http_post(
        f"{amazon.ready['control_url']}/stop", {"Authorization": "Bearer x"}, b"{}"
    )
    assert status == 401 and b"control-token" in body


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"vendor_url": "http://192.0.2.1/as2"}, "only loopback is allowed"),
        ({"vendor_url": "https://127.0.0.1/as2"}, "only http:// to a loopback"),
        ({"encryption": "tripledes_192_cbc"}, "encryption is one of aes_128_cbc"),
        ({"colour": "red"}, "no such setting: colour"),
    ],
)
def test_setting_that_cannot_be_is_refused(
    amazon: Simulator, values: dict[str, str], words: str
) -> None:
    with pytest.raises(SimulatorError, match=words):
        amazon.configure(**values)


def test_only_loopback_is_bound(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path)
    simulator._command += ["--host", "0.0.0.0"]
    with pytest.raises(SimulatorError, match="only loopback is allowed"):
        simulator.start()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"lines": []}, "an order needs po_number and lines"),
        ({"lines": [{"quantity": "x", "price": 1}]}, "line 1 needs quantity, price"),
        ({"colour": "red"}, "an order has no colour"),
        ({"message": "a~b"}, "holds a delimiter"),
    ],
)
def test_order_that_cannot_be_is_refused(
    amazon: Simulator, broken: dict[str, Any], words: str
) -> None:
    with pytest.raises(SimulatorError, match=words):
        amazon.send_order(order("BROKEN01", **broken))


def test_waiting_in_vain_tells_what_came(amazon: Simulator) -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError, match="not seen within 0.2 s"):
        amazon.wait_for(lambda event: False, 0.2)
    assert time.monotonic() - started < 5
