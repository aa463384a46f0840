"""A ticket: what was said, what is promised, what is known of its school."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from core import clock
from core.attachments.errors import AttachmentDamaged, StorageUnavailable
from core.audit import services as audit
from core.entrances import entrance
from helpdesk import policies
from helpdesk.forms import AccessForm, MergeForm, Pick, SayForm, TagForm
from helpdesk.policies import why_not_answer
from helpdesk.requests import actor_of, queue_of
from helpdesk.selectors import queues, tickets
from helpdesk.selectors.access import access_block
from helpdesk.selectors.official import official_block
from helpdesk.services import answers
from helpdesk.terms import MessageKind, Priority, Queue, Topic
from helpdesk.views.rescue import author_pass, rescue, typed_again
from helpdesk.views.telling import telling

if TYPE_CHECKING:
    from helpdesk.models import Ticket

_SAY = {
    MessageKind.REPLY: (answers.reply, "Your reply goes out in ten seconds."),
    MessageKind.QUESTION: (answers.ask, "Your question goes out in ten seconds."),
    MessageKind.NOTE: (answers.write_note, "The note was saved. Only agents see it."),
}
_GONE = (
    "This file is no longer there",
    "The school does not keep it any more, or the school has left.",
    404,
)
#: What keeps a school from handing a file out: heading, sentence, status.
_NOT_OPENED: dict[type[Exception], tuple[str, str, int]] = {
    StorageUnavailable: (
        "Files cannot be opened just now",
        "The file is safe, but the store cannot be reached. Try again in a few minutes.",
        503,
    ),
    AttachmentDamaged: (
        "This file is damaged",
        "What is stored is not what was uploaded. Ask the requester whether they still have it.",
        410,
    ),
    LookupError: _GONE,
    ObjectDoesNotExist: _GONE,
}


@entrance(why_not_answer)
@require_GET
def ticket(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a ticket; with ``canned`` in the address, a canned reply stands in the form."""
    return ticket_page(request, ref, canned=request.GET.get("canned", ""))


@entrance(why_not_answer, rescue=rescue("ticket"))
def say(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Reply, ask or note, as the button says."""
    form, kind = SayForm(request.POST or None), request.POST.get("kind", "")
    if request.method != "POST" or kind not in _SAY:
        return redirect("ticket", ref=ref)
    if not form.is_valid():
        return ticket_page(request, ref, form=form)
    do, said = _SAY[MessageKind(kind)]
    with telling(request, said, form=form, field="text"):
        do(actor=actor_of(request), ref=ref, **form.cleaned_data)
    return redirect("ticket", ref=ref) if form.is_valid() else ticket_page(request, ref, form=form)


@entrance(why_not_answer)
@require_GET
def promises(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Explain both promises: the working time of which they are made, and what happened."""
    found = _found(ref)
    audit.record(actor_of(request), "ticket.viewed", found, part="promises")
    context = {
        "ticket": found,
        "promises": tickets.explained(found, clock.now()),
        "log": tickets.log_of(found),
    }
    return render(request, "helpdesk/promises.html", context)


@entrance(why_not_answer)
@require_GET
def sort_ticket(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show where a ticket can be put: topic, team, tags, notice, another ticket."""
    found = _found(ref)
    teams = [(str(one.ref), one.name) for one in tickets.teams()]
    notices = [("", "None"), *((str(one.ref), one.title) for one in tickets.open_notices())]
    topics = [(one.value, one.words) for one in Topic if one != Topic.OFFICIAL]
    context = {
        "ticket": found,
        "nobody": [],
        "tags": found.tags.all(),
        "topic": Pick("topic", "Topic", topics, initial=found.topic),
        "team": Pick("team", "Team", teams, initial=str(found.team.ref) if found.team else ""),
        "notice": Pick(
            "notice", "Notice", notices, initial=str(found.notice.ref) if found.notice else ""
        ),
        "tag": TagForm(),
        "merge": MergeForm(),
    }
    return render(request, "helpdesk/sort.html", context)


@entrance(why_not_answer)
@require_GET
def ticket_file(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Open a file of a ticket, which its school hands out and records."""
    try:
        file = tickets.file_of_ticket(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    actor, of = actor_of(request), file.message.ticket
    audit.record(actor, "ticket.file_opened", of, file=file.ref)
    hangs_on = file.message.origin or of
    try:
        opened: HttpResponseBase = import_string(settings.TICKET_FILES)(
            school_ref=of.school.ref, ticket_ref=hangs_on.ref, file_ref=file.ref, agent=actor
        )
    except (StorageUnavailable, AttachmentDamaged, LookupError, ObjectDoesNotExist) as error:
        return _not_opened(request, of, error)
    return opened


def _not_opened(request: HttpRequest, of: "Ticket", error: Exception) -> HttpResponse:
    title, advice, status = next(
        said for kind, said in _NOT_OPENED.items() if isinstance(error, kind)
    )
    context = {"ticket": of, "title": title, "advice": advice}
    return render(request, "helpdesk/file_not_opened.html", context, status=status)


def ticket_page(
    request: HttpRequest,
    ref: UUID,
    *,
    form: SayForm | None = None,
    access_form: AccessForm | None = None,
    canned: str = "",
) -> HttpResponse:
    """Show a ticket, with what was typed and could not be taken.

    Raises:
        Http404: There is none.
    """
    try:
        sheet = tickets.ticket_sheet(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    actor, one = actor_of(request), sheet.ticket
    audit.record(actor, "ticket.viewed", one, messages=len(sheet.messages))
    replies = tickets.canned_replies(one.topic)
    chosen = next((reply for reply in replies if str(reply.ref) == canned), None)
    if form is None:
        filled = {"text": tickets.filled(chosen, one, actor.name)} if chosen else None
        form = SayForm(initial=filled or typed_again(request, reverse("say", args=[ref])))
    if access_form is None:
        access_form = AccessForm(initial=typed_again(request, reverse("ask_access", args=[ref])))
    context: dict[str, Any] = {
        "sheet": sheet,
        "ticket": one,
        "nobody": [],
        "queue": queue_of(request),
        "queues": list(Queue),
        "official": official_block(actor.reader, one),
        "alarms": queues.unacknowledged_alarms(),
        "beside": queues.beside(queue_of(request), actor.reader, clock.now()),
        "access": access_block(actor.reader, one),
        "access_form": access_form,
        "author_pass": author_pass(actor),
        "form": form,
        "canned": Pick("canned", "Canned reply", [(str(r.ref), r.title) for r in replies]),
        "has_canned": bool(replies),
        "why_not_work": policies.why_not_work_on(actor.reader, one.facts()),
        "why_not_note": policies.why_not_note(actor.reader, one.facts()),
        "may_reopen": policies.why_not_reopen(actor.reader, one.facts()) is None,
        "is_mine": one.agent_id == actor.reader.agent_id,
        "own_id": actor.reader.agent_id,
        "priority": Pick(
            "priority",
            "Priority",
            [(level.value, level.value.capitalize()) for level in Priority],
            initial=one.priority,
        ),
        "assign": Pick(
            "agent",
            "Assigned to",
            [(str(c.ref), c.name) for c in tickets.colleagues_on_duty()],
            initial=str(one.agent.ref) if one.agent else "",
        ),
    }
    return render(request, "helpdesk/ticket.html", context)


def _found(ref: UUID) -> Any:
    try:
        return tickets.ticket_with(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
