"""Migrating the schools' schemas: few questions, many at a time, one school's fault its own.

Source: decision 0026.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable
from typing_extensions import override

from core import clock
from core.tenancy import in_control_plane
from tenants.models import School, SchoolMigration
from tenants.schema_state import Key, newest, wanted
from tenants.services import blueprints
from tenants.services.walls import OWNER, owner_at, set_walls

#: A migration that waits longer for a lock than this lets go, so that it holds up no page.
LOCK_TIMEOUT = "2s"
#: How often it tries, and how long it waits before each further time, in seconds.
ATTEMPTS, PAUSE = 5, 0.5
#: Schemas that one question asks: each locks a table until it is answered.
_ASKED_AT_ONCE = 200


class MigrationFailed(Exception):
    """A school's schema was not brought up to date; the words name no row."""


@dataclass(kw_only=True)
class _Work:
    """What is done at one school, as it goes on."""

    school: School
    run: UUID
    began_at: datetime = field(default_factory=clock.now)
    applied: list[Key] = field(default_factory=list)
    attempts: int = 0
    at: Key = ("", "")


def applied_by_schema(schemas: Sequence[str]) -> dict[str, set[Key]]:
    """Return which migrations each of the schemas has; a schema that is not there is left out.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    with owner_at() as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT relnamespace::regnamespace::text FROM pg_class"
            " WHERE relname = 'django_migrations' AND relkind = 'r'"
            " AND relnamespace::regnamespace::text = ANY(%s)",
            [list(schemas)],
        )
        there = {name for (name,) in cursor.fetchall()}
        found: dict[str, set[Key]] = {}
        asked = [name for name in schemas if name in there]
        for begin in range(0, len(asked), _ASKED_AT_ONCE):
            cursor.execute(_question(asked[begin : begin + _ASKED_AT_ONCE]))
            found |= {name: set(map(tuple, applied)) for name, applied in cursor.fetchall()}
    return found


def _question(schemas: Iterable[str]) -> str:
    one = sql.SQL(
        "SELECT {name}, json_agg(json_build_array(app, name)) FROM {schema}.django_migrations"
    )
    each = (one.format(name=sql.Literal(s), schema=sql.Identifier(s)) for s in schemas)
    return sql.SQL(" UNION ALL ").join(each).as_string()


def missing_of(applied: Iterable[Key]) -> tuple[Key, ...]:
    """Return the migrations that a schema lacks which has those ``applied``, in their order."""
    has = set(applied)
    return tuple(key for key in wanted() if key not in has)


def migrate_school(school: School, *, run: UUID) -> None:
    """Apply what a school's schema lacks, and note at the school what that was.

    Where somebody else is at it this waits for them. What was applied stays, also if it fails.

    Args:
        school: Its schema is there.
        run: Reference of the run that this belongs to.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
        MigrationFailed: A statement failed, or locks were not to be had; the rest is left.
    """
    work = _Work(school=school, run=run)
    failure, begin = "", time.monotonic()
    try:
        with owner_at(school.schema_name) as owner, _alone(owner, school):
            _apply_all(owner, work)
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", None) or ""
        failure = " ".join((*filter(None, (type(error).__name__, state)), "in", ".".join(work.at)))
    note_state(school)
    with in_control_plane():
        SchoolMigration.objects.create(
            run=run,
            school=school,
            began_at=work.began_at,
            took=timedelta(seconds=time.monotonic() - begin),
            attempts=work.attempts,
            applied=[".".join(key) for key in work.applied],
            failure=failure,
        )
    if failure:
        raise MigrationFailed(failure)


def note_state(school: School) -> None:
    """Let the school's row say what its schema has."""
    applied = applied_by_schema([school.schema_name]).get(school.schema_name, set())
    school.migrated_to = newest(applied)
    with in_control_plane():
        School.objects.filter(pk=school.pk).update(migrated_to=school.migrated_to)


@contextmanager
def _alone(owner: Any, school: School) -> Iterator[None]:
    lock = [school.schema_name]
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('migrate'), hashtext(%s))", lock)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('migrate'), hashtext(%s))", lock)


def _apply_all(owner: Any, work: _Work) -> None:
    schema = work.school.schema_name
    scripts = blueprints.scripts()
    # Read now that nobody else is at it.
    for key in missing_of(applied_by_schema([schema])[schema]):
        work.at = key
        _patiently(partial(_apply, owner, scripts[key]), work)
        work.applied.append(key)
    with transaction.atomic(using=OWNER), owner.cursor() as cursor:
        set_walls(cursor, schema)


def _patiently(do: Callable[[], None], work: _Work) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        work.attempts = max(work.attempts, attempt)
        try:
            return do()
        except DatabaseError as error:
            is_passing = isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected))
            if not is_passing or attempt == ATTEMPTS:
                raise
        time.sleep(PAUSE * 2 ** (attempt - 1))
    return None


def _apply(owner: Any, script: blueprints.Script) -> None:
    key = (script.app, script.name)
    if not script.is_the_same_everywhere:
        _apply_by_django(owner, key)
    elif script.is_atomic:
        with transaction.atomic(using=OWNER), owner.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            blueprints.run(cursor, script.statements)
            blueprints.note(cursor, [key])
    else:
        with owner.cursor() as cursor:
            _drop_half_made_indexes(cursor, script)
            for statement in script.statements:
                cursor.execute(statement)
            blueprints.note(cursor, [key])


def _drop_half_made_indexes(cursor: Any, script: blueprints.Script) -> None:
    """Drop what an index that was made beside its readers left behind when it failed."""
    cursor.execute(
        "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid"
        " WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace"
    )
    for (name,) in cursor.fetchall():
        if any(f'"{name}"' in statement for statement in script.statements):
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)).as_string())


class _Recorder(MigrationRecorder):
    """Does not look for the table of migrations, which every schema has, among all schemas'."""

    @override
    def has_table(self) -> bool:
        return True


def _apply_by_django(owner: Any, key: Key) -> None:
    executor = MigrationExecutor(owner)
    executor.recorder = _Recorder(owner)
    state = executor.loader.project_state(key, at_end=False)
    with owner.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        try:
            executor.apply_migration(state, wanted()[key])
        finally:
            if not owner.in_atomic_block:
                cursor.execute("RESET lock_timeout")
