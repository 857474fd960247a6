"""997: examine a transaction set, say what is wrong with it, and read such answers.

X12 997: AK1 group, AK2 set, AK3 segment, AK4 element, AK5 set's verdict, AK9 group's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import structure
from .x12 import Group, Segment, TransactionSet, decimal, segment

ACCEPTED, WITH_ERRORS, PARTLY, REJECTED = "A", "E", "P", "R"

# X12 element 720, segment syntax error
UNKNOWN, UNEXPECTED, MISSING, TOO_OFTEN, ELEMENTS_WRONG = "1", "2", "3", "5", "8"
_SEGMENT_WORDS = {
    UNKNOWN: "this segment is not known here",
    UNEXPECTED: "this segment stands in the wrong place",
    MISSING: "a mandatory segment is missing",
    "4": "the loop occurs too often",
    TOO_OFTEN: "the segment occurs too often",
    "6": "the segment is not in this set",
    "7": "the segment is not in its place",
    ELEMENTS_WRONG: "it has data element errors",
}
_ELEMENT_WORDS = {
    "1": "is missing",
    "2": "is missing beside another",
    "3": "is one too many",
    "4": "is too short",
    "5": "is too long",
    "6": "has a character that is not allowed",
    "7": "is a code that is not allowed",
    "8": "is no date",
    "9": "is no time",
    "10": "excludes another that is there",
}
# X12 element 718, transaction set syntax error
_SET_NOT_SUPPORTED, _SET_NUMBERS_DIFFER, _SET_COUNT_WRONG, _SEGMENTS_WRONG = "1345"
_SET_NO_END = "2"
# X12 element 716, functional group syntax error
_GROUP_VERSION, _GROUP_NO_END, _GROUP_NUMBERS_DIFFER, _GROUP_COUNT_WRONG = "2345"
# Errors a reader can live with: the set is accepted with errors.
_TOLERABLE = {UNKNOWN}


@dataclass
class SetResult:
    kind: str
    number: str
    verdict: str = ACCEPTED
    notes: list[Segment] = field(default_factory=list)  # AK3 and AK4
    codes: list[str] = field(default_factory=list)  # for AK5

    def words(self) -> list[str]:
        return _words(self.notes) + [f"AK5 error {code}" for code in self.codes]


@dataclass
class GroupResult:
    functional_id: str
    number: str
    version: str
    sets: list[SetResult]
    codes: list[str]  # for AK9
    stated: int  # sets, by GE01

    @property
    def verdict(self) -> str:
        if self.codes:
            return REJECTED
        verdicts = {each.verdict for each in self.sets}
        if verdicts <= {ACCEPTED}:
            return ACCEPTED
        if verdicts == {REJECTED}:
            return REJECTED
        return PARTLY if REJECTED in verdicts else WITH_ERRORS

    def words(self) -> list[str]:
        return [f"AK9 error {code}" for code in self.codes] + [
            f"{each.kind} {each.number}: {word}"
            for each in self.sets
            for word in each.words()
        ]

    def segments(self) -> list[Segment]:
        """The 997 between ST and SE."""
        body = [segment("AK1", self.functional_id, self.number)]
        for each in self.sets:
            body.append(segment("AK2", each.kind, each.number))
            body += each.notes
            body.append(segment("AK5", each.verdict, *each.codes[:5]))
        accepted = sum(each.verdict != REJECTED for each in self.sets)
        if self.codes:
            accepted = 0
        counts = (str(self.stated), str(len(self.sets)), str(accepted))
        body.append(segment("AK9", self.verdict, *counts, *self.codes[:5]))
        return body


def _words(notes: Sequence[Segment]) -> list[str]:
    said, tag, place = [], "?", "?"
    for note in notes:
        if note.tag == "AK3":
            tag, place = note[1], note[2]
            if note[4] != ELEMENTS_WRONG:
                words = _SEGMENT_WORDS.get(note[4], f"segment error {note[4]}")
                said.append(f"segment {place} {tag}: {words}")
        else:
            words = _ELEMENT_WORDS.get(note[3], f"has error {note[3]}")
            number = note[1].split(">")[0].zfill(2)
            value = f" ({note[4]})" if note[4] else ""
            said.append(f"segment {place} {tag}{number}{value} {words}")
    return said


# -- examining ----------------------------------------------------------------


def examine_group(group: Group) -> GroupResult:
    codes = []
    kinds = {one.kind for one in group.sets}
    wanted = {structure.VERSIONS.get(kind, group.version) for kind in kinds}
    if wanted != {group.version}:
        codes.append(_GROUP_VERSION)
    stated = 0
    if group.end is None:
        codes.append(_GROUP_NO_END)
    else:
        stated = int(decimal(group.end[1]) or 0)
        if group.end[2] != group.number:
            codes.append(_GROUP_NUMBERS_DIFFER)
        if stated != len(group.sets):
            codes.append(_GROUP_COUNT_WRONG)
    return GroupResult(
        functional_id=group.functional_id,
        number=group.number,
        version=group.version,
        sets=[examine(one, group.functional_id) for one in group.sets],
        codes=codes,
        stated=stated,
    )


def examine(one: TransactionSet, functional_id: str) -> SetResult:
    """What a 997 says of one set."""
    result = SetResult(one.kind, one.number)
    if structure.FUNCTIONAL_IDS.get(one.kind) != functional_id:
        result.verdict, result.codes = REJECTED, [_SET_NOT_SUPPORTED]
        return result
    tolerable = _examine_order(one, result) & _examine_elements(one, result)
    if result.notes:
        result.codes.append(_SEGMENTS_WRONG)
        result.verdict = WITH_ERRORS if tolerable else REJECTED
        result.notes.sort(key=_place)
    result.codes += _count_errors(one)
    if set(result.codes) - {_SEGMENTS_WRONG}:
        result.verdict = REJECTED
    # AK4 has no place of its own: each was appended behind its AK3 as one note
    result.notes = [part for note in result.notes for part in _apart(note)]
    return result


def _count_errors(one: TransactionSet) -> list[str]:
    if one.end is None:
        return [_SET_NO_END]
    codes = []
    if one.end[2] != one.number:
        codes.append(_SET_NUMBERS_DIFFER)
    if decimal(one.end[1]) != len(one.segments):
        codes.append(_SET_COUNT_WRONG)
    return codes


def _place(note: Segment) -> int:
    return int(note[2])


def _apart(note: Segment) -> list[Segment]:
    """AK3 and the AK4s packed behind its fourth element."""
    head, packed = segment("AK3", *note.elements[:4]), note.elements[4:]
    return [
        head,
        *(segment("AK4", *packed[at : at + 4]) for at in range(0, len(packed), 4)),
    ]


def _examine_order(one: TransactionSet, result: SetResult) -> bool:
    """Note segments that are unknown, misplaced or missing; True if tolerable."""
    areas = structure.AREAS[one.kind]
    known = {area.opener for area in areas}.union(*(area.others for area in areas))
    counts = [0] * len(areas)
    current, tolerable = 0, True

    def note(code: str, tag: str, place: int) -> None:
        nonlocal tolerable
        result.notes.append(segment("AK3", tag, str(place), "", code))
        tolerable = tolerable and code in _TOLERABLE

    for place, each in enumerate(one.segments, 1):
        if each.tag not in known:
            note(UNKNOWN, each.tag, place)
            continue
        if counts[current] and each.tag in areas[current].others:
            continue
        found = next(
            (n for n in range(current, len(areas)) if areas[n].opener == each.tag), None
        )
        if found is None:
            note(UNEXPECTED, each.tag, place)
            continue
        for skipped in range(current, found):
            if areas[skipped].mandatory and not counts[skipped]:
                note(MISSING, areas[skipped].opener, place)
        current = found
        counts[found] += 1
        if areas[found].most and counts[found] > areas[found].most:
            note(TOO_OFTEN, each.tag, place)
    return tolerable


def _examine_elements(one: TransactionSet, result: SetResult) -> bool:
    """Note data elements that break a rule; True if there are none."""
    good = True
    for place, each in enumerate(one.segments, 1):
        rules = structure.ELEMENTS.get(each.tag)
        if rules is None:
            continue
        packed: list[str] = []
        for number in range(1, max(len(rules), len(each.elements)) + 1):
            value = each[number]
            if number > len(rules):
                code = structure.TOO_MANY if value else ""
            else:
                code = structure.element_error(rules[number - 1], value)
            if code:
                packed += [str(number), "", code, _printable(value)]
        if packed:
            good = False
            result.notes.append(
                Segment("AK3", (each.tag, str(place), "", ELEMENTS_WRONG, *packed))
            )
    return good


def _printable(value: str) -> str:
    """A bad element's copy for AK404: at most 99 characters, no delimiters."""
    return "".join(c if " " <= c <= "}" and c not in "*>" else " " for c in value)[:99]


# -- reading an answer --------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A 997 received, for one of Amazon's own groups."""

    functional_id: str
    group_number: str
    verdict: str  # AK901
    counted: int  # AK902, sets that the group says it holds
    sets: tuple[tuple[str, str, str], ...]  # set, ST02, AK501
    words: tuple[str, ...]


def read(one: TransactionSet) -> Answer:
    first, last = one.first("AK1"), one.first("AK9")
    sets, notes, current = [], [], ("", "")
    for each in one.segments:
        if each.tag == "AK2":
            current = (each[1], each[2])
        elif each.tag in ("AK3", "AK4"):
            notes.append(each)
        elif each.tag == "AK5":
            sets.append((*current, each[1]))
    return Answer(
        *(first[1], first[2], last[1], int(decimal(last[2]) or 0)),
        *(tuple(sets), tuple(_words(notes))),
    )
