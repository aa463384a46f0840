"""What is left of a ticket when its time is over: references, codes and times, no words."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core import clock
from core.actors import Actor
from core.audit import services as audit
from helpdesk.models import (
    OfficialCall,
    OfficialCompletion,
    OfficialRecord,
    Ticket,
    TicketFile,
)
from helpdesk.official import LEAST_DAYS_KEPT
from helpdesk.policies import REOPEN_WITHIN
from helpdesk.terms import TicketState, Topic


def forget_tickets(*, actor: Actor) -> int:
    """Delete messages, file names and who asked of the tickets that were closed long ago, one by one.

    Returns:
        How many there were.
    """
    forgotten = 0
    while _forget_next(actor):
        forgotten += 1
    return forgotten


@transaction.atomic(durable=True)
def _forget_next(actor: Actor) -> bool:
    rows = Ticket.objects.filter(_is_over()).exclude(messages=None)
    rows = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    ticket = rows.order_by("pk").first()
    if ticket is None:
        return False
    files, _ = TicketFile.objects.filter(message__ticket=ticket).delete()
    messages, _ = ticket.messages.all().delete()
    ticket.accesses.update(purpose="")
    ticket.subject, ticket.requester_name = "Words removed after their time", ""
    ticket.email = ticket.telephone = ""
    ticket.save(update_fields=["subject", "requester_name", "email", "telephone"])
    audit.record(actor, "ticket.emptied", ticket, messages=messages, files=files)
    return True


def _is_over() -> Q:
    """Return which tickets were closed so long ago: 14 days after they were completed."""
    closed = clock.now() - REOPEN_WITHIN
    is_official = Q(is_official=True) | Q(topic=Topic.OFFICIAL)
    ordinary = Q(completed_at__lt=closed - timedelta(days=settings.TICKET_RETENTION_DAYS))
    official = Q(completed_at__lt=closed - timedelta(days=settings.OFFICIAL_RETENTION_DAYS))
    return Q(state=TicketState.CLOSED) & (official | (ordinary & ~is_official))


@transaction.atomic(durable=True)
def forget_official(*, actor: Actor) -> int:
    """Empty the words of official requests and of telephone calls that came to their end long ago.

    Never earlier than after seven years: the database refuses it.

    Returns:
        How many requests there were.
    """
    days = max(settings.OFFICIAL_RETENTION_DAYS, LEAST_DAYS_KEPT)
    before = clock.now() - timedelta(days=days) - REOPEN_WITHIN
    done = OfficialCompletion.objects.filter(done_at__lt=before).exclude(done="")
    records = list(done.values_list("record_id", flat=True))
    done.update(done="")
    rows = OfficialRecord.objects.filter(pk__in=records)
    rows.update(details=[], text="", asked_by="", approved_by="")
    calls = OfficialCall.objects.filter(called_at__lt=before).exclude(words="")
    is_over = Q(record=None) | Q(record__in=records)
    emptied = calls.filter(is_over).update(caller_name="", email="", words="")
    if records or emptied:
        audit.record(actor, "official.emptied", requests=len(records), calls=emptied)
    return len(records)
