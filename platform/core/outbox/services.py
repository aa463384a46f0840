"""Append to the outbox in the transaction; act on it afterwards, each event by one worker.

A worker keeps the row locked while it acts, so that a worker that dies (even by ``kill -9``)
gives the row back at once, and two workers never act on the same row. What is left after a
handler's last step is the COMMIT; see decision 0005 for what that means for an email.
"""

import math
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, Min, QuerySet

from core import clock
from core.outbox import doorbell
from core.outbox.events import Event
from core.outbox.models import OutboxEvent
from core.outbox.registry import OutOfReach, TryLater, Undeliverable, registration_of
from core.outbox.runs import begin_run

#: Attempts go on for about three days: 10 s, 20 s, 40 s, ... an hour at the most.
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 80
#: A run that meets so many events calls another worker to share them.
ENOUGH_FOR_TWO = 20

log = structlog.get_logger(__name__)


def append(*events: Event, due_at: datetime | None = None) -> None:
    """Keep events in the caller's transaction and ring for a worker once it commits.

    Args:
        *events: What happened.
        due_at: The earliest instant (UTC) at which to act on them; at once where none is given.
    """
    when = {} if due_at is None else {"due_at": due_at}
    rows = [OutboxEvent(kind=event.kind, payload=event.payload(), **when) for event in events]
    if not rows:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event belongs in the transaction that caused it.")
    OutboxEvent.objects.bulk_create(rows, batch_size=1000)
    transaction.on_commit(doorbell.ring, robust=True)


def act_on_all(*, at_most: int = 500, within: timedelta | None = None) -> int:
    """Act on what is due at the current school, in one run.

    A run that meets a limit rings again, so that the school queues up behind the others. An
    event whose server is out of reach ends the run for its kind: it costs the event no attempt,
    and the next sweep tries again.

    Args:
        at_most: Number of events after which to stop.
        within: Time after which to begin no further event.

    Returns:
        How many events were tried.
    """
    ends_at = time.monotonic() + within.total_seconds() if within is not None else math.inf
    kinds_out_of_reach: set[str] = set()
    tried = 0
    with begin_run():
        while _act_on_next(kinds_out_of_reach):
            tried += 1
            if tried == ENOUGH_FOR_TWO:
                doorbell.ring()
            if tried >= at_most or time.monotonic() >= ends_at:
                doorbell.ring()
                break
    return tried


def parked_events() -> Iterable[OutboxEvent]:
    """Return the events that were given up at the current school, newest first."""
    return OutboxEvent.objects.filter(parked_at__isnull=False).order_by("-parked_at", "-id")


def overdue_events(*, by: timedelta) -> list[tuple[str, int, OutboxEvent]]:
    """Return, for each kind with events that have waited too long, the number and the oldest.

    Args:
        by: How long after it was appended an event is overdue.
    """
    overdue = OutboxEvent.objects.filter(
        done_at__isnull=True, parked_at__isnull=True, appended_at__lt=clock.now() - by
    )
    kinds = overdue.values("kind").annotate(number=Count("id"), oldest=Min("id")).order_by("kind")
    rows = OutboxEvent.objects.in_bulk([kind["oldest"] for kind in kinds])
    return [(kind["kind"], kind["number"], rows[kind["oldest"]]) for kind in kinds]


def _act_on_next(kinds_out_of_reach: set[str]) -> bool:
    """Act on the next event that is due; return whether there was one."""
    with transaction.atomic(durable=True):
        rows = _due().exclude(kind__in=kinds_out_of_reach)
        row = rows.select_for_update(skip_locked=True).order_by("due_at", "id").first()
        if row is None:
            return False
        try:
            _act_on(row)
        except OutOfReach as why:
            kinds_out_of_reach.add(row.kind)
            OutboxEvent.objects.filter(pk=row.pk).update(last_error=str(why)[:300])
            log.warning("outbox_out_of_reach", kind=row.kind)
        return True


def _due() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(
        done_at__isnull=True, parked_at__isnull=True, due_at__lte=clock.now()
    )


def _act_on(row: OutboxEvent) -> None:
    attempts = row.attempts + 1
    try:
        with transaction.atomic():
            # Written before the handler's last step, so that as little as possible comes after.
            OutboxEvent.objects.filter(pk=row.pk).update(
                done_at=clock.now(), attempts=attempts, last_error=""
            )
            registration = registration_of(row.kind)
            registration.handler(registration.event.from_payload(row.payload), row.ref)
    except OutOfReach:
        raise
    except Undeliverable as refusal:
        _park(row, attempts, str(refusal))
    except TryLater as why:
        if attempts >= (why.most_attempts or MOST_ATTEMPTS):
            _park(row, attempts, str(why))
        else:
            _postpone(row, attempts, str(why))
    except Exception as error:
        log.exception("outbox_handler_failed", ref=str(row.ref), kind=row.kind)
        # The class only: a message may quote what people wrote.
        fault = type(error).__name__
        if attempts >= MOST_ATTEMPTS:
            _park(row, attempts, fault)
        else:
            _postpone(row, attempts, fault)


def _postpone(row: OutboxEvent, attempts: int, why: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    OutboxEvent.objects.filter(pk=row.pk).update(
        due_at=clock.now() + pause, attempts=attempts, last_error=why[:300]
    )
    log.warning("outbox_postponed", ref=str(row.ref), kind=row.kind, attempts=attempts)


def _park(row: OutboxEvent, attempts: int, why: str) -> None:
    OutboxEvent.objects.filter(pk=row.pk).update(
        parked_at=clock.now(), attempts=attempts, last_error=why[:300]
    )
    log.error("outbox_parked", ref=str(row.ref), kind=row.kind, attempts=attempts)
    try:
        with transaction.atomic():
            registration = registration_of(row.kind)
            if registration.when_parked:
                event = registration.event.from_payload(row.payload)
                registration.when_parked(event, why[:300])
    except Exception:
        log.exception("outbox_parked_untold", ref=str(row.ref), kind=row.kind)
