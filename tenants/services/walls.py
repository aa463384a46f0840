"""The walls between schools, as PostgreSQL keeps them: a role for each schema.

The owner makes them; the application's own role owns nothing, inherits nothing, and may become
each of them (decision 0011).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from psycopg import sql

from core.database.places import PUBLIC, role_of

OWNER = "owner"

#: Tables in which a place's role may not do everything, and what it may.
NARROW = {
    "django_migrations": "SELECT",
    "audit_auditentry": "SELECT, INSERT",
    "audit_auditseal": "SELECT, INSERT",
    # What stands there the owner executes.
    "tenants_blueprint": "SELECT",
}
#: Functions in public for the application before it is anybody: what leads to a school, when the
#: helpdesk's office is open, and what it publishes for schools.
FOR_NOBODY = (
    "school_at(text)",
    "school_of(uuid)",
    "office_hours()",
    "articles_on_shelf(text,text,integer,integer)",
    "article_at(text)",
    "articles_with(text,integer)",
    "webinars_for(uuid,timestamp with time zone)",
    "take_webinar_place(text,uuid,text,uuid,text,text,timestamp with time zone,text)",
    "give_webinar_place_up(text,uuid,timestamp with time zone,text)",
)
#: Functions in public that look at every school and say which ones have work.
FOR_CONTROL_PLANE = ("schools_with_due_events()", "schools_with_unsealed_audit()")


@contextmanager
def owner_at(schema: str = PUBLIC) -> Iterator[Any]:
    """Give the connection of the schemas' owner, in a schema; the outermost block closes it.

    Raises:
        ImproperlyConfigured: This process was not told the owner's address.
    """
    if OWNER not in settings.DATABASES:
        raise ImproperlyConfigured(
            "Set DATABASE_OWNER_URL: schemas are made and migrated by their owner."
        )
    owner: Any = connections[OWNER]
    is_outermost, before = owner.connection is None, owner.schema_name
    owner.set_schema(schema, include_public=False)
    try:
        yield owner
    finally:
        owner.set_schema(before, include_public=False)
        if is_outermost:
            owner.close()


def raise_walls(schema: str) -> None:
    """Give a schema its role, and the role what it needs in this schema and nothing elsewhere.

    What migrations add later is granted as they add it. Running it again changes nothing.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    with owner_at() as owner, transaction.atomic(using=OWNER), owner.cursor() as cursor:
        set_walls(cursor, schema)


def set_walls(cursor: Any, schema: str) -> None:
    """Do what ``raise_walls`` does, with a cursor of the owner's."""
    for statement in _statements(schema):
        cursor.execute(statement.as_string())
    for table in _narrow_tables(cursor, schema):
        for statement in _narrowing(schema, table):
            cursor.execute(statement.as_string())


def _statements(schema: str) -> Iterator[sql.Composed]:
    names = {
        "schema": sql.Identifier(schema),
        "role": sql.Identifier(role_of(schema)),
        "application": sql.Identifier(settings.DATABASES["default"]["USER"]),
        "rows": sql.SQL("SELECT, INSERT, UPDATE, DELETE"),
    }
    for statement in _OF_ALL if schema != PUBLIC else (*_OF_ALL, *_OF_PUBLIC):
        yield sql.SQL(statement).format(**names)
    if schema == PUBLIC:
        yield from _functions(names)


_CREATE_ROLE = """
DO $do$ BEGIN
    CREATE ROLE {role} NOLOGIN NOINHERIT;
EXCEPTION WHEN duplicate_object THEN NULL;
END $do$
"""
# A temporary table would hide one of the school's own.
_NO_TEMPORARY_TABLES = """
DO $do$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $do$
"""
_OF_ALL = (
    _CREATE_ROLE,
    "GRANT {role} TO {application} WITH INHERIT FALSE, SET TRUE",
    "REVOKE ALL ON SCHEMA {schema} FROM PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rows} ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}",
    "GRANT {rows} ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)
_OF_PUBLIC = ("GRANT USAGE ON SCHEMA {schema} TO {application}", _NO_TEMPORARY_TABLES)
# Before the migration that makes a function there is nothing to grant.
_GRANT_FUNCTION = """
DO $do$ BEGIN
    GRANT EXECUTE ON ROUTINE public.{function} TO {role};
EXCEPTION WHEN undefined_function OR undefined_table OR invalid_schema_name THEN NULL;
END $do$
"""


def _functions(names: dict[str, Any]) -> Iterator[sql.Composed]:
    allowed = ((FOR_NOBODY, names["application"]), (FOR_CONTROL_PLANE, names["role"]))
    for functions, role in allowed:
        for function in functions:
            yield sql.SQL(_GRANT_FUNCTION).format(function=sql.SQL(function), role=role)


def _narrow_tables(cursor: Any, schema: str) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace"
        " AND relkind IN ('r', 'p') AND relname = ANY(%s)",
        [schema, list(NARROW)],
    )
    return [name for (name,) in cursor.fetchall()]


def _narrowing(schema: str, table: str) -> tuple[sql.Composed, sql.Composed]:
    where, role = sql.Identifier(schema, table), sql.Identifier(role_of(schema))
    return (
        sql.SQL("REVOKE ALL ON {} FROM {}").format(where, role),
        sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(NARROW[table]), where, role),
    )
