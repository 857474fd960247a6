"""Slips on demand, each seen from the vendor's side."""

from __future__ import annotations

import http.client
import time

import pytest
from papers import acknowledgement, order
from vendor import Vendor

from simulator.client import Simulator, SimulatorError


@pytest.fixture
def paper(amazon: Simulator, vendor: Vendor, po_number: str) -> str:
    """An interchange with the acknowledgement of an order just sent."""
    amazon.send_order(order(po_number))
    amazon.wait_for(
        lambda e: e["kind"] == "997-received" and po_number in e["po_numbers"], 10
    )
    return vendor.envelope("PR", [("855", acknowledgement(po_number))])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mdn-wrong-mic", ("processed/warning", "Message Integrity check failed.")),
        ("mdn-unsigned", ("failed/Failure", "Expected signed MDN but unsigned MDN")),
        ("mdn-other-message", ("failed/Failure", "original-message-not-found")),
        ("mdn-foreign-signature", ("failed/Failure", "Failed to parse received MDN")),
        ("mdn-negative", ("failed/Failure", "unexpected-processing-error")),
    ],
)
def test_receipt_that_must_not_be_believed(
    amazon: Simulator,
    vendor: Vendor,
    paper: str,
    name: str,
    answer: tuple[str, str],
) -> None:
    amazon.fault(name, set="855")
    status, disposition, detail = vendor.post(paper)
    assert status == 200 and disposition == answer[0]
    assert str(detail).startswith(answer[1])


def test_message_after_a_lost_receipt_is_a_duplicate(
    amazon: Simulator, vendor: Vendor, paper: str
) -> None:
    since = amazon.latest()
    amazon.fault("cut-connection", set="855")
    message = vendor.build(paper)
    with pytest.raises((http.client.HTTPException, OSError)):
        vendor.post_message(message)
    amazon.wait_for(lambda e: e["kind"] == "verdict", 10, since)
    assert vendor.post_message(message) == (200, "processed", None)
    again = amazon.wait_for(lambda e: e["kind"] == "duplicate", 10, since)
    assert again["same_bytes"]
    kinds = [event["kind"] for event in amazon.events(since)]
    assert kinds.count("verdict") == kinds.count("997-sent") == 1


def test_message_lost_with_its_receipt_is_taken_when_it_comes_again(
    amazon: Simulator, vendor: Vendor, paper: str
) -> None:
    since = amazon.latest()
    amazon.fault("cut-connection", keep=False)
    amazon.fault("http-error", status=502)
    message = vendor.build(paper)
    with pytest.raises((http.client.HTTPException, OSError)):
        vendor.post_message(message)
    assert vendor.post_message(message) == (502, None, None)
    assert vendor.post_message(message) == (200, "processed", None)
    amazon.wait_for(lambda e: e["kind"] == "verdict" and e["accepted"], 10, since)


def test_no_receipt(amazon: Simulator, vendor: Vendor, paper: str) -> None:
    amazon.fault("no-mdn")
    assert vendor.post(paper) == (200, None, None)


def test_late_receipt(amazon: Simulator, vendor: Vendor, paper: str) -> None:
    amazon.fault("late-mdn", seconds=0.4)
    started = time.monotonic()
    assert vendor.post(paper) == (200, "processed", None)
    assert time.monotonic() - started >= 0.4


def test_997_that_rejects(amazon: Simulator, vendor: Vendor, paper: str) -> None:
    since = amazon.latest()
    amazon.fault("997-reject", set="855")
    vendor.post(paper)
    event = amazon.wait_for(lambda e: e["kind"] == "997-sent", 10, since)
    assert event["verdict"] == "R"
    vendor.wait_for(lambda: any("AK5*R*5~AK9*R*1*1*0" in r for r in vendor.received))
    assert "verdict" not in [each["kind"] for each in amazon.events(since)]


def test_997_that_stays_out_or_comes_late(
    amazon: Simulator, vendor: Vendor, paper: str
) -> None:
    since = amazon.latest()
    amazon.fault("997-missing", set="855")
    vendor.post(paper)
    amazon.wait_for(lambda e: e["kind"] == "verdict", 10, since)
    assert "997-sent" not in [each["kind"] for each in amazon.events(since)]
    amazon.fault("997-late", seconds=0.3)
    started = time.monotonic()
    vendor.post(vendor.envelope("PR", [("855", acknowledgement("NOBODY"))]))
    vendor.wait_for(lambda: any("ST*997" in each for each in vendor.received))
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("foreign-signature", "processed/Error Failed to verify message signature"),
        ("unsigned", "processed/Error Incoming messages from partner"),
        ("unencrypted", "processed/Error Incoming messages from partner"),
        ("cut-while-sending", "cut"),
    ],
)
def test_message_that_must_not_be_taken(
    amazon: Simulator, vendor: Vendor, po_number: str, name: str, outcome: str
) -> None:
    amazon.fault(name)
    amazon.send_order(order(po_number))
    vendor.wait_for(lambda: bool(vendor.outcomes))
    assert vendor.outcomes[0].startswith(outcome)


def test_message_cut_while_sending_goes_again(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.fault("cut-while-sending")
    amazon.send_order(order(po_number))
    vendor.wait_for(lambda: vendor.outcomes[-1:] == ["processed"])
    assert vendor.outcomes[:2] == ["cut", "processed"]


def test_unknown_fault_is_refused(amazon: Simulator) -> None:
    with pytest.raises(SimulatorError, match="no such fault: rain"):
        amazon.fault("rain")


def test_fault_of_another_document_waits(
    amazon: Simulator, vendor: Vendor, paper: str
) -> None:
    assert amazon.fault("no-mdn", set="810") == [
        {"name": "no-mdn", "remaining": 1, "set": "810"}
    ]
    assert vendor.post(paper) == (200, "processed", None)
