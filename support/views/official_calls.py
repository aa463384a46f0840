"""A telephone call in somebody's name: what the agent noted, and confirming or denying it."""

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
from helpdesk.official import OfficialKind
from schools.requests import actor_of
from support.official import KINDS
from support.policies import why_not_ask_official, why_not_see_official
from support.selectors import official as selectors
from support.services import official_calls as services


@entrance(why_not_see_official)
@require_GET
def official_call(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show what an agent noted of a telephone call."""
    reader = actor_of(request).reader
    try:
        call = selectors.official_call(reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    kind = OfficialKind(call.kind)
    context = {
        "call": call,
        "title": KINDS[kind][0],
        "needs_approval": kind.needs_approval,
        "may_answer": selectors.may_answer(reader, call),
        "nobody": [],
    }
    return render(request, "support/official_call.html", context)


def _back(_request: HttpRequest, *, ref: UUID) -> str:
    return reverse("official_call", args=[ref])


@entrance(why_not_ask_official, rescue=_back)
@require_POST
def answer_call(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Confirm a call, or say that it was somebody else, as the button says."""
    actor, answer = actor_of(request), request.POST.get("answer")
    try:
        selectors.official_call(actor.reader, ref)
        if answer == "confirm":
            made = services.confirm_call(actor=actor, ref=ref)
            messages.success(request, gettext("Confirmed. This is now your official request."))
            return redirect("official_request", ref=made.ref)
        if answer == "deny":
            services.deny_call(actor=actor, ref=ref)
            messages.success(
                request, gettext("Thank you. The helpdesk is alarmed, and nothing is done.")
            )
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("official_call", ref=ref)
