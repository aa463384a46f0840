"""The pages of the guide: Markdown files of this app, rendered once in each process.

A file begins with its facts as TOML between two lines of ``+++``. A link ``to:incident`` leads to
the page of that URL name, ``page:first-password`` to another page of the guide.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse
from django.utils.safestring import SafeString

from support.terms import Shelf
from ui.markdown import Part, render

CONTENT = Path(__file__).parent / "content"
_FACTS = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


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
    rendered = render(match[2], title=facts["title"], address=_address)
    return Article(
        slug=path.stem.partition("-")[2],
        shelf=shelf,
        title=facts["title"],
        summary=facts["summary"],
        covers=tuple(facts.get("covers", ())),
        html=rendered.html,
        parts=rendered.parts,
    )


def _address(href: str) -> str:
    scheme, _, name = href.partition(":")
    if scheme == "to":
        return reverse(name)
    if scheme == "page":
        slug, _, anchor = name.partition("#")
        return reverse("support_page", kwargs={"page": slug}) + (f"#{anchor}" if anchor else "")
    return href
