"""The record of who saw and who changed what, for key holders."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.audit import services as audit
from core.audit.selectors import seal_state
from core.entrances import entrance
from core.tenancy import current_school, current_zone
from safeguarding.forms import AuditForm, PrintedForm
from safeguarding.selectors.audit import AuditFilter, audit_page
from safeguarding.services.audit_export import export_audit
from safeguarding.services.prints import record_print
from schools.policies import why_not_enter, why_not_export, why_not_hold_key
from schools.requests import actor_of, page_asked, wants_list

#: Entries that wait longer than this to be sealed are spoken of in a warning.
_LATE = timedelta(minutes=10)


@entrance(why_not_hold_key)
@require_GET
def audit_list(request: HttpRequest) -> HttpResponse:
    """List who saw and who changed what, newest first."""
    actor = actor_of(request)
    form = AuditForm(request.GET, actor=actor, as_list=wants_list(request))
    chosen = form.chosen() if form.is_valid() else None
    shown = audit_page(actor.reader, chosen, page_asked(request)) if chosen else None
    asked = chosen.facts() if chosen else {}
    context = {
        "form": form,
        "shown": shown,
        "may_export": actor.reader.access.may_export,
        "is_filtered": chosen != AuditFilter(),
        "export_url": f"{reverse('audit_export')}?{urlencode(asked)}",
        "page_query": _asked_again(request, asked),
        **_seal(),
    }
    page = render(request, "safeguarding/audit.html", context)
    # The form knows whom it named once it is drawn; the page leaves after this is written.
    named = [*form.students_named, *(shown.students if shown else ())]
    audit.record(actor, "audit.viewed", students=named, **(chosen.facts() if chosen else {}))
    return page


def _asked_again(request: HttpRequest, asked: dict[str, Any]) -> str:
    """Return the address's query as it was understood: anybody can put other words in it."""
    known = {**asked, "page": page_asked(request), "list": ""}
    return urlencode({name: known[name] for name in request.GET if name in known})


def _seal() -> dict[str, Any]:
    state = seal_state()
    oldest = state.oldest_unsealed_at
    waits = max(timedelta(0), clock.now() - oldest) if oldest else None
    return {
        "seal": state,
        "oldest_seconds": int(waits.total_seconds()) if waits is not None else None,
        "seal_is_late": waits is not None and waits > _LATE,
    }


@entrance(why_not_export)
@require_GET
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Hand the chosen entries out as a file for a spreadsheet."""
    actor = actor_of(request)
    form = AuditForm(request.GET, actor=actor)
    if not form.is_valid():
        raise Http404
    day = clock.local_today(current_zone())
    return StreamingHttpResponse(
        export_audit(actor=actor, chosen=form.chosen()),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="audit-{current_school().slug}-{day}.csv"'
        },
    )


@entrance(why_not_enter)
@require_POST
def printed(request: HttpRequest) -> HttpResponse:
    """Take down that a page was printed, which the browser tells when it happens."""
    form = PrintedForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        record_print(actor=actor_of(request), request_id=form.cleaned_data["page"])
    except ObjectDoesNotExist:
        raise Http404 from None
    return HttpResponse(status=204)
