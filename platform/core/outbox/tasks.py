"""The relay: acts on a school's outbox; the sweep: finds the schools that have something due."""

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from core.outbox import services
from core.outbox.doorbell import RELAY_TASK
from core.school_tasks import school_task


@school_task(name=RELAY_TASK)
def relay() -> int:
    """Act on everything that is due at the school; return the number of events."""
    return services.act_on_all()


@shared_task(name="core.outbox.sweep", ignore_result=True)
def sweep() -> int:
    """Ring for each school whose outbox has something due; return their number."""
    schools = import_string(settings.OUTBOX_SCHOOLS_DUE)()
    for ref in schools:
        relay.delay(str(ref))
    return len(schools)
