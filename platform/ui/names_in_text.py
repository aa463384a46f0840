"""Finds the names of given students inside a text, spelt as the MIS spells them.

Pure: no rows, no request. ‘Hide Names’ stars out what it finds (guide 5.1), and the forms ask it whether a student is
named who is not linked (guide, section 4, “Student”).

What counts as a name (acceptance G7.1):

- the whole name, in either order: “Zoë Bailey”, “Bailey, Zoë”; first, preferred or further first names with the family name;
- a first, preferred or family name alone, each half of a double-barrelled one, and each longer word of several;
- capitals and accents do not matter (“ZOE” is Zoë, and a decomposed “ë” is “ë”), nor does which apostrophe or hyphen is
  typed (“O’Neill”, “O'Neill”, “ONeill”), a possessive (“Zoë's”, “Bailey’s”, “James'”), or white space inside a whole
  name: its two parts may also stand together (“zoe_bailey”, “ZoeBailey”), as file names have them, or apart at a point,
  comma, semicolon, slash or hyphen, as addresses and lists have them (“zoe.bailey@…”, “BAILEY,Zoë”);
- a name that is also an everyday word (Will, Grace, May, Rose …), standing alone, only where it is spelt exactly as the MIS
  spells it: “Grace hit Will” names two, “grace will be given” none. In a whole name it counts in any spelling.

Names are found between letters only: “Ann” is not in “Annual”, and is in “ann_2.pdf”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ui.everyday_words import EVERYDAY_WORDS

#: Shorter names standing alone (“Jo” counts, “J” does not) are everyday letters.
SHORTEST_ALONE = 2
#: Shorter words of a name of several (“van”, “de”, “Li” of “Mei Li”) mean nobody alone, unless they come first.
SHORTEST_OF_SEVERAL = 4
_LETTER = r"[^\W\d_]"
_LETTERS_ALONE = re.compile(rf"{_LETTER}+")
_WORDS = re.compile(rf"{_LETTER}+(?:['-]{_LETTER}+)*")
_APOSTROPHES = (
    "'`\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"
    "\N{MODIFIER LETTER APOSTROPHE}\N{ACUTE ACCENT}"
)
_HYPHENS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}"
#: Letters that Unicode does not take apart, as PostgreSQL's ``unaccent`` writes them.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{SOFT HYPHEN}": None,
    }
)


@dataclass(frozen=True, kw_only=True)
class StudentNames:
    """What the MIS calls a student.

    Attributes:
        ref: The student's reference, given back with each place found.
    """

    ref: str
    given_name: str
    family_name: str
    preferred_given_name: str = ""


@dataclass(frozen=True, order=True)
class Found:
    """A place in a text.

    Attributes:
        start: Index of its first character in the text as given.
        end: Index after its last character; a possessive's “'s” is not part of it.
        ref: The student named; where namesakes share a name, each has a ``Found`` of the same place.
        is_whole: A first name and the family name stand together.
    """

    start: int
    end: int
    ref: str
    is_whole: bool


def folded(text: str) -> str:
    """Return a text without accents, capitals, or the difference between apostrophes and hyphens."""
    return _folded_with_places(text)[0]


def names_in(text: str, students: Iterable[StudentNames]) -> list[Found]:
    """Return every place where one of the students is named, in order; places may overlap."""
    plain, places = _folded_with_places(text)
    found = set()
    for student in students:
        for name, is_whole in _names_of(student):
            if not all(word in plain for word in name.split()):
                continue  # cheaper than to look for it, or to make its pattern
            for match in _pattern(name).finditer(plain):
                start, end = places[match.start()], places[match.end()]
                if is_whole or not _is_everyday(name) or _is_spelt_as(text[start:end], student):
                    found.add(Found(start, end, student.ref, is_whole))
    return sorted(found)


def words_in(text: str) -> set[str]:
    """Return the folded words of a text, apart at hyphens; at apostrophes too, and without them."""
    plain = folded(text)
    return {*_LETTERS_ALONE.findall(plain), *_LETTERS_ALONE.findall(plain.replace("'", ""))}


def may_be_named(words: set[str], student: StudentNames) -> bool:
    """Say whether a text of these words may name a student; cheaper than ``names_in``.

    Args:
        words: As ``words_in`` returns them.
        student: Who.
    """
    names = (student.given_name, student.preferred_given_name, student.family_name)
    alone = words_in(" ".join(names))
    if any(word in words for word in alone if len(word) >= SHORTEST_ALONE):
        return True
    given, preferred, family = (folded(name).replace("'", "") for name in names)
    last = family.replace(" ", "")
    firsts = {first for name in (given, preferred) for first in (name, *name.split()[:1]) if first}
    joined = (
        f"{one}{other}"
        for first in firsts
        for one, other in ((first.replace(" ", ""), last), (last, first.replace(" ", "")))
    )
    return any(word in words for name in joined for word in _LETTERS_ALONE.findall(name))


def merged(found: Iterable[Found]) -> list[tuple[int, int]]:
    """Return the places found without overlaps, in order; neighbours stay apart."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted({(one.start, one.end) for one in found}):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _names_of(student: StudentNames) -> Iterator[tuple[str, bool]]:
    """Return each folded name of a student, and whether it is a whole name."""
    given = folded(student.given_name).split()
    preferred = folded(student.preferred_given_name).split()
    family = folded(student.family_name).split()
    firsts = {" ".join(words) for words in (given, preferred, given[:1], preferred[:1]) if words}
    last = " ".join(family)
    for first in firsts:
        if last:
            yield from ((whole, True) for whole in _wholes(first, last))
    alone = {*firsts, last, *(part for name in (*firsts, last) for part in name.split("-"))}
    words = (word for name in (given, preferred, family) for word in _WORDS.findall(" ".join(name)))
    alone |= {word for word in words if len(word) >= SHORTEST_OF_SEVERAL}
    alone |= {name.replace("'", "") for name in alone}
    for name in alone:
        if len(name) >= SHORTEST_ALONE:
            yield name, False


