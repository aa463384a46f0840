"""Telling colleagues, and taking down that they have read."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.outbox import services as outbox
from safeguarding.events import AlertRaised
from safeguarding.models import Action, Alert, Incident
from safeguarding.selectors.rows import students_of
from schools.actors import StaffActor
from schools.models import Staff


def raise_alerts(
    *, actor: StaffActor, incident: Incident, action: Action | None, recipients: Iterable[Staff]
) -> list[Alert]:
    """Alert each person once, in the caller's transaction; the emails leave after it commits.

    Source: user guide, sections 3 and 4, “Alert Staff Members”.
    """
    alerts = Alert.objects.bulk_create(
        Alert(incident=incident, action=action, recipient=recipient, raised_by_id=actor.staff_id)
        for recipient in dict.fromkeys(recipients)
    )
    outbox.append(*(AlertRaised(ref=alert.ref) for alert in alerts))
    return alerts


@transaction.atomic(durable=True)
def mark_as_read(*, actor: StaffActor, ref: UUID) -> int:
    """Acknowledge an incident: every unread alert to it, and to its actions, is read.

    For a person without key access this closes the incident (guide, section 2). Marking twice
    is the same as marking once.

    Returns:
        How many alerts were unread.

    Raises:
        Incident.DoesNotExist: Absent, or the person was never alerted to it.
    """
    own = Alert.objects.filter(incident__ref=ref, recipient_id=actor.staff_id)
    incident = Incident.objects.filter(pk__in=own.values("incident_id")).locked().get()
    read = own.filter(read_at__isnull=True).update(read_at=clock.now())
    if read:
        audit.record(actor, "alert.read", incident, students=students_of(incident), alerts=read)
    return read
