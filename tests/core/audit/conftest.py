"""A record of one's own, and the hand of somebody who owns the tables."""

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from core.actors import Actor
from core.audit import sealing, services
from core.audit.findings import Report
from core.audit.models import AuditEntry
from core.audit.verification import verify
from core.identifiers import uuid7
from core.tenancy import in_school
from tests.owner import bending, owners_cursor


@pytest.fixture
def record(school_a: Any) -> Iterator[Any]:
    """Greenwood's record as that of a school of its own: anchors outlive what a test rolls back."""
    school = copy(school_a)
    school.ref = uuid7()
    with in_school(school):
        sealing.seal_all()
        yield school


def write(number: int = 1, **facts: Any) -> list[AuditEntry]:
    """Write entries, and return them."""
    for _ in range(number):
        services.record(Actor(user_id=1, address="192.0.2.7", key="totp:1"), "tests.done", **facts)
    return list(AuditEntry.objects.order_by("-id")[:number])[::-1]


@pytest.fixture(scope="module", autouse=True)
def _acts_as_owner(may_become_owner: None) -> None:
    """These tests' own transactions act as the owner of what they attack."""


def by_hand(sql: str, *values: Any, table: str = "audit_auditentry") -> int:
    """Run a statement as the owner of a table who has switched its triggers off for a moment."""
    with bending(table) as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def ask(sql: str, *values: Any, cursor: Any = connection.cursor) -> Any:
    """Return the first column of the first row."""
    with cursor() as asking:
        asking.execute(sql, values)
        return asking.fetchone()[0]


def ask_as_owner(sql: str, *values: Any) -> Any:
    """Return the first column of the first row, of any schema."""
    return ask(sql, *values, cursor=owners_cursor)


def found() -> dict[str, int]:
    """Verify; return the findings by name."""
    return {fault.name: tally.count for fault, tally in verify().faults.items()}


@pytest.fixture
def holds(record: Any) -> Callable[[], Report]:
    """Assert that the record holds."""

    def check() -> Report:
        report = verify()
        assert report.faults == {}
        return report

    return check


def named(row: AuditEntry) -> str:
    """How a finding names an entry."""
    at = ask("SELECT %s::timestamptz::text", row.recorded_at)
    return f"id {row.id}, {row.ref}, {row.verb}, recorded {at}"


UNKNOWN = UUID(int=7)
