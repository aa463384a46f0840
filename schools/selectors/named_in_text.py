"""Students whose names occur in a text, of all who are on roll.

The database finds by its index who may be meant; ``ui.names_in_text`` says who is named.
Source: guide, section 4, “Student” (acceptance G6.8); decision 0015.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from schools.models import Student
from schools.policies import Reader
from schools.selectors.written_names import (
    MOST_COUNTED,
    Candidates,
    Written,
    candidates_in,
    written_in,
)
from ui.everyday_words import EVERYDAY_WORDS
from ui.names_in_text import StudentNames, folded, names_in

#: A first or family name standing alone offers the students who have it, up to so many; beyond,
#: it is only said how many they are.
FEW = 3
#: Longer texts are looked at up to here; so many students and shared names are answered.
LONGEST_CHECKED = 20_000
MOST_NAMED = 12
MOST_SHARED = 5


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A name standing alone that several students on roll have.

    Attributes:
        word: As it is written in the text.
        count: How many have it, ``MOST_COUNTED`` at most.
        is_more: There are more.
    """

    word: str
    count: int
    is_more: bool


@dataclass(frozen=True, kw_only=True)
class Named:
    """Whom a text names who is not chosen.

    Attributes:
        students: Named as the MIS spells them, in the order of the text; all of the namesakes.
        misspelt: Named wholly but for one letter.
        shared: Names standing alone that may be one of several.
    """

    students: list[Student] = field(default_factory=list)
    misspelt: list[Student] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)


def named_in(reader: Reader, text: str, *, chosen: Sequence[UUID]) -> Named:
    """Return the students on roll whom a text names and who are not chosen.

    A name of somebody chosen, or wholly named in the text, says nothing of others who share it.
    """
    said = unicodedata.normalize("NFKC", text[:LONGEST_CHECKED].replace("\x00", " "))
    written = written_in(said)
    if not written.every_word:
        return Named()
    on_roll = Student.objects.visible_to(reader).current()
    found = candidates_in(written)
    few = {pk for ids in found.alone.values() if len(ids) <= FEW for pk in ids}
    meant = on_roll.filter(pk__in={*found.whole, *found.misspelt, *few})
    rows = {str(one.ref): one for one in meant}
    known = list(on_roll.filter(ref__in=chosen))
    spoken_of = _words_of(known) | {word for pair in found.misspelt.values() for word in pair}
    places = names_in(said, map(_names, rows.values()))
    whole = list(dict.fromkeys(one.ref for one in places if one.is_whole))
    spoken_of |= _words_of(rows[ref] for ref in whole)
    alone = _alone(found.alone, spoken_of)
    in_order = dict.fromkeys(one.ref for one in places if one.is_whole or rows[one.ref].pk in alone)
    own = {str(ref) for ref in chosen}
    misspelt = [
        one for ref, one in rows.items() if one.pk in found.misspelt and ref not in {*whole, *own}
    ]
    named = [rows[ref] for ref in in_order if ref not in own and rows[ref] not in misspelt]
    return Named(
        students=named[:MOST_NAMED],
        misspelt=misspelt[:MOST_NAMED],
        shared=_shared(reader, written, found, spoken_of),
    )


def _alone(alone: Mapping[str, list[int]], spoken_of: set[str]) -> set[int]:
    few = (ids for word, ids in alone.items() if len(ids) <= FEW and word not in spoken_of)
    return {pk for ids in few for pk in ids}


def _shared(
    reader: Reader, written: Written, found: Candidates, spoken_of: set[str]
) -> list[Shared]:
    several = {
        word: ids
        for word, ids in found.alone.items()
        if len(ids) > FEW and word not in spoken_of and word not in EVERYDAY_WORDS
    }
    several = dict(islice(several.items(), MOST_SHARED))
    ids = {pk for some in several.values() for pk in some}
    visible = set(
        Student.objects.visible_to(reader).current().filter(pk__in=ids).values_list("pk", flat=True)
        if ids
        else ()
    )
    return [
        Shared(
            word=written.spelling(word),
            count=min(len(visible & set(some)), MOST_COUNTED),
            is_more=len(some) > MOST_COUNTED,
        )
        for word, some in several.items()
        if len(visible & set(some)) > FEW
    ]


def _words_of(students: Iterable[Student]) -> set[str]:
    return {word for one in students for word in _parts(one)}


def _parts(student: Student) -> Iterator[str]:
    for name in (student.given_name, student.preferred_given_name, student.family_name):
        for word in folded(name).replace("-", " ").split():
            yield word.replace("'", "")


def _names(student: Student) -> StudentNames:
    return StudentNames(
        ref=str(student.ref),
        given_name=student.given_name,
        family_name=student.family_name,
        preferred_given_name=student.preferred_given_name,
    )
