"""The console's first page: the queues, what a search finds, and who is on duty."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core import clock
from core.audit import services as audit
from core.entrances import entrance
from core.pages import page_number
from helpdesk.forms import SearchForm
from helpdesk.policies import why_not_answer, why_not_enter
from helpdesk.requests import actor_of, queue_of
from helpdesk.selectors import queues
from helpdesk.services.presence import go_off_duty, go_on_duty
from helpdesk.terms import Queue


@entrance(why_not_enter)
def console(request: HttpRequest) -> HttpResponse:
    """Show a queue; to an editor, who answers no tickets, who they are."""
    actor = actor_of(request)
    if why_not_answer(actor.reader):
        return render(request, "helpdesk/home.html", {"telephone": settings.SUPPORT_TELEPHONE})
    queue, number = queue_of(request), page_number(request.GET.get("page"))
    page = queues.queue_page(queue, actor.reader, clock.now(), number)
    audit.record(actor, "tickets.listed", queue=queue.value, page=page.number, tickets=len(page))
    return render(request, "helpdesk/console.html", {**_around(request), "page": page})


@entrance(why_not_answer)
def search(request: HttpRequest) -> HttpResponse:
    """Find tickets by number, school or words; what is looked for stays out of the address."""
    if request.method != "POST":
        return redirect("dashboard")
    form = SearchForm(request.POST)
    context = {**_around(request), "search": form, "is_search": True}
    if form.is_valid():
        context["page"] = page = queues.found(form.cleaned_data["words"], 1)
        audit.record(actor_of(request), "tickets.searched", tickets=len(page))
    return render(request, "helpdesk/console.html", context)


@entrance(why_not_answer)
@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Go on duty, or off."""
    if request.POST.get("duty") == "on":
        go_on_duty(actor=actor_of(request))
        messages.success(request, "You are on duty: tickets are dealt to you.")
    else:
        returned = go_off_duty(actor=actor_of(request))
        messages.success(request, f"You are off duty. Tickets back in the queue: {returned}.")
    return redirect("dashboard")


def _around(request: HttpRequest) -> dict[str, Any]:
    """Return what stands around every list."""
    reader = actor_of(request).reader
    counts = queues.queue_counts(reader, clock.now())
    return {
        "queue": queue_of(request),
        "queues": [(one, counts.get(one)) for one in Queue],
        "alarms": queues.unacknowledged_alarms(),
        "is_on_duty": reader.is_on_duty,
        "search": SearchForm(),
        "telephone": settings.SUPPORT_TELEPHONE,
        "nobody": [],
    }
