"""Reports, for leads: what was asked, and how the promises were kept."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import clock
from core.audit import services as audit
from core.entrances import entrance
from core.spreadsheets import BOM, csv_of
from core.tenancy import current_zone
from helpdesk.policies import why_not_lead
from helpdesk.report_forms import ReportForm, usual_period
from helpdesk.reports import Figures, Report, Row, words_of
from helpdesk.requests import actor_of
from helpdesk.selectors.reports import report
from helpdesk.terms import Grouping

_COLUMNS = (
    *("Tickets", "First replies given", "First replies judged", "First replies in time"),
    *("First reply, median (minutes)", "First reply, 90th percentile (minutes)"),
    *("Completed", "Completions judged", "Completed in time"),
    *("Completion, median (minutes)", "Completion, 90th percentile (minutes)"),
)


@entrance(why_not_lead)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period, group by group."""
    form = _asked(request)
    context = {"form": form, "nobody": []}
    if form.is_valid():
        found = _found(request, form, "report.viewed")
        query = urlencode({name: form.data[name] for name in form.fields})
        context |= {
            "by": form.cleaned_data["by"].value.capitalize(),
            "report": found,
            "rows": [(row, _spans(row)) for row in (*found.rows, found.total)],
            "download_url": f"{reverse('download_report')}?{query}",
        }
    return render(request, "helpdesk/reports.html", context)


@entrance(why_not_lead)
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """Hand out the same figures for a spreadsheet, working time in minutes."""
    form = _asked(request)
    if not form.is_valid():
        raise Http404
    found = _found(request, form, "report.downloaded")
    by: Grouping = form.cleaned_data["by"]
    cells = [(by.value.capitalize(), *_COLUMNS), *map(_cells, (*found.rows, found.total))]
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    name = f"report-{by.value}-{since}-{until}.csv"
    return HttpResponse(
        BOM + csv_of(cells),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: HttpRequest) -> ReportForm:
    usual = usual_period(clock.local_today(current_zone()))
    return ReportForm({**usual, **request.GET.dict()})


def _found(request: HttpRequest, form: ReportForm, verb: str) -> Report:
    asked = form.cleaned_data
    found = report(**asked, zone=current_zone(), now=clock.now())
    audit.record(
        actor_of(request),
        verb,
        by=asked["by"].value,
        since=asked["since"].isoformat(),
        until=asked["until"].isoformat(),
        tickets=found.total.tickets,
    )
    return found


def _spans(row: Row) -> list[str]:
    both = (row.first_reply, row.completion)
    return [words_of(span) for one in both for span in (one.middle, one.ninety)]


def _cells(row: Row) -> list[str]:
    return [row.label, str(row.tickets), *_figures(row.first_reply), *_figures(row.completion)]


def _figures(figures: Figures) -> Iterator[str]:
    yield from map(str, (figures.done, figures.judged, figures.kept))
    for span in (figures.middle, figures.ninety):
        yield "" if span is None else f"{span / timedelta(minutes=1):.1f}"
