"""Ending uploads from the MIS that nobody imported, and bringing schools on."""

import time

from celery import shared_task
from django_tenants.utils import get_tenant_model

from core.school_tasks import school_task
from core.tenancy import in_control_plane
from schools.services import mis_uploads
from schools.services.onboarding import finish
from tenants.selectors import next_onboarding
from tenants.services.onboardings import BRING_ON

#: Seconds after which a turn begins no further school: it ends well before its time limit.
_TURN = 60


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


@shared_task(name=BRING_ON, ignore_result=True)
def bring_on() -> int:
    """Bring on what was asked for, oldest first, for one turn; return how many were tried.

    Runs as the schemas' owner. What fails is tried again by a later turn, after the others.
    """
    tried: set[int] = set()
    end = time.monotonic() + _TURN
    while time.monotonic() < end and (waiting := next_onboarding(but=tried)):
        tried.add(waiting.pk)
        finish(waiting)
    return len(tried)
