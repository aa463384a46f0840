"""What the helpdesk does by the clock."""

from uuid import uuid4

from celery import shared_task

from core.actors import Actor
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.holidays import bank_holidays
from helpdesk.services import closing, office, retention, routing, webinars


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


@shared_task(name="helpdesk.close_completed", ignore_result=True)
def close_completed() -> int:
    """Close the tickets that can be reopened no more; return how many."""
    with at_face(FACE):
        return closing.close_completed(actor=_clock())


@shared_task(name="helpdesk.forget_tickets", ignore_result=True)
def forget_tickets() -> int:
    """Forget the tickets and official requests whose time is over; return how many."""
    with at_face(FACE):
        forgotten = retention.forget_tickets(actor=_clock())
        return forgotten + retention.forget_official(actor=_clock())


@shared_task(name="helpdesk.forget_places", ignore_result=True)
def forget_places() -> int:
    """Forget who had places at webinars that were long ago; return how many."""
    with at_face(FACE):
        return webinars.forget_places(actor=_clock())


def _clock() -> Actor:
    return Actor(request_id=uuid4().hex)
