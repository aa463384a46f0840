"""Words of a text that may be names, and the students who have such names, by the index."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from ui.everyday_words import EVERYDAY_WORDS
from ui.names_in_text import SHORTEST_ALONE, folded

#: How many students who share a name are counted.
MOST_COUNTED = 30
#: So many namesakes and misspelt names are looked at.
MOST_WHOLE = 60
MOST_MISSPELT = 60
#: A shorter word with a wrong letter is another word.
SHORTEST_MISSPELT = 4
#: Before a family name these are no misspelt first names.
_TITLES = frozenset(
    [
        "miss",
        "mister",
        "madam",
        "lady",
        "lord",
        "nurse",
        "doctor",
        "head",
        "teacher",
        "coach",
        "uncle",
        "aunt",
        "auntie",
        "year",
        "class",
    ]
)

_APOSTROPHES = "'`\u2018\u2019\u02bc\u00b4"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The words of a text.

    Attributes:
        every_word: All of them, folded.
        words: Those that may be a name by themselves -> how they are spelt there.
        pairs: Folded neighbours.
        capitals: Those of them that are both written with a capital.
    """

    every_word: dict[str, None] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[str, str], None] = field(default_factory=dict)
    capitals: dict[tuple[str, str], None] = field(default_factory=dict)

    def spelling(self, word: str) -> str:
        """Return how a folded word is written in the text."""
        return self.words[word]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Who may be meant, by their ids.

    Attributes:
        whole: Two words of their whole name stand together.
        misspelt: So they do but for one letter; with the two words as written.
        alone: Word -> who has it among their names, ``MOST_COUNTED`` and one more at most.
    """

    whole: set[int] = field(default_factory=set)
    misspelt: dict[int, tuple[str, str]] = field(default_factory=dict)
    alone: dict[str, list[int]] = field(default_factory=dict)


def written_in(text: str) -> Written:
    """Return the words of a text and which stand together."""
    written = Written()
    before: tuple[str, bool] | None = None
    for match in _WORD.finditer(text):
        spelling = _POSSESSIVE.sub("", match.group())
        word = folded(spelling).replace("'", "")
        is_capital = spelling[:1].isupper()
        if len(word) >= SHORTEST_ALONE and (is_capital or word not in EVERYDAY_WORDS):
            written.words.setdefault(word, spelling)
        written.every_word[word] = None
        if before:
            written.pairs[before[0], word] = None
            if before[1] and is_capital:
                written.capitals[before[0], word] = None
        before = word, is_capital
    return written


def candidates_in(written: Written) -> Candidates:
    """Ask the index who may be meant: first for each word alone, then for words that stand together."""
    found = Candidates()
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [list(written.every_word), MOST_COUNTED + 1])
        known = dict(cursor.fetchall())
        found.alone.update({word: known[word] for word in written.words if word in known})
        pairs = [" ".join(pair) for pair in written.pairs if known.keys() >= {*pair}]
        likely = [p for p in written.capitals if known.keys() & {*p} and _may_be_misspelt(p)]
        firsts, lasts = [[pair[at] for pair in likely[:MOST_MISSPELT]] for at in (0, 1)]
        cursor.execute(_TOGETHER, [pairs, MOST_WHOLE, firsts, lasts])
        for said, other, student, names in cursor.fetchall():
            if other is None:
                found.whole.add(student)
            elif any(_is_slip((said, other), tuple(name.split(" "))) for name in names):
                found.misspelt[student] = (said, other)
    return found


def _may_be_misspelt(pair: tuple[str, str]) -> bool:
    return max(map(len, pair)) >= SHORTEST_MISSPELT and not _TITLES & {*pair}


# A materialised query is planned for all its rows, and so by the index, and stops at the limit.
_ALONE = """
SELECT word, ids FROM unnest(%s::text[]) AS word, LATERAL (
  SELECT ARRAY(
    WITH had AS MATERIALIZED (
      SELECT student_id FROM schools_studentsearch
       WHERE is_here AND words @> ARRAY[schools_folded(word)])
    SELECT student_id FROM had LIMIT %s) AS ids OFFSET 0) AS had WHERE ids <> '{}'
"""
_TOGETHER = """
(SELECT pair, NULL, student_id, NULL::text[] FROM unnest(%s::text[]) AS pair, LATERAL (
  WITH had AS MATERIALIZED (
    SELECT student_id FROM schools_studentsearch
     WHERE is_here AND pairs @> ARRAY[schools_folded(pair)])
  SELECT student_id FROM had LIMIT 20) AS whole LIMIT %s)
UNION ALL
SELECT a, b, student_id, pairs FROM unnest(%s::text[], %s::text[]) AS said(a, b), LATERAL (
  WITH had AS MATERIALIZED (
    SELECT student_id, pairs FROM schools_studentsearch
     WHERE is_here AND words @> ARRAY[b] AND near && schools_near(ARRAY[a])
     UNION
    SELECT student_id, pairs FROM schools_studentsearch
     WHERE is_here AND words @> ARRAY[a] AND near && schools_near(ARRAY[b]))
  SELECT student_id, pairs FROM had LIMIT 20) AS near
"""


def _is_slip(said: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Say whether two words are a name's two, but for one letter in one of them."""
    wrong = [(a, b) for a, b in zip(said, name, strict=True) if a != b]
    return len(wrong) == 1 and all(_is_one_letter_off(a, b) for a, b in wrong)


def _is_one_letter_off(written: str, name: str) -> bool:
    if min(len(written), len(name)) < SHORTEST_MISSPELT or written in EVERYDAY_WORDS:
        return False
    if len(written) != len(name):
        short, long = sorted((written, name), key=len)
        return len(long) == len(short) + 1 and short in _shorter(long)
    places = [at for at, pair in enumerate(zip(written, name, strict=True)) if len({*pair}) > 1]
    if len(places) == 2:
        first, second = places
        return second == first + 1 and written[first : second + 1] == name[first : second + 1][::-1]
    return len(places) == 1


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
