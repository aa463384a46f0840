"""What PostgreSQL itself refuses and writes down, whoever asks: the record's functions and triggers.

Every function finds its schema by the table that called it, so that a schema may be renamed,
restored or copied, and so that no caller's search path matters. Every trigger is ALWAYS enabled,
so that ``session_replication_role`` does not switch it off.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.operations import RunSQL

from core.audit import chain

#: Bodies by function; ``core.audit.verification`` compares them with what a schema has.
BODIES = {
    "audit_refuse": """
BEGIN
  RAISE EXCEPTION '% of % is refused: the record is only ever added to.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
""",
    # The id, the clock and the transaction are the database's word and never the writer's.
    "audit_stamp": """
BEGIN
  IF NEW.id IS NOT NULL THEN
    RAISE EXCEPTION 'An entry of the record gets its id from its sequence.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  NEW.id := nextval(format('%I.audit_auditentry_id_seq', TG_TABLE_SCHEMA)::regclass);
  NEW.recorded_at := clock_timestamp();
  NEW.transaction := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END
""",
    "audit_follow": """
DECLARE
  last_number bigint;
  last_hash bytea;
BEGIN
  EXECUTE format('SELECT number, hash FROM %I.audit_auditseal ORDER BY number DESC LIMIT 1',
                 TG_TABLE_SCHEMA) INTO last_number, last_hash;
  IF NEW.number <> coalesce(last_number, 0) + 1
     OR NEW.previous <> coalesce(last_hash, decode(repeat('00', 32), 'hex'))
     OR NEW.sealed_at NOT BETWEEN clock_timestamp() - interval '5 minutes' AND clock_timestamp()
  THEN
    RAISE EXCEPTION 'A seal follows the one before it, now.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
""",
    # Arguments: kind; key of the parent and the parent's table, or two empty words; the columns
    # that are kept, or an empty word for all.
    "audit_keep_change": """
DECLARE
  was jsonb := '{}';
  is_now jsonb := '{}';
  changed jsonb;
  subject uuid;
BEGIN
  IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN is_now := to_jsonb(NEW); END IF;
  SELECT jsonb_object_agg(name, jsonb_build_array(was -> name, is_now -> name)) INTO changed
    FROM jsonb_object_keys(was || is_now) AS name
   WHERE coalesce(was -> name, 'null') <> coalesce(is_now -> name, 'null')
     AND (TG_ARGV[3] = '' OR name = ANY (string_to_array(TG_ARGV[3], ',')));
  IF changed IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_ARGV[1] = '' THEN
    subject := (was || is_now) ->> 'ref';
  ELSE
    EXECUTE format('SELECT ref FROM %I.%I WHERE id = $1', TG_TABLE_SCHEMA, TG_ARGV[2])
      INTO subject USING ((was || is_now) ->> TG_ARGV[1])::bigint;
  END IF;
  PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ', pg_temp', true);
  INSERT INTO audit_auditentry (ref, happened_at, had_key, key, request_id, verb, subject_kind,
                                subject_ref, students, facts, changes)
  VALUES (uuidv7(), clock_timestamp(), false, '', '',
          CASE TG_OP WHEN 'INSERT' THEN 'row.inserted' WHEN 'UPDATE' THEN 'row.updated'
                     ELSE 'row.deleted' END,
          TG_ARGV[0], subject, '{}', '{}', changed);
  RETURN NULL;
END
""",
}

#: Triggers of the record's own tables: table, name, when, for each what, call; in PostgreSQL's words.
TRIGGERS = tuple(
    (f"audit_{table}", f"audit_{name}", when, each, f"audit_{function}()")
    for table, stamp in (("auditentry", "stamp"), ("auditseal", "follow"))
    for name, when, each, function in (
        ("refuse_change", "BEFORE DELETE OR UPDATE", "ROW", "refuse"),
        ("refuse_truncate", "BEFORE TRUNCATE", "STATEMENT", "refuse"),
        (stamp, "BEFORE INSERT", "ROW", stamp),
    )
)
_KEEP = ("audit_keep_change", "AFTER INSERT OR DELETE OR UPDATE", "ROW")
_STAY = ("audit_refuse_truncate", "BEFORE TRUNCATE", "STATEMENT", "audit_refuse()")

#: The role of a schema is named like it; that of ``public`` is the control plane's.
_REVOKE = """
DO $do$
DECLARE
  r text := CASE current_schema() WHEN 'public' THEN 'control_plane' ELSE current_schema() END;
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditentry, audit_auditseal FROM %I', r);
    EXECUTE format('REVOKE UPDATE ON SEQUENCE audit_auditentry_id_seq FROM %I', r);
  END IF;
END
$do$
"""


def install() -> list[RunSQL]:
    """Return what makes, or renews, the functions and triggers of the record in a schema."""
    functions = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        f" SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $audit${body}$audit$"
        for name, body in BODIES.items()
    ]
    triggers = [statement for one in TRIGGERS for statement in _trigger(*one)]
    return [_sql(statement) for statement in [*functions, *triggers, _REVOKE]]


def keep_history(
    table: str, kind: str, *, parent: tuple[str, str] = ("", ""), only: tuple[str, ...] = ()
) -> RunSQL:
    """Return the operation from which on every change of a table's rows is on record.

    Args:
        table: Whose rows.
        kind: What entries call them, e.g. ``safeguarding.incident``.
        parent: For rows without a ``ref``: the column and the table of the row they belong to.
        only: Columns that are kept; all of them where none is named. Never a password, a secret
            or a keyset.
    """
    words = ", ".join(f"'{word}'" for word in (kind, *parent, ",".join(only)))
    return _sql(
        *_trigger(table, *_KEEP, f"audit_keep_change({words})"),
        *_trigger(table, *_STAY),
    )


def missing_guards() -> list[str]:
    """Return what does not stand in the current schema as it should: triggers and functions."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        standing = {name: (text, body) for name, text, body in cursor.fetchall()}
    expected = {f"{one[1]} on {one[0]}": _text(*one) for one in TRIGGERS}
    for table in history_tables():
        # What it is called with differs from table to table.
        expected[f"{_KEEP[0]} on {table}"] = _text(table, *_KEEP, "audit_keep_change(")
        expected[f"{_STAY[0]} on {table}"] = _text(table, *_STAY)
    return [
        name for name, text in expected.items() if not _stands(text, *standing.get(name, ("", "")))
    ]


def history_tables() -> set[str]:
    """Return the tables of the current schema whose every change is on record."""
    here = settings.SHARED_APPS if chain.record_of() == chain.NO_SCHOOL else settings.TENANT_APPS
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name in set(here) & set(settings.HISTORY_APPS)
    }
    return tables - set(settings.WITHOUT_HISTORY)


_STANDING = """
SELECT t.tgname || ' on ' || c.relname, pg_get_triggerdef(t.oid, true), p.prosrc
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
   AND p.pronamespace = c.relnamespace AND t.tgenabled = 'A'
"""


def _stands(text: str, found: str, body: str) -> bool:
    function = text.rpartition(" ")[2].partition("(")[0]
    complete = found == text if text.endswith(")") else found.startswith(text)
    return complete and body == BODIES[function]


def _text(table: str, name: str, when: str, each: str, call: str) -> str:
    return f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {call}"


def _trigger(table: str, name: str, when: str, each: str, call: str) -> list[str]:
    return [
        _text(table, name, when, each, call).replace("CREATE", "CREATE OR REPLACE", 1),
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


def _sql(*statements: str) -> RunSQL:
    return RunSQL(list(statements), reverse_sql=RunSQL.noop)
