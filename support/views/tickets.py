"""‘My tickets’: the list, a ticket with its thread, writing on it, its files, rating it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from core.attachments.errors import AttachmentDamaged, ClaimRefused, StorageUnavailable
from core.attachments.responses import file_response
from core.audit import services as audit
from core.entrances import entrance
from core.refusals import Refused
from safeguarding.selectors.drafts import OpenedDraft, opened_draft
from safeguarding.terms import DraftForm
from safeguarding.views.rescue import draft_asked, first_data, rescue
from schools.policies import why_not_enter
from schools.requests import actor_of, page_asked, switches_names
from support.forms.ticket import AnswerForm, RatingForm
from support.policies import why_not_open
from support.screening import screen
from support.selectors import tickets as selectors
from support.services.tickets import NewAnswer
from support.services.tickets import answer_ticket as write_answer
from support.services.tickets import rate_ticket as keep_rating
from support.terms import STATES, Refusal
from support.views.sending import check_page, decided, is_to_be_shown_again
from ui.names import file_name


@entrance(why_not_enter)
def tickets(request: HttpRequest) -> HttpResponse:
    """List one's own tickets; an administrator's list is the whole school's."""
    actor = actor_of(request)
    found = selectors.ticket_list(actor.reader, page_asked(request))
    audit.record(actor, "tickets.listed", students=found.shown, page=found.page.number)
    rows = [(one, *STATES[one.state]) for one in found.page]  # type: ignore[index] # a StrEnum's value finds it
    context = {
        "page": found.page,
        "rows": rows,
        "students": found.hidden,
        "is_everybodys": actor.reader.administers,
    }
    return render(request, "support/tickets.html", context)


@entrance(why_not_open)
def ticket(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a ticket with its thread."""
    return _ticket(request, ref)


@entrance(why_not_open, rescue=rescue(DraftForm.TICKET, "ticket"))
def answer_ticket(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Write on a ticket; on one that is completed, reopen it."""
    actor = actor_of(request)
    if request.method != "POST":
        return _led_back(request, ref)
    form = AnswerForm(request.POST, request.FILES, actor=actor)
    if is_to_be_shown_again(request):
        if form.is_untouched:
            return _led_back(request, ref)
        form.leave_unjudged()
    elif form.is_valid():
        return _check_or_send(request, ref, form)
    elif selectors.has_answered(actor.reader, form.cleaned_data.get("submission")):
        return _led_back(request, ref)
    return _ticket(request, ref, answer_form=form)


@entrance(why_not_open)
def rate_ticket(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say how good the answer was."""
    actor = actor_of(request)
    if request.method != "POST":
        return _led_back(request, ref)
    form = RatingForm(request.POST, actor=actor)
    if switches_names(request):
        form.leave_unjudged()
        return _ticket(request, ref, rating_form=form)
    if not form.is_valid():
        return _ticket(request, ref, rating_form=form)
    try:
        said = screen({"words": form.cleaned_data["words"]})
        keep_rating(actor=actor, ref=ref, rating=form.cleaned_data["rating"], said=said)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        form.add_error("rating", refused.sentence)
        return _ticket(request, ref, refused=refused, rating_form=form)
    messages.success(request, gettext("Thank you for saying so."))
    return redirect("ticket", ref=ref)


@entrance(why_not_open)
def ticket_file(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Hand out a file of a ticket that this person may see."""
    actor = actor_of(request)
    try:
        file, students = selectors.visible_file(actor.reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    audit.record(actor, "attachment.opened", file.attachment, ticket=file.message.ticket.ref)
    try:
        return file_response(
            file.attachment,
            shown="view" in request.GET,
            filename=file_name(file.name, students),
        )
    except StorageUnavailable:
        return render(request, "safeguarding/file_unavailable.html", status=503)
    except AttachmentDamaged:
        return render(request, "safeguarding/file_damaged.html", status=410)


def _check_or_send(request: HttpRequest, ref: UUID, form: AnswerForm) -> HttpResponse:
    actor = actor_of(request)
    try:
        letters = selectors.letters_of(actor.reader, ref)
        screened = form.screened()
        handing = decided(request, form, screened)
        if handing is None:
            address = reverse("answer_ticket", args=[ref])
            return check_page(request, form, screened, letters, address=address, is_answer=True)
        new = NewAnswer(
            submission=form.cleaned_data["submission"],
            handing=handing,
            students=screened.students.values(),
            draft=form.draft,
        )
        write_answer(actor=actor, ref=ref, new=new)
    except ObjectDoesNotExist:
        raise Http404 from None
    except (StorageUnavailable, AttachmentDamaged):
        form.add_error(
            "files", gettext("A file cannot be looked through just now. Try again in a minute.")
        )
        return _ticket(request, ref, answer_form=form)
    except ClaimRefused as refused:  # sent meanwhile in another tab, or swept away
        form.add_error("files", refused)
        return _ticket(request, ref, answer_form=form)
    except Refused as refused:  # completed too long ago, closed or merged meanwhile
        form.add_error("text", refused.sentence)
        return _ticket(request, ref, refused=refused, answer_form=form)
    messages.success(request, gettext("Your message was sent to the helpdesk."))
    return redirect("ticket", ref=ref)


def _answer_form(request: HttpRequest, ref: UUID) -> tuple[AnswerForm, OpenedDraft | None]:
    """Return the form, with the draft that the address asks for."""
    actor = actor_of(request)
    draft = opened_draft(actor, draft_asked(request), form=DraftForm.TICKET, about=ref)
    form = AnswerForm(first_data(draft, actor), actor=actor)
    if draft:
        form.leave_unjudged()
        audit.record(actor, "draft.opened", draft=draft.ref)
    return form, draft


def _led_back(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Lead to a ticket that may be seen; absent and hidden look the same."""
    try:
        selectors.letters_of(actor_of(request).reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("ticket", ref=ref)


def _ticket(
    request: HttpRequest, ref: UUID, *, refused: Refused | None = None, **forms: Any
) -> HttpResponse:
    """Show a ticket; where something was refused at last, with the words and the reason."""
    if refused and refused.why is Refusal.NOT_YOURS:
        raise refused
    actor = actor_of(request)
    try:
        page = selectors.ticket_page(actor.reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    audit.record(actor, "ticket.viewed", page.ticket, students=page.shown)
    words, kind = STATES[page.ticket.state]  # type: ignore[index] # a StrEnum's value finds it
    context: dict[str, Any] = {"shown": page, "state_words": words, "state_kind": kind}
    context["is_administrator"] = actor.reader.administers
    if page.may_answer or page.may_reopen or "answer_form" in forms:
        if "answer_form" not in forms:
            forms["answer_form"], context["draft"] = _answer_form(request, ref)
        context["answer_form"] = forms["answer_form"]
        context["typed_form"] = "answer-form"
    if page.may_rate or "rating_form" in forms:
        context["rating_form"] = forms.get("rating_form") or RatingForm(actor=actor)
    return render(request, "support/ticket.html", context, status=403 if refused else 200)
