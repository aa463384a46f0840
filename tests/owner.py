"""The owner's hand within a test's own transaction; needs the fixture ``may_become_owner``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def owners_cursor() -> Iterator[Any]:
    """Give a cursor in the current place as the owner of its tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE safeguarding_owner")
        try:
            yield cursor
        finally:
            # What comes next takes the place's own role again.
            connection.search_path_set_schemas = None


@contextmanager
def bending(table: str = "audit_auditentry") -> Iterator[Any]:
    """Switch a table's triggers off for the block, in which everything is done as its owner."""
    with owners_cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield cursor
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
