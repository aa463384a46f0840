"""The pages of the guide: Markdown files of this app, rendered once in each process.

A file begins with its facts as TOML between two lines of ``+++``. A link ``to:incident`` leads to
the page of that URL name, ``page:first-password`` to another page of the guide.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from support.terms import Shelf

CONTENT = Path(__file__).parent / "content"
_FACTS = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
_CLASSES = {
    "p": "govuk-body",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}
_TAGS = {*_CLASSES, "li", "strong", "em", "kbd", "blockquote"}
_ATTRIBUTES = {
    "*": {"class"},
    "h2": {"id"},
    "h3": {"id"},
    "a": {"href"},
    "th": {"scope"},
    "ol": {"start"},
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of a page under one heading; the first has the page's own title, and no anchor."""

    anchor: str
    title: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Article:
    """One page of the guide.

    Attributes:
        slug: Its name in addresses; the same for nothing else.
        summary: What it is about, in one sentence.
        covers: URL names of the screens that it describes.
        html: Rendered and sanitised.
        parts: Its text by heading, for the list of contents and for searching.
    """

    slug: str
    shelf: Shelf
    title: str
    summary: str
    covers: tuple[str, ...]
    html: SafeString
    parts: tuple[Part, ...]

    @property
    def headings(self) -> tuple[Part, ...]:
        """The parts that have an anchor."""
        return tuple(part for part in self.parts if part.anchor)


@cache
def articles() -> tuple[Article, ...]:
    """Return every page in the order of its shelf and its file's name."""
    return tuple(_read(path, shelf) for shelf in Shelf for path in _files(shelf))


def article(slug: str) -> Article:
    """Return the page of this name.

    Raises:
        LookupError: There is none.
    """
    found = next((one for one in articles() if one.slug == slug), None)
    if found is None:
        raise LookupError("No page of the guide has this name.")
    return found


def on_shelf(shelf: Shelf) -> list[Article]:
    """Return the pages of a shelf, in order."""
    return [one for one in articles() if one.shelf is shelf]


def neighbours(here: Article) -> tuple[Article | None, Article | None]:
    """Return the pages before and after one on its shelf."""
    pages: list[Article | None] = [None, *on_shelf(here.shelf), None]
    at = pages.index(here)
    return pages[at - 1], pages[at + 1]


def _files(shelf: Shelf) -> list[Path]:
    return sorted((CONTENT / shelf.value).glob("*.md"))


def _read(path: Path, shelf: Shelf) -> Article:
    match = _FACTS.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise ValueError("A page of the guide begins with its facts.")
    facts = tomllib.loads(match[1])
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(match[2])
    _dress(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    return Article(
        slug=path.stem.partition("-")[2],
        shelf=shelf,
        title=facts["title"],
        summary=facts["summary"],
        covers=tuple(facts.get("covers", ())),
        html=SafeString(
            nh3.clean(
                html,
                tags=_TAGS,
                attributes=_ATTRIBUTES,
                url_schemes={"https", "mailto", "tel"},
                link_rel=None,
            )
        ),
        parts=tuple(_parts(facts["title"], tokens)),
    )


def _dress(tokens: list[Token]) -> None:
    """Give each tag the class of its component, each heading an anchor, each link its address."""
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.nesting == 1 and token.tag in _CLASSES:
            token.attrSet("class", _CLASSES[token.tag])
        if token.type == "heading_open" and after:
            token.attrSet("id", slugify(_words(after)))
        if token.tag == "th" and token.nesting == 1:
            token.attrSet("scope", "col")
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("class", _CLASSES["a"])
                inner.attrSet("href", _address(str(inner.attrGet("href"))))


def _address(href: str) -> str:
    scheme, _, name = href.partition(":")
    if scheme == "to":
        return reverse(name)
    if scheme == "page":
        slug, _, anchor = name.partition("#")
        return reverse("support_page", kwargs={"page": slug}) + (f"#{anchor}" if anchor else "")
    return href


def _parts(title: str, tokens: list[Token]) -> Iterator[Part]:
    anchor, name, words = "", title, [""]
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and after:
            yield Part(anchor=anchor, title=name, words=" ".join(words))
            anchor, name, words = str(token.attrGet("id")), _words(after), []
        elif token.type == "inline":
            words.append(_words(token))
    yield Part(anchor=anchor, title=name, words=" ".join(words))


def _words(token: Token) -> str:
    return "".join(inner.content or " " * (inner.nesting == 0) for inner in token.children or ())
