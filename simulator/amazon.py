"""Amazon at its desk: works what came in, answers it with 997s, judges the papers."""

from __future__ import annotations

import hashlib
import json
import threading
import traceback
from collections.abc import Callable

from . import acknowledgement, faults, functional, invoice, ship_notice, x12
from .books import Books, Verdict
from .delivery import Delivery
from .functional import REJECTED, GroupResult
from .settings import AMAZON, Settings
from .station import Station
from .store import Store
from .x12 import Group, Interchange, TransactionSet

JUDGES: dict[str, Callable[[TransactionSet, Books], Verdict]] = {
    "855": acknowledgement.judge,
    "856": ship_notice.judge,
    "810": invoice.judge,
}


class Amazon:
    def __init__(
        self,
        store: Store,
        station: Station,
        delivery: Delivery,
        slips: faults.Faults,
        settings: Callable[[], Settings],
    ) -> None:
        self._store, self._station, self._delivery = store, station, delivery
        self._slips, self._settings = slips, settings
        self._wake = threading.Event()
        self._stopped = threading.Event()

    # -- working what came in -------------------------------------------------

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def run(self) -> None:
        """Work stored messages, oldest first, until `stop` is called."""
        while not self._stopped.is_set():
            self._wake.clear()
            for row in self._store.rows(
                "SELECT message_id, payload FROM incoming WHERE worked = 0"
                " ORDER BY rowid"
            ):
                self._work(row["message_id"], row["payload"])
            self._wake.wait(60.0)

    def _work(self, message_id: str, payload: bytes) -> None:
        try:
            with self._store.transaction():
                self._work_payload(payload)
                self._done(message_id)
        except Exception:  # one message must not stop the rest
            self._store.event(
                "simulator-error",
                f"Message {message_id} could not be worked: {traceback.format_exc()}",
                message_id=message_id,
            )
            self._done(message_id)

    def _done(self, message_id: str) -> None:
        self._store.execute(
            "UPDATE incoming SET worked = 1 WHERE message_id = ?", message_id
        )

    def _work_payload(self, payload: bytes) -> None:
        try:
            interchanges = x12.read(payload)
        except x12.Unreadable as error:
            self._store.event("interchange-refused", f"This is no X12: {error}.")
            return
        for interchange in interchanges:
            faulty = self._interchange_faults(interchange)
            if faulty:
                self._store.event(
                    "interchange-refused",
                    f"Interchange {interchange.number}: {'; '.join(faulty)}.",
                    interchange=interchange.number,
                    reasons=faulty,
                )
            elif self._is_new(interchange):
                for group in interchange.groups:
                    self._work_group(interchange, group)

    def _interchange_faults(self, interchange: Interchange) -> list[str]:
        vendor = self._settings().vendor()
        faulty = list(interchange.faults)
        wanted = (vendor.qualifier, vendor.isa_id)
        if interchange.sender != wanted:
            faulty.append(f"sender {interchange.sender} is not {wanted}")
        wanted = (AMAZON.qualifier, AMAZON.isa_id)
        if interchange.receiver != wanted:
            faulty.append(f"receiver {interchange.receiver} is not {wanted}")
        for group in interchange.groups:
            if group.parties != (vendor.gs_id, AMAZON.gs_id):
                faulty.append(f"GS02 and GS03 are {', '.join(group.parties)}")
            if interchange.header[12] != group.version[:5]:
                faulty.append(
                    f"ISA12 is {interchange.header[12]}, GS08 {group.version}"
                )
        return faulty

    def _is_new(self, interchange: Interchange) -> bool:
        """False for an interchange that came before, also under other bytes."""
        head = interchange.header
        key = "|".join((*interchange.sender, head[9], head[13], head[15]))
        digest = hashlib.sha256(interchange.raw).hexdigest()
        row = self._store.row("SELECT digest FROM interchange WHERE key = ?", key)
        if row is None:
            self._store.execute(
                "INSERT INTO interchange VALUES (?, ?, ?)",
                *(key, self._store.now(), digest),
            )
            return True
        same = row["digest"] == digest
        self._store.event(
            "duplicate" if same else "interchange-refused",
            f"Interchange {interchange.number} came again"
            + ("." if same else " with other content: its control number is used up."),
            interchange=interchange.number,
            same_bytes=same,
        )
        return False

    def _work_group(self, interchange: Interchange, group: Group) -> None:
        kinds = {one.kind for one in group.sets}
        if group.functional_id == "FA":
            for one in group.sets:
                self._take_answer(one, interchange)
            return
        result = functional.examine_group(group)
        slip = self._slips.take(faults.ON_WORKING, kinds)
        if slip and slip.name == "997-reject":
            for each in result.sets:
                each.verdict, each.codes = REJECTED, ["5"]
        if not (slip and slip.name == "997-missing"):
            delay = slip.seconds if slip and slip.name == "997-late" else 0.0
            self._answer_group(interchange, group, result, delay)
        if result.codes:
            return
        for one, said in zip(group.sets, result.sets, strict=True):
            if said.verdict != REJECTED and one.kind in JUDGES:
                self._judge(one, interchange)

    # -- 997 ------------------------------------------------------------------

    def _answer_group(
        self, interchange: Interchange, group: Group, result: GroupResult, delay: float
    ) -> None:
        settings = self._settings()
        number = self._store.next_number("ISA13")
        payload = x12.write(
            *(AMAZON, settings.vendor(), "FA", group.version),
            [x12.close_set("997", "0001", result.segments())],
            *(number, self._store.next_number("GS06")),
            *(self._store.today(), interchange.test),
        )
        built = self._station.build(settings, payload)
        kinds = ", ".join(sorted({each.kind for each in result.sets}))
        subject = f"997 {result.verdict} for {kinds} group {group.number}"
        self._delivery.add_message(
            *(built, subject, payload, settings.vendor_url, False), delay
        )
        self._store.event(
            "997-sent",
            f"{subject}." + "".join(f" {words}." for words in result.words()),
            message_id=built.message_id,
            group=group.number,
            interchange=f"{number:09d}",
            answers_interchange=interchange.number,
            verdict=result.verdict,
            sets=[[each.kind, each.number, each.verdict] for each in result.sets],
            words=result.words(),
        )

    def _take_answer(self, one: TransactionSet, interchange: Interchange) -> None:
        answer, wrong = functional.read(one), functional.examine(one, "FA").words()
        number = int(answer.group_number) if answer.group_number.isdecimal() else -1
        row = self._store.row(
            "SELECT * FROM own_group"
            " WHERE number = ? AND functional_id = ? AND test = ?",
            *(number, answer.functional_id, interchange.test),
        )
        if row is None:
            self._store.event(
                "997-unmatched",
                f"A 997 answers group {answer.functional_id} {answer.group_number},"
                " which was never sent.",
                group=answer.group_number,
            )
            return
        po_numbers = json.loads(row["po_numbers"])
        if answer.counted != len(po_numbers):
            wrong.append(f"AK902 is {answer.counted}, sent were {len(po_numbers)}")
        if wrong:
            self._store.event(
                "997-invalid",
                f"The 997 for our group {number} breaks rules: {'; '.join(wrong)}.",
                group=number,
                po_numbers=po_numbers,
                words=wrong,
            )
            return
        again = row["answer"] is not None
        self._store.execute(
            "UPDATE own_group SET answer = ? WHERE number = ?", answer.verdict, number
        )
        self._store.event(
            "997-received",
            f"997 {answer.verdict} for our group {number}, order"
            f" {', '.join(po_numbers)}."
            + "".join(f" {words}." for words in answer.words),
            group=number,
            verdict=answer.verdict,
            accepted=answer.verdict in ("A", "E"),
            sets=[list(each) for each in answer.sets],
            po_numbers=po_numbers,
            words=list(answer.words),
            interchange=interchange.number,
            seconds=self._store.end_deadline("997", f"group {number}"),
            again=again,
        )

    # -- verdicts -------------------------------------------------------------

    def _judge(self, one: TransactionSet, interchange: Interchange) -> None:
        books = Books(self._store, self._settings(), interchange.test)
        verdict = JUDGES[one.kind](one, books)
        books.enter(verdict, interchange.number)
        accepted = not verdict.reasons
        name = f"{verdict.kind} {verdict.number}"
        taken = None
        if verdict.kind == "855":
            taken = self._store.end_deadline("855", verdict.number)
        self._store.event(
            "verdict",
            f"{name} is accepted."
            if accepted
            else f"{name} is rejected: {'; '.join(verdict.reasons)}.",
            document=verdict.kind,
            number=verdict.number,
            po_numbers=verdict.po_numbers,
            accepted=accepted,
            reasons=verdict.reasons,
            interchange=interchange.number,
            test=interchange.test,
            seconds=taken,
        )
