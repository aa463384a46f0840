"""Articles of the knowledge base at the desk: every agent reads them, editors write them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core.audit import services as audit
from core.entrances import entrance
from core.pages import page_number
from core.refusals import Refused
from helpdesk.knowledge import reading
from helpdesk.knowledge_forms import ArticleForm, LookForm, NarrowForm
from helpdesk.policies import why_not_edit, why_not_enter
from helpdesk.requests import actor_of
from helpdesk.selectors.articles import (
    ArticleSheet,
    article_sheet,
    articles_found,
    articles_page,
)
from helpdesk.services import articles as services
from helpdesk.terms import Refusal
from helpdesk.views.telling import telling


@entrance(why_not_enter)
def articles(request: HttpRequest) -> HttpResponse:
    """List the articles; show what a search finds."""
    actor = actor_of(request)
    look = LookForm(request.POST if request.method == "POST" else None)
    narrow = NarrowForm(request.GET)
    context: dict[str, Any] = {
        "look": look,
        "narrow": narrow,
        "is_search": request.method == "POST",
        "may_edit": why_not_edit(actor.reader) is None,
    }
    if look.is_valid():
        context["page"] = page = articles_found(look.cleaned_data["words"])
        audit.record(actor, "articles.searched", articles=len(page))
    elif not context["is_search"]:
        number = page_number(request.GET.get("page"))
        context["page"] = page = articles_page(**narrow.chosen(), number=number)
        audit.record(actor, "articles.listed", articles=len(page))
    return render(request, "helpdesk/articles.html", context)


@entrance(why_not_enter)
@require_GET
def article(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an article as it stands, or one of its versions, and who saved each."""
    actor = actor_of(request)
    sheet = _sheet(ref, page_number(request.GET["version"]) if "version" in request.GET else None)
    audit.record(actor, "article.viewed", sheet.article, version=sheet.shown.number)
    context = {
        "sheet": sheet,
        "shown": sheet.shown,
        "html": reading(sheet.shown.text).html,
        "may_edit": why_not_edit(actor.reader) is None,
    }
    return render(request, "helpdesk/article.html", context)


@entrance(why_not_edit)
def add_article(request: HttpRequest) -> HttpResponse:
    """Begin an article."""
    form = ArticleForm(request.POST or None)
    if request.method != "POST" or not form.is_valid() or "preview" in request.POST:
        return _form(request, form)
    added = services.add_article(actor=actor_of(request), written=form.written())
    return _saved(request, added.ref, 1)


@entrance(why_not_edit)
def edit_article(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Edit an article; what was typed while somebody else saved it is not lost."""
    if request.method != "POST":
        asked = request.GET.get("version")
        return _first_form(request, _sheet(ref, page_number(asked) if asked else None))
    form = ArticleForm(request.POST)
    sheet = _sheet(ref)
    if not form.is_valid() or "preview" in request.POST:
        return _form(request, form, sheet=sheet)
    seen = form.cleaned_data["version"] or 0
    try:
        services.save_article(actor=actor_of(request), ref=ref, written=form.written(), seen=seen)
    except Refused as refused:
        if refused.why != Refusal.CHANGED_MEANWHILE:
            raise
        return _form(request, _seen(request, _sheet(ref)), sheet=_sheet(ref), is_late=True)
    return _saved(request, ref, seen + 1)


@entrance(why_not_edit)
@require_POST
def publish_article(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let all schools read an article."""
    seen = page_number(request.POST.get("version"))
    with telling(request, "All schools can read this now."):
        services.publish_article(actor=actor_of(request), ref=ref, seen=seen)
    return redirect("article", ref=ref)


@entrance(why_not_edit)
@require_POST
def unpublish_article(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take an article from the schools."""
    with telling(request, "Schools no longer see this. It is kept here."):
        services.unpublish_article(actor=actor_of(request), ref=ref)
    return redirect("article", ref=ref)


def _saved(request: HttpRequest, ref: UUID, number: int) -> HttpResponse:
    if "publish" in request.POST:
        with telling(request, "All schools can read this now."):
            services.publish_article(actor=actor_of(request), ref=ref, seen=number)
    else:
        messages.success(request, "Saved. Schools see no change until you publish it.")
    return redirect("article", ref=ref)


def _first_form(request: HttpRequest, sheet: ArticleSheet) -> HttpResponse:
    """Show the form with a version's words; saving follows the latest one."""
    initial = {
        name: getattr(sheet.shown, name) for name in ArticleForm.base_fields if name != "version"
    }
    initial["version"] = sheet.versions[0].number
    audit.record(actor_of(request), "article.viewed", sheet.article, version=sheet.shown.number)
    return _form(request, ArticleForm(initial=initial), sheet=sheet)


def _seen(request: HttpRequest, sheet: ArticleSheet) -> ArticleForm:
    """Return the form with what was typed, to be saved after the version that came between."""
    data = request.POST.copy()
    data["version"] = str(sheet.versions[0].number)
    form = ArticleForm(data)
    form.full_clean()
    return form


def _form(
    request: HttpRequest,
    form: ArticleForm,
    *,
    sheet: ArticleSheet | None = None,
    is_late: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "sheet": sheet, "is_late": is_late, "nobody": []}
    if "preview" in request.POST:
        context["preview"] = reading(request.POST.get("text", "")).html
    return render(request, "helpdesk/article_form.html", context)


def _sheet(ref: UUID, number: int | None = None) -> ArticleSheet:
    try:
        return article_sheet(ref, number)
    except ObjectDoesNotExist:
        raise Http404 from None
