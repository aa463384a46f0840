"""The blueprint of a school's schema: what migrating one said, to be said to others in one go.

Migrating one schema takes seconds, most of them Django's own; what it says to the database takes
0.2 s. So one schema is migrated by Django, its statements are kept, and others are made of them
(decision 0026).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from psycopg import ClientCursor, sql

from tenants.models import Blueprint
from tenants.schema_state import Key, fingerprint, wanted
from tenants.services.walls import OWNER, owner_at, set_walls

#: The table that holds which migrations a schema has; it comes before the first of them.
RECORDER: Key = ("", "recorder")
_SCHEMA = "s_blueprint"
_KEPT = 5
_ASKS = ("SELECT", "SHOW", "SET SEARCH_PATH", "WITH")
_NOTED = 'INSERT INTO "django_migrations"'


@dataclass(kw_only=True)
class Script:
    """The statements of one migration.

    Attributes:
        app: Its app's label.
        name: Its name.
        is_atomic: Whether it runs in a transaction.
        is_the_same_everywhere: Whether its statements do not depend on what a schema holds.
        statements: In their order, with their values.
    """

    app: str
    name: str
    is_atomic: bool = True
    is_the_same_everywhere: bool = True
    statements: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


def scripts() -> dict[Key, Script]:
    """Return the scripts of all migrations by key, in their order; the first makes the recorder.

    The first time after a change of the migrations a schema is migrated for it, and dropped.

    Raises:
        ImproperlyConfigured: This process is not the owner's, or a migration cannot be kept.
    """
    with owner_at() as owner:
        kept = _kept()
        if kept is None:
            with _alone(owner):
                kept = _kept() or _put_away(_recorded())
    return {(one["app"], one["name"]): Script(**one) for one in kept.scripts}


def make_schema(schema: str, of: Iterable[Script]) -> None:
    """Make a schema with its role out of all scripts: whole, or not at all.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    with (
        owner_at(schema) as owner,
        transaction.atomic(using=OWNER),
        owner.cursor() as cursor,
    ):
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)).as_string())
        set_walls(cursor, schema)
        for script in of:
            # Nobody reads the new tables yet: an index need not be made beside its readers.
            run(cursor, [one.replace(" CONCURRENTLY ", " ") for one in script.statements])
        note(cursor, [(script.app, script.name) for script in of if script.app])
        set_walls(cursor, schema)


def drop_schema(schema: str) -> None:
    """Drop a schema that belongs to no school, with its role.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    with owner_at() as owner, transaction.atomic(using=OWNER), owner.cursor() as cursor:
        for statement in ("DROP SCHEMA IF EXISTS {} CASCADE", "DROP ROLE IF EXISTS {}"):
            cursor.execute(sql.SQL(statement).format(sql.Identifier(schema)).as_string())


def run(cursor: Any, statements: Sequence[str]) -> None:
    """Execute statements in one round trip."""
    if statements:
        cursor.execute(";\n".join(statements))


def note(cursor: Any, keys: Sequence[Key]) -> None:
    """Note in the current schema which migrations it has from now on."""
    apps, names = zip(*keys, strict=True)
    cursor.execute(
        "INSERT INTO django_migrations (app, name, applied)"
        " SELECT app, name, now() FROM unnest(%s::text[], %s::text[]) AS applied (app, name)",
        [list(apps), list(names)],
    )


def _kept() -> Blueprint | None:
    return Blueprint.objects.using(OWNER).filter(fingerprint=fingerprint()).first()


def _put_away(made: Iterable[Script]) -> Blueprint:
    rows = Blueprint.objects.using(OWNER)
    with transaction.atomic(using=OWNER):
        # Those of releases that are being replaced, or that somebody goes back to, stay.
        rows.exclude(pk__in=rows.order_by("-pk").values("pk")[:_KEPT]).delete()
        return rows.create(fingerprint=fingerprint(), scripts=[asdict(one) for one in made])


@contextmanager
def _alone(owner: Any) -> Iterator[None]:
    """Let one process at a time make a blueprint; the lock ends with its connection."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('blueprint'))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('blueprint'))")


def _recorded() -> list[Script]:
    """Migrate a schema that nobody keeps; return what was said to the database."""
    found = [Script(app=RECORDER[0], name=RECORDER[1])]

    def begin(action: str, migration: Any = None, _is_fake: bool = False) -> None:
        if action == "apply_start":
            found.append(_script_of(migration))

    def listen(say: Callable[..., Any], text: Any, values: Any, many: bool, context: Any) -> Any:
        if not text.lstrip().upper().startswith(_ASKS) and _NOTED not in text:
            found[-1].statements.append(_with_values(text, values, context))
        return say(text, values, many, context)

    drop_schema(_SCHEMA)
    try:
        with owner_at(_SCHEMA) as owner:
            with owner.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
                set_walls(cursor, _SCHEMA)
            executor = MigrationExecutor(owner, progress_callback=cast(Any, begin))
            with owner.execute_wrapper(listen):
                executor.recorder.ensure_schema()
                executor.migrate(list(wanted()), plan=[(one, False) for one in wanted().values()])
    finally:
        drop_schema(_SCHEMA)
    _check(found)
    return found


def _script_of(migration: Migration) -> Script:
    return Script(
        app=migration.app_label,
        name=migration.name,
        is_atomic=migration.atomic,
        is_the_same_everywhere=all(map(_is_the_same_everywhere, migration.operations)),
    )


def _is_the_same_everywhere(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_is_the_same_everywhere, operation.database_operations))
    if isinstance(operation, RunSQL):
        said = operation.sql if isinstance(operation.sql, (list, tuple)) else [operation.sql]
        texts = (one[0] if isinstance(one, (list, tuple)) else one for one in said)
        return not any(text.lstrip().upper().startswith(_ASKS) for text in texts)
    return not isinstance(operation, RunPython)


def _with_values(text: str, values: Any, context: dict[str, Any]) -> str:
    if values is None:
        return text
    return ClientCursor(context["connection"].connection).mogrify(text, values)


def _check(made: Iterable[Script]) -> None:
    """Refuse what would not be the same in another schema.

    Raises:
        ImproperlyConfigured: It names its own schema, or code adds rows to an empty one, with
            values that each school should have made for itself.
    """
    for script in made:
        is_code = not script.is_the_same_everywhere
        if any(
            _SCHEMA in said or (is_code and said.startswith("INSERT")) for said in script.statements
        ):
            raise ImproperlyConfigured(
                f"A migration of {script.app} cannot be said to another schema ({script}). What"
                " a new school starts with belongs into schools.services.furnishing."
            )
