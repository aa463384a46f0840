"""What is done to a ticket at the press of a button; each leads back to it."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.entrances import entrance
from helpdesk.forms import MergeForm, TagForm
from helpdesk.policies import why_not_answer
from helpdesk.requests import actor_of
from helpdesk.selectors.tickets import ticket_numbered, ticket_of_alarm, ticket_of_message
from helpdesk.services import answers, handling, sorting
from helpdesk.terms import Priority, Topic
from helpdesk.views.telling import telling


@entrance(why_not_answer)
@require_POST
def take(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Make a ticket one's own."""
    with telling(request, "The ticket is yours."):
        handling.take_ticket(actor=actor_of(request), ref=ref)
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def assign(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Give a ticket to a colleague."""
    if to := _ref_in(request, "agent"):
        with telling(request, "The ticket was assigned."):
            handling.assign_ticket(actor=actor_of(request), ref=ref, to=to)
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def complete(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Complete a ticket."""
    with telling(request, "The ticket is completed, and its requester is told."):
        handling.complete_ticket(actor=actor_of(request), ref=ref)
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def reopen(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a completed ticket up again."""
    with telling(request, "The ticket is open again, and yours."):
        handling.reopen_ticket(actor=actor_of(request), ref=ref)
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def change_priority(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Deal with a ticket sooner or later."""
    with suppress(ValueError):
        priority = Priority(request.POST.get("priority", ""))
        with telling(request, "The priority was changed."):
            handling.change_priority(actor=actor_of(request), ref=ref, priority=priority)
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def change_topic(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what a ticket is really about."""
    with suppress(ValueError):
        topic = Topic(request.POST.get("topic", ""))
        with telling(request, "The topic was changed."):
            handling.change_topic(actor=actor_of(request), ref=ref, topic=topic)
    return redirect("sort_ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def change_team(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Hand a ticket to another team."""
    if team := _ref_in(request, "team"):
        with telling(request, "The ticket went to another team."):
            handling.change_team(actor=actor_of(request), ref=ref, team=team)
    return redirect("sort_ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def tag(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Put a tag on a ticket."""
    form = TagForm(request.POST)
    if form.is_valid():
        with telling(request, "The tag was added."):
            sorting.tag_ticket(actor=actor_of(request), ref=ref, name=form.cleaned_data["tag"])
    return redirect("sort_ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def untag(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take a tag off a ticket."""
    if known := _ref_in(request, "tag"):
        with telling(request, "The tag was removed."):
            sorting.untag_ticket(actor=actor_of(request), ref=ref, tag=known)
    return redirect("sort_ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def link_notice(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Link a ticket to a notice, or to none."""
    with telling(request, "The ticket’s notice was changed."):
        notice = _ref_in(request, "notice")
        sorting.link_to_notice(actor=actor_of(request), ref=ref, notice=notice)
    return redirect("sort_ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def merge(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Put a ticket into another of the same school."""
    form = MergeForm(request.POST)
    into = ticket_numbered(form.cleaned_data["number"]) if form.is_valid() else None
    if into is None:
        messages.error(request, "There is no ticket of this number.")
        return redirect("sort_ticket", ref=ref)
    with telling(request, "The tickets were merged."):
        other = sorting.merge_ticket(actor=actor_of(request), ref=ref, into=into)
        ref = other.ref
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def undo_send(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Take back what goes out in a moment."""
    ticket = _or_404(ticket_of_message(ref))
    with telling(request, "It was taken back. Nobody at the school saw it."):
        answers.undo_send(actor=actor_of(request), ref=ref)
    return redirect("ticket", ref=ticket)


@entrance(why_not_answer)
@require_POST
def acknowledge(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Look after an urgent ticket."""
    ticket = _or_404(ticket_of_alarm(ref))
    with telling(request, "The alarm is yours."):
        sorting.acknowledge_alarm(actor=actor_of(request), ref=ref)
    return redirect("ticket", ref=ticket)


def _or_404(ref: UUID | None) -> UUID:
    if ref is None:
        raise Http404
    return ref


def _ref_in(request: HttpRequest, name: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(request.POST.get(name, ""))
    return None
