"""Completing official requests, and noting telephone calls that are to become official."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.audit import services as audit
from core.entrances import entrance
from core.pages import page_number
from core.refusals import Refused
from helpdesk.official_forms import CallForm, DoneForm
from helpdesk.policies import why_not_answer
from helpdesk.requests import actor_of
from helpdesk.selectors.official import call_page, official_block, schools_to_choose
from helpdesk.selectors.tickets import ticket_with
from helpdesk.services import calls
from helpdesk.services.official import complete_official
from helpdesk.terms import Refusal
from helpdesk.views.telling import telling


@entrance(why_not_answer)
def complete(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Complete an official request with a record of what was done."""
    actor, form = actor_of(request), DoneForm(request.POST or None)
    if form.is_valid():
        with telling(request, "The request is completed, and the school has the record."):
            complete_official(actor=actor, ref=ref, done=form.cleaned_data["done"])
        return redirect("ticket", ref=ref)
    try:
        ticket = ticket_with(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    official = official_block(actor.reader, ticket)
    if official is None:
        raise Refused(Refusal.NOT_OFFICIAL)
    audit.record(actor, "ticket.viewed", ticket, part="official")
    context = {"ticket": ticket, "official": official, "form": form, "nobody": []}
    return render(request, "helpdesk/complete_official.html", context)


@entrance(why_not_answer)
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """List the telephone calls that became official, or are to."""
    page = call_page(page_number(request.GET.get("page")))
    audit.record(actor_of(request), "calls.listed", page=page.number, calls=len(page))
    return render(request, "helpdesk/calls.html", {"page": page, "nobody": []})


@entrance(why_not_answer)
def note_call(request: HttpRequest) -> HttpResponse:
    """Note a telephone call."""
    form = CallForm(request.POST or None, schools=schools_to_choose())
    if form.is_valid():
        calls.note_call(actor=actor_of(request), new=calls.NewCall(**form.cleaned_data))
        messages.success(
            request, "The call is noted. The school’s site asks the caller to confirm it."
        )
        return redirect("calls")
    return render(request, "helpdesk/note_call.html", {"form": form})
