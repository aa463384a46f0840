"""The desk's lists of articles and webinars, and the pages behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Page
from django.db.models import Count, F, Q, QuerySet

from core.pages import page_of
from helpdesk.knowledge_terms import ArticleKind, ArticleState
from helpdesk.models import Article, ArticleVersion, Webinar, WebinarPlace
from helpdesk.querysets import SEARCHED_AS
from helpdesk.terms import Topic

_STATES = {
    ArticleState.DRAFT: Q(published=None),
    ArticleState.CHANGED: ~Q(published=None) & ~Q(published=F("latest")),
    ArticleState.PUBLISHED: Q(published=F("latest")),
}


@dataclass(frozen=True, kw_only=True)
class ArticleSheet:
    """An article at the desk.

    Attributes:
        shown: The version that is looked at; the latest unless another was asked for.
        versions: All of them, the latest first.
    """

    article: Article
    shown: ArticleVersion
    versions: Sequence[ArticleVersion]


@dataclass(frozen=True, kw_only=True)
class WebinarSheet:
    """A webinar at the desk, with who has a place."""

    webinar: Webinar
    places: Sequence[WebinarPlace]


def articles_page(
    *,
    state: ArticleState | None = None,
    kind: ArticleKind | None = None,
    topic: Topic | None = None,
    number: int = 1,
) -> "Page[Article]":
    """Return a page of the articles, the one saved last first; narrowed where asked for."""
    rows = _shown()
    if state is not None:
        rows = rows.filter(_STATES[state])
    if kind is not None:
        rows = rows.filter(latest__kind=kind)
    if topic is not None:
        rows = rows.filter(latest__topic=topic)
    return page_of(rows.order_by("-latest__saved_at", "-pk"), number)


def articles_found(words: str) -> "Page[Article]":
    """Return the articles whose latest version has the words, best first: the first page of them."""
    asked = SearchQuery(words, config=SEARCHED_AS, search_type="websearch")
    rows = _shown().filter(latest__words=asked)
    return page_of(rows.order_by(SearchRank("latest__words", asked).desc(), "-pk"), 1)


def article_sheet(ref: UUID, number: int | None = None) -> ArticleSheet:
    """Return an article, with one of its versions to look at.

    Raises:
        Article.DoesNotExist: There is none.
        ArticleVersion.DoesNotExist: It has no such version.
    """
    article = _shown().get(ref=ref)
    versions = list(article.versions.select_related("agent", "published_by").defer("words"))
    shown = next((one for one in versions if number in (None, one.number)), None)
    if shown is None:
        raise ArticleVersion.DoesNotExist
    return ArticleSheet(article=article, shown=shown, versions=versions)


def webinars(*, now: datetime) -> tuple[list[Webinar], list[Webinar]]:
    """Return the webinars to come, the next first, and the last hundred that began, the last first."""
    rows = Webinar.objects.annotate(places_taken=Count("taken"))
    coming = rows.filter(starts_at__gte=now).order_by("starts_at", "pk")
    return list(coming), list(rows.filter(starts_at__lt=now).order_by("-starts_at", "-pk")[:100])


def webinar_sheet(ref: UUID) -> WebinarSheet:
    """Return a webinar, with who has a place, school by school.

    Raises:
        Webinar.DoesNotExist: There is none.
    """
    webinar = Webinar.objects.get(ref=ref)
    return WebinarSheet(
        webinar=webinar,
        places=list(webinar.taken.order_by("school_name", "name", "pk")),
    )


def _shown() -> QuerySet[Article]:
    rows = Article.objects.select_related("latest__agent", "published")
    return rows.defer(
        *(
            f"{one}__{column}"
            for one in ("latest", "published")
            for column in ("text", "plain", "words")
        )
    )
