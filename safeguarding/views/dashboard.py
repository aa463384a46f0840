"""The dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.audit import services as audit
from core.entrances import entrance
from safeguarding.selectors import dashboard as selectors
from safeguarding.selectors.incident_list import left_behind
from safeguarding.selectors.incidents import refused_emails
from schools.policies import why_not_enter
from schools.requests import actor_of, page_asked


@entrance(why_not_enter)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show ‘Alert’, ‘My Assigned’ and ‘My History’ (guide 1.2)."""
    actor = actor_of(request)
    reader = actor.reader
    sections = {
        "alerts": selectors.alerts_for(reader, page_asked(request, "alerts")),
        "history": selectors.history_of(reader, page_asked(request, "history")),
    }
    if reader.holds_key:
        sections["assigned"] = selectors.assigned_to(reader, page_asked(request, "assigned"))
    shown = [ref for section in sections.values() for ref in section.students]
    audit.record(actor, "dashboard.viewed", students=shown)
    context = {"holds_key": reader.holds_key, "refused_emails": refused_emails(reader), **sections}
    context["left_behind"] = left_behind(reader)
    return render(request, "safeguarding/dashboard.html", context)
