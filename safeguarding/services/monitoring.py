"""Monitoring a student under a category comes to its end."""

from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.refusals import Refused
from safeguarding.models import Monitoring
from safeguarding.policies import why_not_stop_monitoring
from schools.actors import StaffActor


@transaction.atomic(durable=True)
def stop_monitoring(*, actor: StaffActor, ref: UUID) -> Monitoring:
    """Stop monitoring a student under a category; stopping twice is the same as once.

    Raises:
        Monitoring.DoesNotExist: Absent.
        Refused: ``actor`` does not hold the key.

    Source: user guide, section 4, “Linked student(s)” (acceptance G6.3).
    """
    if why := why_not_stop_monitoring(actor.reader):
        raise Refused(why)
    rows = Monitoring.objects.select_related("student").select_for_update(of=("self",))
    monitoring = rows.get(ref=ref)
    if monitoring.ended_at is None:
        monitoring.ended_at = clock.now()
        monitoring.ended_by_id = actor.staff_id
        monitoring.save(update_fields=["ended_at", "ended_by"])
        audit.record(actor, "monitoring.ended", monitoring, students=[monitoring.student.ref])
    return monitoring
