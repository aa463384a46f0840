"""Sweeping away the files that no record claimed."""

from datetime import timedelta

from celery import shared_task
from django_tenants.utils import get_tenant_model

from core.attachments import services
from core.school_tasks import school_task
from core.tenancy import in_control_plane

_A_DAY = timedelta(days=1)


@school_task(name="core.attachments.discard_orphans")
def discard_orphans() -> int:
    """Delete the school's staged files of yesterday; return the number of objects deleted."""
    return services.discard_orphans(older_than=_A_DAY)


@shared_task(name="core.attachments.discard_everywhere", ignore_result=True)
def discard_everywhere() -> int:
    """Ask for the sweep in each open school; return their number."""
    with in_control_plane():
        schools = list(get_tenant_model().objects.open().values_list("ref", flat=True))
    for ref in schools:
        discard_orphans.delay(str(ref))
    return len(schools)
