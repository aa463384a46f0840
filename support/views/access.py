"""The helpdesk looks at the school's site: administrators let it in; an agent comes and goes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from core.entrances import anyone, entrance
from core.refusals import Refused
from helpdesk.terms import MOST_HOURS, AccessScope
from schools.policies import why_not_administer
from schools.requests import actor_of, page_asked
from support.actors import SupportActor
from support.forms.access import GrantForm
from support.policies import why_not_grant
from support.selectors.access import access_page, accesses
from support.services import access as services
from support.terms import ACCESS, PAGES_OPEN, Refusal, Standing


@entrance(why_not_administer)
@require_GET
def access_list(request: HttpRequest) -> HttpResponse:
    """List what the helpdesk asks to look at, and who was let in."""
    rows = accesses()
    waiting = [one for one in rows if one.standing == Standing.WAITING]
    live = [one for one in rows if one.standing == Standing.LIVE]
    context = {
        "asked": [(one, _form(one)) for one in waiting],
        "live": live,
        "past": [one for one in rows if one not in waiting and one not in live],
    }
    return render(request, "support/accesses.html", context)


@entrance(why_not_administer)
@require_GET
def one_access(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show what an agent was let in to, and each page that they opened."""
    reader = actor_of(request).reader
    try:
        shown = access_page(reader, ref, page_asked(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    one = shown.access
    form = None if one.is_answered else _form(one)
    context = {"shown": shown, "one": one, "form": form, "holds_key": reader.holds_key}
    return render(request, "support/access.html", context)


def _form(one: Any) -> GrantForm:
    return GrantForm(most=one.hours, number=one.pk)


def _back(_request: HttpRequest, *, ref: UUID) -> str:
    return reverse("support_accesses")


@entrance(why_not_grant, rescue=_back)
@require_POST
def grant(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let an agent look at the site."""
    form = GrantForm(request.POST, most=MOST_HOURS)
    hours = form.cleaned_data["hours"] if form.is_valid() else 0
    try:
        services.grant_access(actor=actor_of(request), ref=ref, hours=hours)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, gettext("The helpdesk may look at your site now."))
    return redirect("support_accesses")


@entrance(why_not_administer)
@require_POST
def refuse(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Refuse to let an agent in."""
    try:
        services.refuse_access(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, gettext("The helpdesk is told that it may not."))
    return redirect("support_accesses")


@entrance(why_not_administer)
@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an agent out at once."""
    try:
        services.end_access(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, gettext("The helpdesk’s access is ended."))
    return redirect("support_accesses")


@entrance(anyone)
@csrf_exempt  # It comes from the helpdesk's site; the pass is the proof, and nobody is logged in.
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Take an agent's pass, and begin a session that opens what was granted."""
    if request.user.is_authenticated or getattr(request, "locked_user", None) is not None:
        raise Refused(Refusal.LOGGED_IN_HERE)
    access = services.let_in(actor=actor_of(request), sent=request.POST.get("pass", ""))
    request.session.flush()
    request.session[ACCESS] = str(access.ref)
    return redirect(PAGES_OPEN[AccessScope(access.scope)][0])


@entrance(anyone)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End one's own access; the session goes with it."""
    actor = actor_of(request)
    if isinstance(actor, SupportActor):
        services.end_access(actor=actor, ref=actor.access_ref)
    return redirect("account_login")
