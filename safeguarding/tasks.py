"""Deleting the drafts that nobody came back to."""

from celery import shared_task
from django_tenants.utils import get_tenant_model

from core.school_tasks import school_task
from core.tenancy import in_control_plane
from safeguarding.services import drafts

_BATCH = 200
#: In one run; the rest waits for the next.
_MOST_BATCHES = 50


@school_task(name="safeguarding.discard_old_drafts")
def discard_old_drafts() -> int:
    """Delete the school's drafts of more than thirty days ago; return how many."""
    discarded = 0
    for _ in range(_MOST_BATCHES):
        batch = drafts.discard_old_drafts(at_most=_BATCH)
        discarded += batch
        if batch < _BATCH:
            break
    return discarded


@shared_task(name="safeguarding.discard_old_drafts_everywhere", ignore_result=True)
def discard_old_drafts_everywhere() -> int:
    """Ask for that in each open school; return their number."""
    with in_control_plane():
        schools = list(get_tenant_model().objects.open().values_list("ref", flat=True))
    for ref in schools:
        discard_old_drafts.delay(str(ref))
    return len(schools)
