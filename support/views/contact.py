"""‘Contact Support’: how the helpdesk is reached, and a ticket (guide, sections 5.3 and 6)."""

import json

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.attachments.errors import AttachmentDamaged, ClaimRefused, StorageUnavailable
from core.audit import services as audit
from core.entrances import entrance
from safeguarding.selectors.drafts import OpenedDraft, opened_draft
from safeguarding.terms import DraftForm
from safeguarding.views.rescue import draft_asked, first_data, rescue
from schools.policies import why_not_enter
from schools.requests import actor_of
from support.forms.ticket import TicketForm
from support.guard import Letters
from support.outlook import outlook
from support.policies import is_authorised
from support.screening import Screened, Sendable
from support.selectors.tickets import ticket_of
from support.services.tickets import NewTicket, raise_ticket
from support.suggestions import suggestions
from support.views.sending import check_page, decided, is_to_be_shown_again

#: Characters of a subject that are looked at.
_MOST_TYPED = 200


@entrance(why_not_enter, rescue=rescue(DraftForm.TICKET, "contact_support"))
def contact_support(request: HttpRequest) -> HttpResponse:
    """Say how the helpdesk can be reached; take a ticket."""
    actor = actor_of(request)
    if request.method != "POST":
        return _first_page(request)
    form = TicketForm(request.POST, request.FILES, actor=actor)
    if is_to_be_shown_again(request):
        if form.is_untouched:
            return redirect("contact_support")
        form.leave_unjudged()
    elif form.is_valid():
        return _check_or_send(request, form)
    elif sent := ticket_of(actor.reader, form.cleaned_data.get("submission")):
        # A double click: its files, for one, are no longer there to be chosen.
        return redirect("ticket", ref=sent.ref)
    return _page(request, form)


@entrance(why_not_enter)
@require_POST
def help_sheets(request: HttpRequest) -> JsonResponse:
    """Answer with the pages of the guide and the articles that fit a subject as it is typed."""
    try:
        typed = str(json.loads(request.body)["query"])[:_MOST_TYPED]
    except (ValueError, LookupError, TypeError):
        return JsonResponse({"error": "query"}, status=400)
    found = [{"title": one.title, "url": one.url} for one in suggestions(typed)]
    return JsonResponse({"results": found})


def _check_or_send(request: HttpRequest, form: TicketForm) -> HttpResponse:
    try:
        screened = form.screened()
    except (StorageUnavailable, AttachmentDamaged):
        form.add_error(
            "files", gettext("A file cannot be looked through just now. Try again in a minute.")
        )
        return _page(request, form)
    handing = decided(request, form, screened)
    if handing is None:
        return check_page(request, form, screened, Letters(), address=reverse("contact_support"))
    return _send(request, form, screened, handing(Letters()))


def _send(
    request: HttpRequest, form: TicketForm, screened: Screened, sent: Sendable
) -> HttpResponse:
    said = form.cleaned_data
    new = NewTicket(
        submission=said["submission"],
        topic=said["topic"],
        telephone=said["telephone"],
        is_urgent=said["is_urgent"],
        sent=sent,
        students=screened.students.values(),
        draft=form.draft,
    )
    try:
        ticket = raise_ticket(actor=actor_of(request), new=new)
    except ClaimRefused as refused:  # sent meanwhile in another tab, or swept away
        form.add_error("files", refused)
        return _page(request, form)
    messages.success(request, gettext("Your ticket was sent to the helpdesk."))
    return redirect("ticket", ref=ticket.ref)


def _first_page(request: HttpRequest) -> HttpResponse:
    """Show the form, with the draft that the address asks for."""
    actor = actor_of(request)
    draft = opened_draft(actor, draft_asked(request), form=DraftForm.TICKET, about=None)
    form = TicketForm(first_data(draft, actor), actor=actor)
    if draft:
        form.leave_unjudged()
        audit.record(actor, "draft.opened", draft=draft.ref)
    return _page(request, form, draft=draft)


def _page(
    request: HttpRequest, form: TicketForm, *, draft: OpenedDraft | None = None
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "outlook": outlook(),
        "telephone": settings.SUPPORT_TELEPHONE,
        "email": settings.SUPPORT_EMAIL,
        "address": settings.SUPPORT_ADDRESS,
        "typed_form": "contact-form",
        "may_ask_officially": is_authorised(actor_of(request).reader),
    }
    return render(request, "support/contact.html", context)
