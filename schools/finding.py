"""People found by part of a name, through the folded names that the database keeps.

Source: guide, section 4, “Student” (acceptance G6.1, G6.7); decision 0015.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Concat

#: One letter alone finds nobody: it would find nearly everybody.
SHORTEST = 2
#: A part of a name that is not its beginning, and a word with a mistake in it, are longer.
SHORTEST_PART = 3
SHORTEST_MISSPELT = 4
#: More words than a name has are not looked at.
MOST_WORDS = 6
#: So many are put in order; who types so little that more are found will type on.
MOST_SORTED = 400

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")
Person = TypeVar("Person", bound=models.Model)

_LEFT_OUT = re.compile("['`\u2018\u2019\u02bc\u00b4\u00ad\x00]")
_BETWEEN = re.compile('[\\s\\-\u2010-\u2014.,;:/()"]+')


class Folded(Func):
    """A word without accents and capitals, as the database folds names."""

    function = "schools_folded"
    output_field = TextField()


class Near(Func):
    """A folded word, and the word with any one letter left out."""

    function = "schools_near"
    template = "%(function)s(ARRAY[%(expressions)s])"
    output_field = ArrayField(TextField())


class AllOf(Func):
    """Words as an array."""

    template = "ARRAY[%(expressions)s]"
    output_field = ArrayField(TextField())


def words_of(typed: str) -> list[str]:
    """Return the words typed, apart as the words of names are; empty where they are too few letters."""
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFKC", typed))
    words = list(dict.fromkeys(word for word in _BETWEEN.split(plain) if word))[:MOST_WORDS]
    words = [word for word in words if any(letter.isalnum() for letter in word)]
    return words if any(len(word) >= SHORTEST for word in words) else []


def named_like(rows: Rows, typed: str) -> Rows:
    """Filter to people in whose names every word typed occurs, in any order."""
    words = words_of(typed)
    return rows.filter(_has_part_each(words)) if words else rows.none()


def best_named(rows: "models.QuerySet[Person]", typed: str, most: int) -> list[Person]:
    """Return at most so many people, best first.

    First those with the very words typed, then those with names that begin so, then those with
    names that hold them anywhere, last those with a word misspelt by one letter; each by name.
    """
    words = words_of(typed)
    if not words:
        return []
    best = _ranked(rows, words)[:most]
    if len(best) < most and any(len(word) >= SHORTEST_MISSPELT for word in words):
        best += _misspelt(rows, words, best)[: most - len(best)]
    people = {one.pk: one for one in rows.filter(pk__in=best)} if best else {}
    return [people[pk] for pk in best]


def _ranked(rows: "models.QuerySet[Any]", words: Sequence[str]) -> list[int]:
    exactly = Q(search__words__contains=AllOf(*map(_folded, words)))
    found = _some(rows, _has_part_each(words), words)
    if len(found) == MOST_SORTED:
        # There are more than can be put in order: the best kinds are asked for by themselves.
        best = _some(rows, exactly, words) + _some(rows, _all(map(_begins, words)), words)
        found = best + found
    return list(dict.fromkeys(pk for *_, pk in sorted(found)))


def _some(
    rows: "models.QuerySet[Any]", condition: Q, words: Sequence[str]
) -> list[tuple[int, str, str, int]]:
    """Return how well a person is named, and by what name; no more of them than are sorted."""
    columns = ("search__name", "typed", "family_name", "given_name", "pk")
    found = rows.filter(condition).annotate(typed=AllOf(*map(_folded, words))).order_by()
    return [
        (_rank(name, folded), family.casefold(), given.casefold(), pk)
        # Without an order the database stops at so many.
        for name, folded, family, given, pk in found.values_list(*columns)[:MOST_SORTED]
    ]


def _rank(name: str, words: Sequence[str]) -> int:
    if set(words) <= set(name.split()):
        return 0
    return 1 if all(f" {word}" in name for word in words) else 2


def _misspelt(
    rows: "models.QuerySet[Any]", words: Sequence[str], besides: Sequence[int]
) -> list[int]:
    """Return people whose names hold the words but for one letter, the likest first."""
    *before, last = words
    near = [_is_near(word) for word in before]
    # The last word may be half typed; by itself it was looked for as a beginning already.
    near.append(_is_near(last) | _begins(last) if before else _is_near(last))
    likeness = TrigramWordSimilarity(_folded(" ".join(words)), "search__name")  # type: ignore[arg-type] # an expression will do
    found = rows.filter(_all(near)).annotate(likeness=likeness).order_by()
    likest = sorted(
        (-like, family.casefold(), given.casefold(), pk)
        for like, family, given, pk in found.values_list(
            "likeness", "family_name", "given_name", "pk"
        )[:MOST_SORTED]
    )
    return [pk for *_, pk in likest if pk not in besides]


def _has_part_each(words: Sequence[str]) -> Q:
    return _all(_has_part(word) for word in words)


def _all(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole &= condition
    return whole


def _folded(word: str) -> Folded:
    return Folded(Value(word))


def _begins(word: str) -> Q:
    return Q(search__name__contains=Concat(Value(" "), _folded(word)))


def _has_part(word: str) -> Q:
    # Two letters have no trigram by which the index would find them inside a word.
    return Q(search__name__contains=_folded(word)) if len(word) >= SHORTEST_PART else _begins(word)


def _is_near(word: str) -> Q:
    if len(word) < SHORTEST_MISSPELT:
        return _begins(word)
    return Q(search__near__overlap=Near(_folded(word)))
