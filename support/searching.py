"""Finding a place in the guide by words; the whole guide is in memory."""

import re
import unicodedata
from dataclasses import dataclass

from support.articles import Article, Part, articles

MOST = 20


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page with the words, and the part of it that has the most of them."""

    article: Article
    part: Part


def places_with(typed: str) -> list[Found]:
    """Return the pages in which every word typed begins a word, best first.

    Args:
        typed: Words as people type them; case, accents and marks do not matter.
    """
    wanted = _plain(typed).split()
    if not wanted:
        return []
    scored = [
        (score, found)
        for one in articles()
        if (score := _score(one, wanted, found := _best(one, wanted)))
    ]
    scored.sort(key=lambda pair: -pair[0])
    return [found for _, found in scored[:MOST]]


def _best(article: Article, wanted: list[str]) -> Found:
    part = max(
        article.parts, key=lambda one: _count(f"{one.title} {one.title} {one.words}", wanted)
    )
    return Found(article=article, part=part)


def _score(article: Article, wanted: list[str], found: Found) -> int:
    whole = " ".join(
        [article.title, article.summary, *(f"{p.title} {p.words}" for p in article.parts)]
    )
    if not all(_count(whole, [word]) for word in wanted):
        return 0
    in_titles = _count(f"{article.title} {found.part.title}", wanted)
    return 1 + 10 * in_titles + _count(article.summary, wanted) + _count(found.part.words, wanted)


def _count(text: str, wanted: list[str]) -> int:
    """Count the wanted words that begin a word of the text."""
    words = _plain(text).split()
    return sum(any(word.startswith(one) for word in words) for one in wanted)


def _plain(text: str) -> str:
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    return " ".join(re.findall(r"\w+", bare))
