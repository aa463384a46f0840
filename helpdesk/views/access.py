"""Access to a school's site: asking for it, opening the site, ending it."""

from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.entrances import entrance
from helpdesk.forms import AccessForm
from helpdesk.policies import why_not_answer
from helpdesk.requests import actor_of
from helpdesk.selectors.access import ticket_of_access
from helpdesk.services import access
from helpdesk.views.rescue import rescue
from helpdesk.views.telling import telling
from helpdesk.views.tickets import ticket_page


@entrance(why_not_answer, rescue=rescue("ticket"))
@require_POST
def ask(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Ask the school's administrators to be let in."""
    form = AccessForm(request.POST)
    if form.is_valid():
        with telling(request, "The school’s administrators are asked.", form=form, field="purpose"):
            access.ask_access(actor=actor_of(request), ref=ref, **form.cleaned_data)
    if not form.is_valid():
        return ticket_page(request, ref, access_form=form)
    return redirect("ticket", ref=ref)


@entrance(why_not_answer)
@require_POST
def open_site(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Hand out a pass, with the button that takes it to the school's site."""
    try:
        granted, sent = access.issue_pass(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    school = granted.ticket.school

    @csp_update({"form-action": [school.url]})
    def page(request: HttpRequest) -> HttpResponse:
        context: dict[str, Any] = {"access": granted, "school": school, "pass": sent}
        return render(request, "helpdesk/open_site.html", context)

    return page(request)


@entrance(why_not_answer)
@require_POST
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End access, or ask for it no more."""
    ticket = ticket_of_access(ref)
    if ticket is None:
        raise Http404
    with telling(request, "Access to the school’s site is ended."):
        access.withdraw_access(actor=actor_of(request), ref=ref)
    return redirect("ticket", ref=ticket)
