"""The knowledge base as schools read it, and their places at webinars: from anywhere.

It is reached by functions of the database that hand out what is published and nothing else of the
helpdesk (decisions 0011 and 0024): a school's page may read no table in public.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.paginator import Page
from django.db import connection
from django.utils.safestring import SafeString

from core.pages import Counted
from core.tenancy import nowhere
from helpdesk.knowledge_terms import PlaceAnswer, WebinarState
from ui.markdown import Rendered, render

#: Round each word that was looked for, in what the database hands out; the pieces are escaped all
#: the same.
_OPENS, _CLOSES = "\ue000", "\ue001"
#: In place of a kind: everything but videos.
WRITTEN = "written"
#: Characters of what is searched for.
_MOST_TYPED = 200

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A published article in a list.

    Attributes:
        slug: Its name in addresses.
        kind: A ``helpdesk.knowledge_terms.ArticleKind``.
        topic: A ``helpdesk.terms.Topic``.
        language: As pages name it to browsers.
        rank: How well it fits what was searched for; 0 in a plain list.
        snippet: Where the words are, those that were looked for marked.
    """

    slug: str
    kind: str
    topic: str
    language: str
    title: str
    summary: str
    rank: float = 0.0
    snippet: str = ""

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The snippet in pieces, each with whether it was looked for."""
        pieces = []
        for part in self.snippet.split(_OPENS):
            hit, mark, rest = part.rpartition(_CLOSES)
            if mark:
                pieces.append((hit.replace(_CLOSES, ""), True))
            pieces.append((rest, False))
        return [(text, is_hit) for text, is_hit in pieces if text]


@dataclass(frozen=True, kw_only=True)
class PublishedArticle:
    """An article as a school reads it.

    Attributes:
        text: Markdown.
        video_url: Where a video can be watched (https).
        published_at: UTC.
    """

    slug: str
    kind: str
    topic: str
    language: str
    title: str
    summary: str
    text: str
    video_url: str
    published_at: datetime

    @property
    def html(self) -> SafeString:
        """Its text, rendered and sanitised."""
        return reading(self.text).html


@dataclass(frozen=True, kw_only=True)
class WebinarTold:
    """A webinar as somebody of a school sees it.

    Attributes:
        text: Markdown.
        starts_at: UTC.
        join_url: Where it takes place; empty for whoever has no place.
        recording_url: Where it can be watched afterwards; empty where it cannot.
        places_left: How many may still take part.
        is_mine: Whether they have a place.
        version: Counts its changes.
        changed_at: UTC.
    """

    ref: UUID
    slug: str
    state: str
    title: str
    summary: str
    text: str
    starts_at: datetime
    minutes: int
    join_url: str
    recording_url: str
    places_left: int
    is_mine: bool
    version: int
    changed_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it is over (UTC)."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_called_off(self) -> bool:
        """Whether it does not take place."""
        return self.state == WebinarState.CALLED_OFF

    @property
    def html(self) -> SafeString:
        """Its text, rendered and sanitised."""
        return reading(self.text).html


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Who takes part in a webinar: a member of staff, with what the helpdesk is told of them."""

    school_ref: UUID
    school_name: str
    staff_ref: UUID
    name: str
    email: str


def reading(text: str) -> Rendered:
    """Render the Markdown of an article or a webinar."""
    return render(text, anchors="part-")


def articles_on_shelf(
    *, kind: str = "", topic: str = "", number: int = 1, per_page: int = 25
) -> "Page[Listed]":
    """Return a page of the published articles, the newest first; past the end it is the last one.

    Args:
        kind: Only these; with ``WRITTEN`` all but videos, and all where it is empty.
        topic: Only those about this; about anything where it is empty.
        number: Of the page, from 1.
        per_page: Articles on a page.
    """
    number = max(1, number)
    rows = _ask("articles_on_shelf", kind, topic, per_page, (number - 1) * per_page)
    if not rows and number > 1:
        first = _ask("articles_on_shelf", kind, topic, 1, 0)
        last = -(-first[0]["in_all"] // per_page) if first else 1
        number = min(number - 1, last)
        return articles_on_shelf(kind=kind, topic=topic, number=number, per_page=per_page)
    total = rows[0]["in_all"] if rows else 0
    return Page(_made(Listed, rows), number, Counted(total, per_page))


def articles_with(words: str, *, most: int = 20) -> tuple[Listed, ...]:
    """Return the published articles with these words, best first.

    Args:
        words: As people type them: words, “phrases in quotes”, or, -without.
        most: No more than so many.
    """
    return _made(Listed, _ask("articles_with", words[:_MOST_TYPED], most))


def article_at(slug: str) -> PublishedArticle | None:
    """Return the published article of this name; None where there is none."""
    found = _made(PublishedArticle, _ask("article_at", slug))
    return found[0] if found else None


def webinars_for(staff: UUID, *, now: datetime) -> tuple[WebinarTold, ...]:
    """Return the webinars to come, those with a recording, and those called off at which somebody had a place.

    Args:
        staff: Reference of whoever looks.
        now: The moment (UTC); whatever was over before has gone.
    """
    return _made(WebinarTold, _ask("webinars_for", staff, now))


def take_place(slug: str, guest: Guest, *, now: datetime) -> PlaceAnswer:
    """Take a place at a webinar, in the transaction of the caller; once is enough.

    Returns:
        ``TAKEN``, ``FULL``, or ``GONE`` where it is over, called off or not published.
    """
    who = (guest.school_ref, guest.school_name, guest.staff_ref, guest.name, guest.email)
    return _call("take_webinar_place", slug, *who, now)


def give_place_up(slug: str, staff: UUID, *, now: datetime) -> PlaceAnswer:
    """Give a place up, in the transaction of the caller.

    Returns:
        ``GIVEN_UP``, or ``GONE`` where there is none to give up, or the webinar is over.
    """
    return _call("give_webinar_place_up", slug, staff, now)


def _ask(function: str, *given: Any) -> list[dict[str, Any]]:
    """Return the rows of one of our functions in public."""
    places = ", ".join(["%s"] * len(given))
    with nowhere(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM public.{function}({places})", given)  # noqa: S608 - names of our own
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _call(procedure: str, *given: Any) -> PlaceAnswer:
    """Return the answer of one of our procedures in public."""
    places = "".join(["%s, "] * len(given))
    with nowhere(), connection.cursor() as cursor:
        cursor.execute(f"CALL public.{procedure}({places}NULL)", given)
        (answer,) = cursor.fetchone()
    return PlaceAnswer(answer)


def _made(kind: type[Row], rows: Iterable[dict[str, Any]]) -> tuple[Row, ...]:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type] # one of the dataclasses above
    return tuple(kind(**{name: row[name] for name in names & row.keys()}) for row in rows)
