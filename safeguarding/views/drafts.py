"""Drafts: saved as one types, opened again, thrown away (acceptance G6.9)."""

import json
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock, keyring
from core.audit import services as audit
from core.entrances import anyone, entrance
from safeguarding.forms import DraftDiscardForm
from safeguarding.forms.draft import TypedForm
from safeguarding.selectors.drafts import OpenedDraft, drafts_of
from safeguarding.services import drafts
from safeguarding.terms import Kept
from schools.actors import StaffActor
from schools.policies import why_not_enter
from schools.requests import actor_of

_STATUS = {
    Kept.KEPT: HTTPStatus.OK,
    Kept.OLDER: HTTPStatus.OK,
    Kept.ELSEWHERE: HTTPStatus.CONFLICT,
    Kept.SENT: HTTPStatus.GONE,
}


# The pass in the body is what lets in: it goes on when the session has ended or is locked, and
# when a log-in in another tab has changed the token against forged forms. Nobody else has it.
@csrf_exempt
@entrance(anyone)
@require_POST
def save_draft(request: HttpRequest) -> JsonResponse:
    """Keep what somebody is typing."""
    try:
        form = TypedForm(_sent(request))
    except RequestDataTooBig:
        return _not_saved(_("This is too long to be kept as a draft."), 413)
    except (ValueError, UnreadablePostError):
        return _not_saved("", HTTPStatus.BAD_REQUEST)
    if not form.is_valid():
        return _not_saved("", HTTPStatus.BAD_REQUEST)
    actor = actor_of(request)
    author = drafts.author_named(form.cleaned_data["author_pass"], actor)
    try:
        kept = drafts.keep_draft(actor=actor, author=author, typed=form.typed()) if author else None
    except (keyring.KeysUnavailable, keyring.KeysetRefused):
        sentence = _("Drafts cannot be saved just now. Leave this page open; it tries again.")
        return _not_saved(sentence, HTTPStatus.SERVICE_UNAVAILABLE)
    if kept is None:
        return _not_saved("", HTTPStatus.FORBIDDEN)
    told = {
        "kept": kept.value,
        "at": time_format(timezone.localtime(clock.now()), "H:i"),
        "is_logged_in": actor.staff_ref == author,
    }
    return JsonResponse(told, status=_STATUS[kept])


def _sent(request: HttpRequest) -> dict[str, Any]:
    sent = json.loads(request.body)
    if not isinstance(sent, dict):
        raise ValueError
    return {**sent, "fields_of_form": sent.get("fields")}


def _not_saved(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


@entrance(why_not_enter)
def draft_list(request: HttpRequest) -> HttpResponse:
    """List a person's own drafts."""
    actor = actor_of(request)
    found = drafts_of(actor)
    note_offered(actor, found)
    days = drafts.DRAFTS_LIVE.days
    return render(request, "safeguarding/drafts.html", {"drafts": found, "days": days})


@entrance(why_not_enter)
@require_POST
def discard_draft(request: HttpRequest) -> HttpResponse:
    """Throw a draft away."""
    form = DraftDiscardForm(request.POST)
    if not form.is_valid():
        raise Http404
    actor = actor_of(request)
    if drafts.discard_draft(actor=actor, submission=form.cleaned_data["draft"]) is None:
        raise Http404
    messages.success(request, _("The draft was thrown away."))
    return redirect("drafts")


def note_offered(actor: StaffActor, offered: list[OpenedDraft]) -> None:
    """Put on record that a person was shown their own drafts, and whom those name."""
    if offered:
        students = [ref for one in offered for ref in one.students]
        audit.record(actor, "drafts.listed", students=students, drafts=len(offered))
