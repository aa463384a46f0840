"""‘Support’: the guide and the knowledge base (guide, section 5.3; acceptance G8.1)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.entrances import entrance
from core.pages import page_number
from helpdesk import knowledge
from helpdesk.knowledge_terms import ArticleKind
from schools.policies import why_not_enter
from schools.requests import actor_of
from support.articles import article as page_of_guide
from support.articles import neighbours, on_shelf
from support.forms.search import NarrowForm, SearchForm
from support.policies import is_authorised
from support.searching import places_with
from support.selectors.webinars import webinars
from support.terms import KINDS, TOPICS, Shelf

#: Of the newest articles, and of the newest videos, on the first page.
_NEWEST = 5


@entrance(why_not_enter)
def support(request: HttpRequest) -> HttpResponse:
    """List everything there is; show what a search finds.

    What is searched for is posted: it may be a name, and addresses end up in logs and histories.
    """
    actor = actor_of(request)
    form = SearchForm(request.POST if request.method == "POST" else None)
    coming, recordings = webinars(actor)
    context: dict[str, Any] = {
        "form": form,
        "shelves": [(shelf, on_shelf(shelf)) for shelf in Shelf],
        "articles": _labelled(
            knowledge.articles_on_shelf(kind=knowledge.WRITTEN, per_page=_NEWEST)
        ),
        "videos": knowledge.articles_on_shelf(kind=ArticleKind.VIDEO, per_page=_NEWEST),
        "shows_access": actor.reader.administers,
        "may_ask_officially": is_authorised(actor.reader),
        "webinars": coming,
        "recordings": recordings,
    }
    if form.is_valid():
        words = form.cleaned_data["words"]
        context["found"] = places_with(words)
        context["found_articles"] = _labelled(knowledge.articles_with(words))
    return render(request, "support/support.html", context)


@entrance(why_not_enter)
def support_page(request: HttpRequest, page: str) -> HttpResponse:
    """Show one page of the guide."""
    try:
        shown = page_of_guide(page)
    except LookupError:
        raise Http404 from None
    before, after = neighbours(shown)
    context = {"article": shown, "before": before, "after": after}
    return render(request, "support/page.html", context)


@entrance(why_not_enter)
@require_GET
def articles(request: HttpRequest) -> HttpResponse:
    """List the articles of the knowledge base, the newest first."""
    form = NarrowForm(request.GET)
    kind, topic = form.chosen()
    number = page_number(request.GET.get("page"))
    page = knowledge.articles_on_shelf(kind=kind, topic=topic, number=number)
    return render(
        request,
        "support/articles.html",
        {
            "form": form,
            "page": page,
            "articles": _labelled(page),
            "is_narrowed": bool(kind or topic),
        },
    )


@entrance(why_not_enter)
@require_GET
def article(request: HttpRequest, page: str) -> HttpResponse:
    """Show one article of the knowledge base."""
    shown = knowledge.article_at(page)
    if shown is None:
        raise Http404
    context = {"article": shown, "kind": KINDS[ArticleKind(shown.kind)]}
    return render(request, "support/article.html", context)


def _labelled(found: Any) -> list[tuple[knowledge.Listed, str, str]]:
    """Return articles with what each is and what it is about, to be translated."""
    words = {kind.value: label for kind, label in KINDS.items()}
    topics = {topic.value: label for topic, label in TOPICS.items()}
    return [(one, words[one.kind], topics[one.topic]) for one in found]
