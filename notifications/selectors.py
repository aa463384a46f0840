"""What could not be delivered, for the people who run the platform: references, never names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.outbox import services as outbox
from core.tenancy import in_school
from safeguarding.events import AlertRaised
from safeguarding.services import deliveries
from tenants.models import School

#: After so long, an event that still waits is for somebody to look at.
OVERDUE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Something that nobody was told, and why.

    Attributes:
        ref: Of the alert, incident or request; of the oldest outbox row where many are waiting.
        kind: The event's stored name.
        reason: For people; holds no name and no address.
        since: When it was given up; for what still waits and for people who left, when it began.
    """

    school: str
    ref: UUID
    kind: str
    reason: str
    since: datetime


def failures_at(school: School) -> list[Failure]:
    """Return what a school's outbox gave up, alerts whose email was refused, and what is stuck.

    An alert that was refused is one line, although its event was parked too.
    """
    with in_school(school):
        parked = {(one.kind, one.ref): one for one in _parked(school.slug)}
        refused = {(one.kind, one.ref): one for one in _refused(school.slug)}
        return [*(refused | parked).values(), *_stuck(school.slug)]


def _parked(slug: str) -> Iterator[Failure]:
    for row in outbox.parked_events():
        yield Failure(
            school=slug,
            ref=UUID(row.payload["ref"]) if "ref" in row.payload else row.ref,
            kind=row.kind,
            reason=row.last_error,
            since=row.parked_at or row.appended_at,
        )


def _refused(slug: str) -> Iterator[Failure]:
    for alert in deliveries.refused_alerts():
        yield Failure(
            school=slug,
            ref=alert.ref,
            kind=AlertRaised.kind,
            reason=alert.email_refusal,
            since=alert.raised_at,
        )


def _stuck(slug: str) -> Iterator[Failure]:
    for kind, number, oldest in outbox.overdue_events(by=OVERDUE):
        yield Failure(
            school=slug,
            ref=oldest.ref,
            kind=kind,
            reason=f"{number} waiting. {oldest.last_error}".strip(),
            since=oldest.appended_at,
        )
