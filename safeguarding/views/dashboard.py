"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.entrances import entrance
from safeguarding.selectors import dashboard as selectors
from safeguarding.selectors.incidents import refused_emails
from schools.policies import why_not_enter
from schools.requests import actor_of, page_asked


@entrance(why_not_enter)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show ‘Alert’, ‘My Assigned’ and ‘My History’ (guide 1.2)."""
    reader = actor_of(request).reader
    context = {
        "alerts": selectors.alerts_for(reader, page_asked(request, "alerts")),
        "history": selectors.history_of(reader, page_asked(request, "history")),
        "holds_key": reader.holds_key,
    }
    if reader.holds_key:
        context["assigned"] = selectors.assigned_to(reader, page_asked(request, "assigned"))
        context["refused_emails"] = refused_emails(reader)
    return render(request, "safeguarding/dashboard.html", context)
