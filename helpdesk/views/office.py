"""The office's page: when it is open, what it promises, what agents share. Leads change it."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.audit import services as audit
from core.entrances import entrance
from core.tenancy import current_zone
from helpdesk.office_forms import (
    WEEKDAYS,
    CannedReplyForm,
    NoticeForm,
    SpecialDayForm,
    TargetForm,
    WeekForm,
    hours_words,
)
from helpdesk.policies import why_not_answer, why_not_lead
from helpdesk.requests import actor_of
from helpdesk.selectors.office import canned_with, office_sheet
from helpdesk.services import canned, office, sorting
from helpdesk.terms import Priority
from helpdesk.views.rescue import author_pass, rescue, typed_again
from helpdesk.views.telling import telling


@entrance(why_not_answer)
@require_GET
def office_page(request: HttpRequest) -> HttpResponse:
    """Show when the office is open and what it promises; leads change it here."""
    return _page(request)


@entrance(why_not_answer)
@require_POST
def week(request: HttpRequest) -> HttpResponse:
    """Open the office at other hours."""
    form = WeekForm(request.POST)
    if not form.is_valid():
        return _page(request, week=form)
    with telling(request, "The week was changed, and open promises with it."):
        office.set_week(actor=actor_of(request), week=form.week())
    return redirect("office")


@entrance(why_not_answer)
@require_POST
def special_day(request: HttpRequest) -> HttpResponse:
    """Let a day differ."""
    form = SpecialDayForm(request.POST)
    if not form.is_valid():
        return _page(request, special_day=form)
    with telling(request, "The day was changed, and open promises with it."):
        office.set_special_day(actor=actor_of(request), **form.cleaned_data)
    return redirect("office")


@entrance(why_not_answer)
@require_POST
def remove_special_day(request: HttpRequest) -> HttpResponse:
    """Let a day be like its weekday again."""
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        return redirect("office")
    with telling(request, "The day is like its weekday again."):
        office.remove_special_day(actor=actor_of(request), on=on)
    return redirect("office")


@entrance(why_not_answer)
@require_POST
def target(request: HttpRequest) -> HttpResponse:
    """Promise something else for a priority."""
    form = TargetForm(request.POST)
    if not form.is_valid():
        return _page(request, target=form)
    told = {**form.cleaned_data, "priority": Priority(form.cleaned_data["priority"])}
    with telling(request, "The target was changed, and open promises with it."):
        office.set_target(actor=actor_of(request), **told)
    return redirect("office")


@entrance(why_not_answer, rescue=rescue("office"))
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Open a notice."""
    form = NoticeForm(request.POST, auto_id="notice_%s")
    if not form.is_valid():
        return _page(request, notice=form)
    with telling(request, "The notice is open: link tickets to it.", form=form, field="title"):
        sorting.open_notice(actor=actor_of(request), **form.cleaned_data)
    return redirect("office") if form.is_valid() else _page(request, notice=form)


@entrance(why_not_answer)
@require_POST
def close_notice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say that it is over."""
    with telling(request, "The notice is closed."):
        sorting.close_notice(actor=actor_of(request), ref=ref)
    return redirect("office")


@entrance(why_not_answer, rescue=rescue("office"))
@require_POST
def canned_replies(request: HttpRequest) -> HttpResponse:
    """Add a canned reply."""
    form = CannedReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, canned=form)
    with telling(request, "The canned reply was added.", form=form, field="title"):
        canned.add_canned_reply(actor=actor_of(request), **form.cleaned_data)
    return redirect("office") if form.is_valid() else _page(request, canned=form)


@entrance(why_not_lead, rescue=rescue("canned_reply"))
def canned_reply(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Change a canned reply."""
    try:
        found = canned_with(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    initial = {"title": found.title, "text": found.text, "topic": found.topic}
    if request.method != "POST":
        initial |= typed_again(request, request.path) or {}
    form = CannedReplyForm(request.POST or None, initial=initial)
    if form.is_valid():
        with telling(request, "The canned reply was changed.", form=form, field="title"):
            canned.change_canned_reply(actor=actor_of(request), ref=ref, **form.cleaned_data)
        if form.is_valid():
            return redirect("office")
    context = {"canned": found, "form": form, "author_pass": author_pass(actor_of(request))}
    return render(request, "helpdesk/canned_reply.html", context)


@entrance(why_not_answer)
@require_POST
def remove_canned_reply(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a canned reply away."""
    with telling(request, "The canned reply was removed."):
        canned.remove_canned_reply(actor=actor_of(request), ref=ref)
    return redirect("office")


def _typed(request: HttpRequest, page: str) -> dict[str, str] | None:
    return typed_again(request, reverse(page)) if request.method == "GET" else None


def _page(request: HttpRequest, **typed: forms.Form) -> HttpResponse:
    actor = actor_of(request)
    sheet = office_sheet(clock.local_today(current_zone()))
    audit.record(actor, "office.viewed")
    context: dict[str, Any] = {
        "sheet": sheet,
        "days": [(day, hours_words(sheet.week[n])) for n, day in enumerate(WEEKDAYS)],
        "special_days": [
            (day, hours_words([(one, other) for one, other in day.hours]))
            for day in sheet.special_days
        ],
        "may_lead": why_not_lead(actor.reader) is None,
        "week": WeekForm(week=sheet.week),
        "special_day": SpecialDayForm(),
        "target": TargetForm(),
        "notice": NoticeForm(auto_id="notice_%s", initial=_typed(request, "open_notice")),
        "canned": CannedReplyForm(initial=_typed(request, "add_canned_reply")),
        "author_pass": author_pass(actor),
        "typed": next(iter(typed.values()), None),
        "nobody": [],
        **typed,
    }
    return render(request, "helpdesk/office.html", context)
