"""People found by part of a name, through the folded names that the database keeps.

Source: guide, section 4, “Student” (acceptance G6.1, G6.7); decision 0015.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
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
    found: list[Person] = []
    for condition, order in _ways(words_of(typed)):
        left = most - len(found)
        if left <= 0:
            break
        matching = rows.filter(condition).exclude(pk__in=[one.pk for one in found])
        # Without an order the database stops at so many.
        some = rows.model._default_manager.filter(pk__in=matching.order_by().values("pk")[:MOST_SORTED])
        found += some.order_by(*order, "family_name", "given_name", "id")[:left]
    return found


def _ways(words: Sequence[str]) -> Iterator[tuple[Q, tuple[Any, ...]]]:
    if not words:
        return
    yield Q(search__words__contains=AllOf(*map(_folded, words))), ()
    yield _all(_begins(word) for word in words), ()
    if any(len(word) >= SHORTEST_PART for word in words):
        yield _has_part_each(words), ()
    if any(len(word) >= SHORTEST_MISSPELT for word in words):
        likeness = TrigramWordSimilarity(_folded(" ".join(words)), "search__name")
        yield _all(_is_near(word) for word in words), (likeness.desc(),)


def _has_part_each(words: Sequence[str]) -> Q:
    return _all(_has_part(word) for word in words)


def _all(conditions: Iterator[Q]) -> Q:
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
    return _begins(word) | Q(search__near__overlap=Near(_folded(word)))
