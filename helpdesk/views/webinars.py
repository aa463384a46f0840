"""Webinars at the desk: editors plan them, and see who has a place."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.audit import services as audit
from core.entrances import entrance
from core.refusals import Refused
from helpdesk.knowledge import reading
from helpdesk.knowledge_forms import WebinarForm
from helpdesk.policies import why_not_edit
from helpdesk.requests import actor_of
from helpdesk.selectors.articles import WebinarSheet, webinar_sheet
from helpdesk.selectors.articles import webinars as webinars_of
from helpdesk.services import webinars as services
from helpdesk.terms import Refusal
from helpdesk.views.telling import telling


@entrance(why_not_edit)
@require_GET
def webinars(request: HttpRequest) -> HttpResponse:
    """List the webinars to come, and those of before."""
    coming, past = webinars_of(now=clock.now())
    audit.record(actor_of(request), "webinars.listed", webinars=len(coming) + len(past))
    return render(request, "helpdesk/webinars.html", {"coming": coming, "past": past})


@entrance(why_not_edit)
@require_GET
def webinar(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a webinar, and who has a place."""
    sheet = _sheet(ref)
    audit.record(actor_of(request), "webinar.viewed", sheet.webinar, places=len(sheet.places))
    context = {"sheet": sheet, "webinar": sheet.webinar, "html": reading(sheet.webinar.text).html}
    return render(request, "helpdesk/webinar.html", context)


@entrance(why_not_edit)
def plan_webinar(request: HttpRequest) -> HttpResponse:
    """Plan a webinar."""
    form = WebinarForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "helpdesk/webinar_form.html", {"form": form})
    planned = services.plan_webinar(actor=actor_of(request), planned=form.planned())
    messages.success(request, "Planned. Schools see it once you publish it.")
    return redirect("webinar", ref=planned.ref)


@entrance(why_not_edit)
def change_webinar(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Change a webinar; what was typed while somebody else changed it is not lost."""
    sheet = _sheet(ref)
    if request.method != "POST":
        form = WebinarForm(initial={n: getattr(sheet.webinar, n) for n in WebinarForm.base_fields})
        return render(request, "helpdesk/webinar_form.html", {"form": form, "sheet": sheet})
    form = WebinarForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            services.change_webinar(
                actor=actor_of(request), ref=ref, planned=form.planned(), seen=seen
            )
        except Refused as refused:
            return _refused(request, ref, refused)
        messages.success(request, "The webinar was changed.")
        return redirect("webinar", ref=ref)
    return render(request, "helpdesk/webinar_form.html", {"form": form, "sheet": sheet})


@entrance(why_not_edit)
@require_POST
def publish_webinar(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a webinar to all schools."""
    with telling(request, "All schools see this webinar now."):
        services.publish_webinar(actor=actor_of(request), ref=ref)
    return redirect("webinar", ref=ref)


@entrance(why_not_edit)
@require_POST
def call_webinar_off(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Call a webinar off."""
    with telling(request, "The webinar is called off. Who had a place reads that at their school."):
        services.call_webinar_off(actor=actor_of(request), ref=ref)
    return redirect("webinar", ref=ref)


def _refused(request: HttpRequest, ref: UUID, refused: Refused) -> HttpResponse:
    """Show what was typed again, with why it was not saved."""
    sheet, data = _sheet(ref), request.POST.copy()
    is_late = refused.why == Refusal.CHANGED_MEANWHILE
    data["version"] = str(sheet.webinar.version)
    form = WebinarForm(data)
    form.full_clean()
    if not is_late:
        form.add_error("places", refused.sentence)
    context = {"form": form, "sheet": sheet, "is_late": is_late, "nobody": []}
    return render(request, "helpdesk/webinar_form.html", context)


def _sheet(ref: UUID) -> WebinarSheet:
    try:
        return webinar_sheet(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
