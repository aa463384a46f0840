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
_TITLES = frozenset("miss mister madam lady lord nurse doctor head teacher coach uncle aunt auntie year class".split())

_APOSTROPHES = "'`\u2018\u2019\u02bc\u00b4"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The words of a text.

    Attributes:
        words: Folded word -> its spelling where it first could be a name.
        pairs: Folded neighbours.
        capitals: Those of them that are both written with a capital.
    """

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
        if before:
            written.pairs[before[0], word] = None
            if before[1] and is_capital:
                written.capitals[before[0], word] = None
        before = word, is_capital
    return written


def candidates_in(written: Written) -> Candidates:
    """Ask the index who may be meant, in one statement."""
    pairs = [" ".join(pair) for pair in written.pairs]
    likely = [pair for pair in written.capitals if _may_be_misspelt(pair)][:MOST_MISSPELT]
    firsts, lasts = [a for a, _ in likely], [b for _, b in likely]
    found = Candidates()
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [pairs, MOST_WHOLE, list(written.words), firsts, lasts])
        for kind, word, other, ids, names in cursor.fetchall():
            if kind == "whole":
                found.whole.update(ids)
            elif kind == "alone":
                found.alone[word] = ids
            elif any(_is_slip((word, other), tuple(name.split(" "))) for name in names):
                found.misspelt[ids[0]] = (word, other)
    return found


def _may_be_misspelt(pair: tuple[str, str]) -> bool:
    return max(map(len, pair)) >= SHORTEST_MISSPELT and not _TITLES & {*pair}


# A materialised query is planned for all its rows, and so by the index, and stops at the limit.
_CANDIDATES = f"""
SELECT 'whole', NULL, NULL, ARRAY(
  SELECT student_id FROM schools_studentsearch
   WHERE is_here AND pairs && %s::text[] LIMIT %s), NULL
UNION ALL
SELECT * FROM (
  SELECT 'alone', word, NULL, ARRAY(
    WITH had AS MATERIALIZED (
      SELECT student_id FROM schools_studentsearch WHERE is_here AND words @> ARRAY[word])
    SELECT student_id FROM had LIMIT {MOST_COUNTED + 1}) AS ids, NULL::text[]
    FROM unnest(%s::text[]) AS word) AS alone WHERE ids <> '{{}}'
UNION ALL
SELECT 'near', a, b, ARRAY[student_id], pairs FROM unnest(%s::text[], %s::text[]) AS said(a, b),
LATERAL (
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
