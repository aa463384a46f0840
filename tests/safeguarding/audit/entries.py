"""Entries for tests, written as the services write them, or as the database does."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.audit import services as audit
from core.audit.models import AuditEntry
from tests.owner import bending

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def entry(actor: Any, verb: str, subject: Any = None, **facts: Any) -> AuditEntry:
    """Write one entry, and return it."""
    at = facts.pop("at", None)
    audit.record(actor, verb, subject, **facts)
    written = AuditEntry.objects.latest("id")
    if at:
        bend(written, happened_at=at)
    return written


def entries(number: int, **columns: Any) -> None:
    """Write many at once, a second apart."""
    first = columns.pop("at", NOON)
    AuditEntry.objects.bulk_create(
        AuditEntry(happened_at=first + timedelta(seconds=one), **columns) for one in range(number)
    )


def bend(entry: AuditEntry, **columns: Any) -> AuditEntry:
    """Give an entry other values, as its owner can who switches the triggers off."""
    with bending():
        AuditEntry.objects.filter(pk=entry.pk).update(**columns)
    entry.refresh_from_db()
    return entry


def forget_entries() -> None:
    """Take every entry away, likewise."""
    with bending():
        AuditEntry.objects.all().delete()


def row_changed(incident: Any, transaction: int, **changes: Any) -> AuditEntry:
    """Write what a trigger writes when a column of an incident changes."""
    written = AuditEntry.objects.create(
        verb="row.updated",
        subject_kind="safeguarding.incident",
        subject_ref=incident.ref,
        changes=changes,
    )
    return bend(written, transaction=transaction)
