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
