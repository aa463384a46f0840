"""Webinars at a school: what they are, a place at one, and the file for one's own calendar."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.entrances import entrance
from core.refusals import Refused
from helpdesk.knowledge import WebinarTold
from schools.policies import why_not_enter
from schools.requests import actor_of
from support.invitations import invitation
from support.selectors.webinars import webinar as webinar_of
from support.services import webinars as services


@entrance(why_not_enter)
@require_GET
def webinar(request: HttpRequest, page: str) -> HttpResponse:
    """Show a webinar, and whether one has a place."""
    told = _told(request, page)
    context = {"webinar": told, "is_over": told.ends_at <= clock.now()}
    return render(request, "support/webinar.html", context)


@entrance(why_not_enter)
@require_POST
def webinar_place(request: HttpRequest, page: str) -> HttpResponse:
    """Take a place at a webinar, or give it up: the button says which."""
    told, actor = _told(request, page), actor_of(request)
    try:
        if request.POST.get("place") == "give_up":
            services.give_place_up(actor=actor, slug=told.slug)
            said = gettext("Your place was given up. The helpdesk no longer has your name.")
        else:
            services.take_place(actor=actor, slug=told.slug)
            said = gettext("You have a place. The joining link is below.")
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, said)
    return redirect("webinar", page=page)


@entrance(why_not_enter)
@require_GET
def webinar_calendar(request: HttpRequest, page: str) -> HttpResponse:
    """Hand out a webinar for the calendar of somebody who has a place."""
    told = _told(request, page)
    if not told.is_mine or told.is_called_off:
        messages.error(request, gettext("Take a place first."))
        return redirect("webinar", page=page)
    answer = HttpResponse(invitation(told), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{told.slug}.ics"'
    return answer


def _told(request: HttpRequest, slug: str) -> WebinarTold:
    try:
        return webinar_of(actor_of(request), slug)
    except LookupError:
        raise Http404 from None
