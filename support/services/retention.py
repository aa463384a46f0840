"""What is left of a school's ticket when its time is over: references, codes and times, no words."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core import clock
from core.actors import Actor
from core.attachments import services as attachments
from core.audit import services as audit
from helpdesk.official import LEAST_DAYS_KEPT
from helpdesk.terms import TicketState, Topic
from support.models import (
    OfficialCall,
    OfficialCompletion,
    OfficialDecision,
    OfficialRequest,
    Ticket,
    TicketFile,
)
from support.policies import REOPEN_WITHIN


def forget_tickets() -> int:
    """Delete messages, files and whom they named of the tickets that were closed long ago, one by one.

    Returns:
        How many there were.
    """
    forgotten = 0
    while _forget_next():
        forgotten += 1
    return forgotten


@transaction.atomic(durable=True)
def _forget_next() -> bool:
    rows = Ticket.objects.filter(_is_over()).exclude(messages=None)
    rows = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    ticket = rows.order_by("pk").first()
    if ticket is None:
        return False
    rows_of_files = TicketFile.objects.filter(message__ticket=ticket)
    sealed = list(rows_of_files.values_list("attachment_id", flat=True))
    rows_of_files.delete()
    attachments.destroy(sealed)
    ticket.pupils.all().delete()
    ticket.accesses.update(purpose="")
    messages, _ = ticket.messages.all().delete()
    ticket.subject = ticket.telephone = ticket.rating_words = ""
    ticket.save(update_fields=["subject", "telephone", "rating_words"])
    nobody = Actor(request_id=uuid4().hex)
    audit.record(nobody, "ticket.emptied", ticket, messages=messages, files=len(sealed))
    return True


def _is_over() -> Q:
    """Return which tickets were closed so long ago: 14 days after they were completed."""
    closed = clock.now() - REOPEN_WITHIN
    ordinary = Q(completed_at__lt=closed - timedelta(days=settings.TICKET_RETENTION_DAYS))
    official = Q(completed_at__lt=closed - timedelta(days=settings.OFFICIAL_RETENTION_DAYS))
    return Q(state=TicketState.CLOSED) & (official | (ordinary & ~Q(topic=Topic.OFFICIAL)))


def forget_official() -> int:
    """Empty the words of official requests and calls that came to their end long ago, one by one.

    Never earlier than after seven years: the database refuses it.

    Returns:
        How many requests there were.
    """
    forgotten = 0
    while _empty_next():
        forgotten += 1
    return forgotten


@transaction.atomic(durable=True)
def _empty_next() -> bool:
    days = max(settings.OFFICIAL_RETENTION_DAYS, LEAST_DAYS_KEPT)
    before = clock.now() - timedelta(days=days) - REOPEN_WITHIN
    OfficialCall.objects.filter(called_at__lt=before).exclude(words="").exclude(
        request__isnull=False
    ).update(words="", caller_name="")
    is_over = Q(completion__done_at__lt=before) | Q(
        decision__ticket=None, decision__decided_at__lt=before
    )
    rows = OfficialRequest.objects.locked().filter(is_over).exclude(text="")
    request = rows.order_by("pk").first()
    if request is None:
        return False
    OfficialDecision.objects.filter(request=request).update(reason="")
    OfficialCompletion.objects.filter(request=request).update(done="")
    OfficialCall.objects.filter(request=request).update(words="", caller_name="")
    OfficialRequest.objects.filter(pk=request.pk).update(details={}, text="", pupils=[])
    audit.record(Actor(request_id=uuid4().hex), "official.emptied", request)
    return True
