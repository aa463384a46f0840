"""The privacy guard: what in a text would tell the helpdesk of a student, and the text without it.

Pure: it is given the students. ``support.screening`` finds who may be meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from support.giveaways import days_in, maybe_upns_in, upns_in
from support.terms import HitKind
from ui.names import words_of_file_name
from ui.names_in_text import Found, StudentNames, merged, names_in

#: Of a name that more students share, nobody is kept as the one who was meant.
MOST_MEANT = 3
_INSTEAD = {HitKind.UPN: "[UPN]", HitKind.BORN_ON: "[date of birth]"}


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """What would give a student away.

    Attributes:
        upn: As the MIS has it, in upper case; may be empty.
    """

    names: StudentNames
    upn: str = ""
    born_on: date | None = None

    @property
    def ref(self) -> str:
        """The student's reference."""
        return self.names.ref


@dataclass(frozen=True, order=True)
class Hit:
    """A place that tells of a student.

    Attributes:
        start: Index of its first character.
        end: Index after its last.
        kind: What stands there.
        refs: Who may be meant, in the order of the references; none for an unknown UPN.
    """

    start: int
    end: int
    kind: HitKind
    refs: tuple[str, ...] = ()


@dataclass
class Letters:
    """Which letter stands for whom: the same one for the same student, all through a ticket.

    Attributes:
        given: Who may be meant, ``MOST_MEANT`` at most, since no more are kept -> letter.
        taken: Letters that stand for somebody already, whoever that is.
    """

    given: dict[tuple[str, ...], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def letter_for(self, refs: tuple[str, ...]) -> str:
        """Return the letter of whoever is meant, a new one where they have none.

        A name that may mean several means the one of them who has a letter of their own.
        """
        meant = refs[:MOST_MEANT]
        own = (self.given.get((ref,)) for ref in refs)
        known = self.given.get(meant) or next((one for one in own if one), None)
        if known is None:
            known = next(one for one in _all_letters() if one not in self.taken)
            self.given[meant] = known
            self.taken.add(known)
        return known

    @classmethod
    def of(cls, kept: Iterable[tuple[str, str]]) -> "Letters":
        """Return those of a ticket.

        Args:
            kept: Letter and reference of each student.
        """
        by_letter: dict[str, list[str]] = {}
        for letter, ref in kept:
            by_letter.setdefault(letter, []).append(ref)
        given: dict[tuple[str, ...], str] = {}
        for letter, refs in by_letter.items():
            given.setdefault(tuple(sorted(refs)), letter)
        return cls(given, set(by_letter))


def hits_in(text: str, pupils: Iterable[Pupil]) -> list[Hit]:
    """Return every place that tells of a student, in order and without overlaps."""
    known = list(pupils)
    found = names_in(text, [one.names for one in known])
    return _apart([*_named(found), *_numbers(text, known), *_born(text, known)])


def first_hits_in(text: str, pupils: Iterable[Pupil]) -> list[Hit]:
    """Return what is found first: enough to say that a long text tells of somebody."""
    known = list(pupils)
    if other := [*_numbers(text, known), *_born(text, known)]:
        return other
    return next((hits for one in known if (hits := [*_named(names_in(text, [one.names]))])), [])


def hits_in_file_name(name: str, pupils: Iterable[Pupil]) -> list[Hit]:
    """Return the same of a file's name, whatever stands between its words."""
    known = list(pupils)
    names = [one.names for one in known]
    found = {*names_in(name, names), *names_in(words_of_file_name(name), names)}
    return _apart([*_named(found), *_numbers(name, known), *_born(name, known)])


def masked(text: str, hits: Iterable[Hit], letters: Letters) -> str:
    """Return a text with “Pupil A”, “[UPN]” and “[date of birth]” in the places of the hits."""
    pieces, at = [], 0
    for hit in hits:
        pieces += [text[at : hit.start], instead_of(hit, letters)]
        at = hit.end
    return "".join([*pieces, text[at:]])


def instead_of(hit: Hit, letters: Letters) -> str:
    """Return what stands in the place of a hit."""
    if hit.kind is HitKind.NAME:
        return f"Pupil {letters.letter_for(hit.refs)}"
    return _INSTEAD[hit.kind]


def give_letters(hits: Iterable[Hit], letters: Letters) -> None:
    """Let whoever is named beyond doubt have their letter first, in the order of the hits."""
    for hit in hits:
        if hit.kind is HitKind.NAME and len(hit.refs) == 1:
            letters.letter_for(hit.refs)


def lettered(hits: Iterable[Hit], letters: Letters) -> Iterator[tuple[str, str]]:
    """Yield the letter and the reference of each student who may be meant by masked names."""
    used = {letters.letter_for(hit.refs) for hit in hits if hit.kind is HitKind.NAME}
    for refs, letter in letters.given.items():
        if letter in used:
            yield from ((letter, ref) for ref in refs)


def told_openly(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield the reference of each student of whom a text tells that is sent as it is."""
    yield from dict.fromkeys(ref for hit in hits for ref in hit.refs[:MOST_MEANT])


def _named(found: Iterable[Found]) -> Iterator[Hit]:
    places = sorted(found)
    for start, end in merged(places):
        inside = [one for one in places if start <= one.start and one.end <= end]
        whole = [one for one in inside if one.is_whole]
        refs = tuple(sorted({one.ref for one in whole or inside}))
        yield Hit(start, end, HitKind.NAME, refs)


def _numbers(text: str, pupils: Iterable[Pupil]) -> Iterator[Hit]:
    by_upn: dict[str, list[str]] = {}
    for one in pupils:
        if one.upn:
            by_upn.setdefault(one.upn, []).append(one.ref)
    for start, end in upns_in(text):
        written = "".join(letter for letter in text[start:end] if letter.isalnum()).upper()
        yield Hit(start, end, HitKind.UPN, tuple(sorted(by_upn.get(written, ()))))
    for start, end, written in maybe_upns_in(text):
        if written in by_upn:
            yield Hit(start, end, HitKind.UPN, tuple(sorted(by_upn[written])))


def _born(text: str, pupils: Iterable[Pupil]) -> Iterator[Hit]:
    on: dict[date, list[str]] = {}
    for one in pupils:
        if one.born_on:
            on.setdefault(one.born_on, []).append(one.ref)
    for day in days_in(text):
        refs = {ref for one in day.on for ref in on.get(one, ())}
        if refs:
            yield Hit(day.start, day.end, HitKind.BORN_ON, tuple(sorted(refs)))


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits in order; of those that overlap, one that covers them all."""
    apart: list[Hit] = []
    for hit in sorted(hits):
        covers = apart and hit.start < apart[-1].end
        apart.append(_covering(apart.pop(), hit) if covers else hit)
    return apart


def _covering(one: Hit, other: Hit) -> Hit:
    wider = max(one, other, key=lambda hit: hit.end - hit.start)
    return Hit(one.start, max(one.end, other.end), wider.kind, wider.refs)


def _all_letters() -> Iterator[str]:
    """Yield A to Z, then AA, AB and so on."""
    return (_lettered(number) for number in count())


def _lettered(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
