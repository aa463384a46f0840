"""Closing for good what nobody reopened."""

from django.db import transaction

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from helpdesk.events import TicketSettled
from helpdesk.models import Ticket
from helpdesk.policies import REOPEN_WITHIN
from helpdesk.services.log import keep
from helpdesk.terms import EventKind, TicketState


def close_completed(*, actor: Actor) -> int:
    """Close the tickets whose 14 days are over, each by itself.

    Returns:
        How many were closed.
    """
    closed = 0
    while _close_next(actor):
        closed += 1
    return closed


@transaction.atomic(durable=True)
def _close_next(actor: Actor) -> bool:
    rows = Ticket.objects.filter(
        state=TicketState.COMPLETED, completed_at__lt=clock.now() - REOPEN_WITHIN
    )
    ticket = rows.select_for_update(no_key=True, skip_locked=True).order_by("pk").first()
    if ticket is None:
        return False
    ticket.state = TicketState.CLOSED
    keep(ticket, EventKind.CLOSED, "state")
    audit.record(actor, "ticket.closed", ticket)
    outbox.append(TicketSettled(ref=ticket.ref))
    return True
