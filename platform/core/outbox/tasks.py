"""The relay: acts on a school's outbox; the sweep: finds the schools that have something due.

The control plane's own outbox has a relay of its own, which is also its sweep.
"""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from core.outbox import doorbell, services
from core.school_tasks import school_task
from core.tenancy import in_control_plane

#: A school's turn: with five thousand emails it must not keep another's one waiting.
TURN = timedelta(seconds=1)


# Acknowledged early: a lost bell is the sweep's business, and a bell must not come back an hour
# later because a worker was killed.
@school_task(name=doorbell.RELAY_TASK, acks_late=False)
def relay() -> int:
    """Act on what is due at the school, for one turn; return the number of events tried."""
    doorbell.answer()
    return services.act_on_all(within=TURN)


@shared_task(name="core.outbox.sweep", ignore_result=True, acks_late=False)
def sweep() -> int:
    """Ring for each school whose outbox has something due; return their number."""
    schools = import_string(settings.OUTBOX_SCHOOLS_DUE)()
    for ref in schools:
        relay.apply_async(args=[str(ref)], expires=doorbell.SWEEP_EVERY)
    return len(schools)


@shared_task(name=doorbell.CONTROL_PLANE_TASK, ignore_result=True, acks_late=False)
def relay_control_plane() -> int:
    """Act on what is due in the control plane, for one turn; return the number of events tried."""
    with in_control_plane():
        doorbell.answer()
        return services.act_on_all(within=TURN)
