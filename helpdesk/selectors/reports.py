"""Figures of tickets over a period."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from helpdesk.models import Ticket, TicketEvent
from helpdesk.office import OfficeHours, office_hours
from helpdesk.reports import Line, Measured, Report, report_of
from helpdesk.selectors.promises import PROMISE_EVENTS, promises_of
from helpdesk.terms import Grouping, Topic

#: Under what a ticket is counted, and that as people read it.
_Group = tuple[tuple[int | str, ...], str]
_Grouper = Callable[[Ticket, date], _Group]


def report(by: Grouping, since: date, until: date, zone: ZoneInfo, now: datetime) -> Report:
    """Return the figures of the tickets that were raised in a period.

    A ticket that was merged is left out: what it asked is counted with the one that goes on.
    Whether a promise was kept stands on the ticket, as it was judged then. Working time is counted
    in the office's hours with the days that differed.

    Args:
        by: What tickets are grouped by.
        since: The first local day.
        until: The last local day.
        zone: Whose days these are.
        now: As of when (UTC).
    """
    rows = (
        Ticket.objects.filter(
            raised_at__gte=_midnight(since, zone),
            raised_at__lt=_midnight(until + timedelta(days=1), zone),
            merged_into=None,
        )
        .select_related("school", "agent")
        .prefetch_related(
            Prefetch("events", TicketEvent.objects.filter(kind__in=PROMISE_EVENTS).order_by("pk"))
        )
        .order_by("raised_at", "pk")
    )
    return report_of(_lines(rows, _GROUPS[by], zone, now), now)


def _lines(
    rows: Iterable[Ticket], group: _Grouper, zone: ZoneInfo, now: datetime
) -> Iterator[Line]:
    office = office_hours()
    for ticket in rows:
        found, label = group(ticket, ticket.raised_at.astimezone(zone).date())
        first_reply, completion = _measured(ticket, office, now)
        yield Line(group=found, label=label, first_reply=first_reply, completion=completion)


def _measured(ticket: Ticket, office: OfficeHours, now: datetime) -> tuple[Measured, Measured]:
    promised = promises_of(ticket, office, now)
    replied_at, completed_at = ticket.first_reply_met_at, ticket.completed_at
    return (
        Measured(
            due_at=ticket.first_reply_due_at,
            done_at=replied_at,
            worked=promised.first_reply.used if replied_at else None,
        ),
        Measured(
            due_at=ticket.resolution_due_at,
            done_at=completed_at,
            worked=promised.resolution.used if completed_at else None,
        ),
    )


def _by_topic(ticket: Ticket, _: date) -> _Group:
    return (list(Topic).index(Topic(ticket.topic)),), ticket.topic_words


def _by_school(ticket: Ticket, _: date) -> _Group:
    return (ticket.school.name, ticket.school_id), ticket.school.name


def _by_agent(ticket: Ticket, _: date) -> _Group:
    if ticket.agent is None:
        return (1,), "Nobody"
    return (0, ticket.agent.name, ticket.agent.pk), ticket.agent.name


def _by_month(_: Ticket, raised_on: date) -> _Group:
    return (raised_on.year, raised_on.month), f"{raised_on:%B %Y}"


def _by_week(_: Ticket, raised_on: date) -> _Group:
    monday = raised_on - timedelta(days=raised_on.weekday())
    return (monday.isoformat(),), f"Week of {monday.day} {monday:%b %Y}"


_GROUPS: dict[Grouping, _Grouper] = {
    Grouping.TOPIC: _by_topic,
    Grouping.SCHOOL: _by_school,
    Grouping.AGENT: _by_agent,
    Grouping.MONTH: _by_month,
    Grouping.WEEK: _by_week,
}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
