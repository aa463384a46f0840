"""What the helpdesk does by the clock."""

from uuid import uuid4

from celery import shared_task

from core.actors import Actor
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.holidays import bank_holidays
from helpdesk.services import office, routing


@shared_task(name="helpdesk.deal_out", ignore_result=True)
def deal_out() -> int:
    """Deal out what is queued, if the office is open; return how many tickets."""
    with at_face(FACE):
        return routing.deal_out(actor=_clock())


@shared_task(name="helpdesk.refresh_holidays", ignore_result=True)
def refresh_holidays() -> int:
    """Bring the bank holidays up to date; return how many days changed."""
    known = bank_holidays()
    with at_face(FACE):
        return office.keep_holidays(actor=_clock(), known=known)


def _clock() -> Actor:
    return Actor(request_id=uuid4().hex)
