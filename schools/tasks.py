"""Ending uploads from the MIS that nobody imported."""

from celery import shared_task
from django_tenants.utils import get_tenant_model

from core.school_tasks import school_task
from core.tenancy import in_control_plane
from schools.services import mis_uploads


@school_task(name="schools.expire_uploads")
def expire_uploads() -> int:
    """End the school's uploads of yesterday; return how many."""
    return mis_uploads.expire_uploads()


@shared_task(name="schools.expire_uploads_everywhere", ignore_result=True)
def expire_uploads_everywhere() -> int:
    """Ask for it in each open school; return their number."""
    with in_control_plane():
        schools = list(get_tenant_model().objects.open().values_list("ref", flat=True))
    for ref in schools:
        expire_uploads.delay(str(ref))
    return len(schools)