def _wholes(first: str, last: str) -> tuple[str, ...]:
    plain = f"{first} {last}".replace("'", "")
    return (
        f"{first} {last}", f"{last} {first}", plain,
        plain.replace(" ", ""), f"{last}{first}".replace("'", "").replace(" ", ""),
    )  # fmt: skip


def _is_everyday(name: str) -> bool:
    return name in EVERYDAY_WORDS


def _is_spelt_as(written: str, student: StudentNames) -> bool:
    """Say whether an everyday word is written as one of the student's names, accents and capitals too."""
    names = (student.given_name, student.preferred_given_name, student.family_name)
    spelt = {
        unicodedata.normalize("NFC", one)
        for name in names
        for one in (name, *re.split(r"[\s-]+", name), *re.findall(rf"{_LETTER}+", name))
    }
    return unicodedata.normalize("NFC", written) in spelt


def _pattern(name: str) -> re.Pattern[str]:
    # As addresses and lists have them too: “jack.webb@…”, “WEBB,Jack”.
    words = r"(?:\s*,\s*|[\s_]+|[.;/-])".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!{_LETTER}){words}(?!{_LETTER})")


def _folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each of its characters (and its end) the index in ``text``."""
    if text.isascii():
        return text.lower().replace("`", "'"), range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for index, letter in enumerate(text):
        for part in _fold(letter):
            letters.append(part)
            places.append(index)
    # A combining mark folds to nothing: a place ends after the marks that follow its last letter.
    return "".join(letters), [*places, len(text)]


@lru_cache(maxsize=4_096)
def _fold(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    if letter in _HYPHENS:
        return "-"
    apart = unicodedata.normalize("NFKD", letter.casefold().translate(_LETTERS))
    # Marks, and what has no width (joiners, marks of direction), stand in no letter's way.
    plain = (p for p in apart if not unicodedata.combining(p) and unicodedata.category(p) != "Cf")
    return "".join("'" if part in _APOSTROPHES else part for part in plain)
