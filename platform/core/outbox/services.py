"""Append to the outbox in the transaction; act on it afterwards, each event by one worker.

A worker keeps the row locked while it acts, so that a worker that dies (even by ``kill -9``)
gives the row back at once, and two workers never act on the same row.
"""

from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.outbox import doorbell
from core.outbox.events import Event
from core.outbox.models import OutboxEvent
from core.outbox.registry import Registration, TryLater, Undeliverable, registration_of

#: Attempts go on for about three days: 10 s, 20 s, 40 s, ... an hour at the most.
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 80

log = structlog.get_logger(__name__)


def append(*events: Event) -> None:
    """Keep events in the caller's transaction and ring for a worker once it commits."""
    rows = [OutboxEvent(kind=event.kind, payload=event.payload()) for event in events]
    if not rows:
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event belongs in the transaction that caused it.")
    OutboxEvent.objects.bulk_create(rows, batch_size=1000)
    transaction.on_commit(doorbell.ring, robust=True)


def act_on_next() -> bool:
    """Act on the next event that is due at the current school.

    Returns:
        Whether there was one.
    """
    with transaction.atomic(durable=True):
        row = _waiting().select_for_update(skip_locked=True).order_by("due_at", "id").first()
        if row is None:
            return False
        _act_on(row)
        row.save(
            update_fields=["attempts", "due_at", "done_at", "parked_at", "last_error"],
        )
        return True


def act_on_all(*, at_most: int = 500) -> int:
    """Act on what is due at the current school; return how many events were acted on."""
    for count in range(at_most):
        if not act_on_next():
            return count
    return at_most


def is_anything_due() -> bool:
    """Say whether the current school has an event to act on now."""
    return _waiting().exists()


def parked_events() -> Iterable[OutboxEvent]:
    """Return the events that were given up at the current school, newest first."""
    return OutboxEvent.objects.filter(parked_at__isnull=False).order_by("-parked_at", "-id")


def _waiting() -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(
        done_at__isnull=True, parked_at__isnull=True, due_at__lte=clock.now()
    )


def _act_on(row: OutboxEvent) -> None:
    row.attempts += 1
    try:
        registration = registration_of(row.kind)
    except Undeliverable as no_handler:
        _park(row, None, str(no_handler))
        return
    try:
        with transaction.atomic():
            registration.handler(registration.event.from_payload(row.payload), row.ref)
    except Undeliverable as refusal:
        _park(row, registration, str(refusal))
    except TryLater as why:
        _postpone(row, registration, str(why))
    except Exception as error:  # noqa: BLE001 - a fault in one event must not stop the others
        # The class only: a message may quote what people wrote.
        _postpone(row, registration, type(error).__name__)
        log.exception("outbox_handler_failed", event=str(row.ref), kind=row.kind)
    else:
        row.done_at = clock.now()
        row.last_error = ""


def _postpone(row: OutboxEvent, registration: Registration, why: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        _park(row, registration, why)
        return
    row.last_error = why[:300]
    row.due_at = clock.now() + min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 20), LONGEST_PAUSE)
    log.warning("outbox_postponed", event=str(row.ref), kind=row.kind, attempts=row.attempts)


def _park(row: OutboxEvent, registration: Registration | None, why: str) -> None:
    row.parked_at = clock.now()
    row.last_error = why[:300]
    if registration and registration.when_parked:
        registration.when_parked(registration.event.from_payload(row.payload), row.last_error)
    log.error("outbox_parked", event=str(row.ref), kind=row.kind, attempts=row.attempts)
