"""Finding a place in the guide by words; the whole guide is in memory."""

import re
import unicodedata
from dataclasses import dataclass

from support.articles import Article, articles
from ui.markdown import Part

MOST = 20
#: Pages offered for a subject, and how well one must fit: a word of its title, or two elsewhere.
MOST_SHEETS = 3
ENOUGH = 3
#: Words that say nothing of what a sentence is about.
_SMALL = frozenset(
    [
        "and",
        "are",
        "but",
        "can",
        "cannot",
        "can't",
        "could",
        "did",
        "does",
        "doesn't",
        "don't",
        "for",
        "from",
        "get",
        "has",
        "have",
        "how",
        "isn't",
        "it's",
        "let",
        "may",
        "not",
        "our",
        "out",
        "please",
        "she",
        "should",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "was",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "won't",
        "would",
        "you",
        "your",
        "help",
        "problem",
        "question",
        "support",
    ]
)


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


def sheets_for(subject: str) -> list[Found]:
    """Return the few pages that fit a ticket's subject best; none where nothing fits.

    Not every word has to be there, as it has in a search: a subject is a sentence.

    Args:
        subject: As it is typed.
    """
    wanted = telling_words(subject)
    if not wanted:
        return []
    scored = [(_fit(one, wanted), Found(article=one, part=one.parts[0])) for one in articles()]
    fitting = [(score, found) for score, found in scored if score >= ENOUGH]
    fitting.sort(key=lambda pair: -pair[0])
    return [found for _, found in fitting[:MOST_SHEETS]]


def telling_words(subject: str) -> list[str]:
    """Return the words of a sentence that say what it is about, without case, accents and marks."""
    return [word for word in _plain(subject).split() if len(word) > 2 and word not in _SMALL]


def _fit(article: Article, wanted: list[str]) -> int:
    headings = " ".join(part.title for part in article.parts)
    words = " ".join(part.words for part in article.parts)
    in_words = min(_count(words, wanted), 2)
    return (
        3 * _count(article.title, wanted)
        + 2 * _count(f"{article.summary} {headings}", wanted)
        + in_words
    )


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
