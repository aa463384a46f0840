"""Official requests: the list, the forms, a request's page, approving and declining."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core.entrances import entrance
from core.refusals import Refused
from helpdesk.official import APPROVE_WITHIN, OfficialKind
from safeguarding.views.rescue import not_kept
from schools.requests import actor_of, page_asked
from support.forms.official import FORMS, DeclineForm, OfficialForm
from support.guard import Letters
from support.official import KINDS, STATES
from support.policies import why_not_ask_official, why_not_see_official
from support.screening import sendable
from support.selectors import official as selectors
from support.services import official as services
from support.views.sending import MASK, check_page, is_to_be_shown_again
from ui.kept_text import kept_name


@entrance(why_not_see_official)
@require_GET
def official_requests(request: HttpRequest) -> HttpResponse:
    """List the school's official requests, and what may be asked."""
    reader = actor_of(request).reader
    page = selectors.request_page(reader, page_asked(request))
    context = {
        "page": page,
        "rows": [(one, KINDS[OfficialKind(one.kind)][0], *STATES[one.state]) for one in page],
        "calls": [(one, KINDS[OfficialKind(one.kind)][0]) for one in selectors.open_calls(reader)],
        "kinds": [(kind, *words) for kind, words in KINDS.items()],
    }
    return render(request, "support/official_requests.html", context)


def _form_again(request: HttpRequest) -> HttpResponse | None:
    """Show what was typed when the key was shown too long ago; nothing is sent."""
    kind = _kind_of(request)
    if kind is None or not _has_typed(request, "text"):
        return None
    actor = actor_of(request)
    if why_not_see_official(actor.reader):
        # Whoever sits there now is not known: the answer holds nothing but what it was sent.
        return not_kept(request)
    form = FORMS[kind](request.POST, actor=actor)
    form.leave_unjudged()
    return _form_page(request, kind, form, status=403, show_key=True)


@entrance(why_not_ask_official, rescue=_form_again)
def ask_official(request: HttpRequest) -> HttpResponse:
    """Make an official request of the kind that the address or the form names."""
    kind, actor = _kind_of(request), actor_of(request)
    if kind is None:
        return redirect("official_requests")
    if request.method != "POST":
        return _form_page(request, kind, FORMS[kind](actor=actor))
    form = FORMS[kind](request.POST, actor=actor)
    if is_to_be_shown_again(request):
        form.leave_unjudged()
    elif form.is_valid():
        return _check_or_send(request, kind, form)
    return _form_page(request, kind, form)


@entrance(why_not_see_official)
@require_GET
def official_request(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a request: what was asked, what was decided, what was done."""
    return _page(request, ref)


def _decision_again(request: HttpRequest, *, ref: UUID) -> str | HttpResponse:
    """Lead back to the request; keep the reason where the key was shown too long ago."""
    reader = actor_of(request).reader
    if not _has_typed(request, "reason"):
        return reverse("official_request", args=[ref])
    if why_not_see_official(reader):
        return not_kept(request)
    form = DeclineForm(request.POST, actor=actor_of(request))
    form.leave_unjudged()
    return _page(request, ref, form=form, status=403, show_key=True)


@entrance(why_not_ask_official, rescue=_decision_again)
@require_POST
def decide_official(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Approve or decline a request, as the button says."""
    actor, decision = actor_of(request), request.POST.get("decision")
    form = DeclineForm(request.POST, actor=actor)
    try:
        if decision == "approve":
            services.approve(actor=actor, ref=ref)
            messages.success(request, gettext("Approved: the request goes to the helpdesk."))
        elif decision == "decline" and form.is_valid():
            services.decline(actor=actor, ref=ref, reason=form.cleaned_data["reason"])
            messages.success(request, gettext("Declined: the helpdesk is not asked."))
        else:
            return _page(request, ref, form=form if decision == "decline" else None)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("official_request", ref=ref)


def _has_typed(request: HttpRequest, name: str) -> bool:
    return bool(request.POST.get(name) or request.POST.get(kept_name(name)))


def _kind_of(request: HttpRequest) -> OfficialKind | None:
    asked = request.POST if request.method == "POST" else request.GET
    with suppress(ValueError):
        return OfficialKind(asked.get("kind", ""))
    return None


def _check_or_send(request: HttpRequest, kind: OfficialKind, form: OfficialForm) -> HttpResponse:
    screened, letters = form.screened(), Letters()
    if screened.tells and request.POST.get("send") != MASK:
        return check_page(
            request,
            form,
            screened,
            letters,
            address=reverse("ask_official"),
            carried=[("kind", kind.value), *form.carried()],
            masks_only=True,
            is_answer=True,
        )
    new = services.NewOfficial(
        submission=form.cleaned_data["submission"],
        kind=kind,
        details=form.told(),
        sent=sendable(screened, letters=letters),
    )
    try:
        sent = services.ask(actor=actor_of(request), new=new)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _form_page(request, kind, form)
    if kind.needs_approval:
        said = gettext("Your request is made. It goes to the helpdesk once it is approved.")
    else:
        said = gettext("Your request goes to the helpdesk.")
    messages.success(request, said)
    return redirect("official_request", ref=sent.ref)


def _form_page(
    request: HttpRequest,
    kind: OfficialKind,
    form: OfficialForm,
    *,
    status: int = 200,
    show_key: bool = False,
) -> HttpResponse:
    title, hint = KINDS[kind]
    context = {
        "form": form,
        "kind": kind,
        "title": title,
        "hint": hint,
        "days": APPROVE_WITHIN.days,
        "show_key": show_key,
        "typed_form": "official-form",
    }
    return render(request, "support/official_form.html", context, status=status)


def _page(
    request: HttpRequest,
    ref: UUID,
    *,
    form: DeclineForm | None = None,
    status: int = 200,
    show_key: bool = False,
) -> HttpResponse:
    actor = actor_of(request)
    try:
        sheet = selectors.request_sheet(actor.reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    words, tone = STATES[sheet.request.state]
    context: dict[str, Any] = {
        "shown": sheet.request,
        "details": sheet.details,
        "title": KINDS[OfficialKind(sheet.request.kind)][0],
        "state_words": words,
        "state_kind": tone,
        "nobody": [],
        "show_key": show_key,
    }
    if sheet.may_decide:
        context["form"] = form or DeclineForm(actor=actor)
    return render(request, "support/official_request.html", context, status=status)
