"""When the record is sealed and its head anchored."""

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string
from django_tenants.utils import get_tenant_model

from core.audit import anchors, sealing
from core.school_tasks import school_task
from core.tenancy import in_control_plane

#: Seconds; a message that waited longer has been overtaken by the next one.
SWEEP_EVERY = 5
#: Batches in one turn, so that a school with much to seal lets the others have theirs.
A_TURN = 5


# Acknowledged early: what a killed worker leaves is the next sweep's business.
@school_task(name="core.audit.seal", acks_late=False)
def seal() -> int:
    """Seal what is in no seal yet at the school, for one turn; return the number of entries."""
    return sealing.seal_all(at_most=A_TURN)


@shared_task(name="core.audit.sweep", ignore_result=True, acks_late=False)
def sweep() -> int:
    """Have each school sealed that has something unsealed, and seal the control plane's record.

    Returns:
        The number of schools.
    """
    with in_control_plane():
        sealing.seal_all(at_most=A_TURN)
    schools = import_string(settings.AUDIT_SCHOOLS_UNSEALED)()
    for ref in schools:
        seal.apply_async(args=[str(ref)], expires=SWEEP_EVERY)
    return len(schools)


@school_task(name="core.audit.anchor")
def anchor() -> int:
    """Seal what is left and anchor the head of the school's record; return the anchors put."""
    sealing.seal_all()
    return anchors.anchor_head()


@shared_task(name="core.audit.anchor_everywhere", ignore_result=True)
def anchor_everywhere() -> int:
    """Anchor the control plane's record and ask for that of each open school.

    Returns:
        The number of schools.
    """
    with in_control_plane():
        sealing.seal_all()
        anchors.anchor_head()
        schools = list(get_tenant_model().objects.open().values_list("ref", flat=True))
    for ref in schools:
        anchor.delay(str(ref))
    return len(schools)
