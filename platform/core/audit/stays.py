"""Rows that stay as they were sent: the database refuses to change them, whoever asks."""

from django.db.migrations.operations import RunSQL

#: Arguments of a trigger: columns that may change; columns whose words may be emptied once the
#: instant in the last-named column is seven years ago.
_FUNCTION = """
CREATE OR REPLACE FUNCTION stays_as_sent() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $stays$
DECLARE
  was jsonb := to_jsonb(OLD);
  is_now jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    is_now := to_jsonb(NEW);
    IF NOT EXISTS (
      SELECT FROM jsonb_object_keys(was) AS name
       WHERE was -> name IS DISTINCT FROM is_now -> name
         AND NOT (name = ANY (string_to_array(TG_ARGV[0], ',')))
         AND NOT (name = ANY (string_to_array(TG_ARGV[1], ','))
                  AND is_now -> name IN ('""', '{}', '[]')
                  AND (was ->> TG_ARGV[2])::timestamptz < clock_timestamp() - interval '7 years')
    ) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '% of % is refused: it stays as it was sent.', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$stays$
"""


def stays(
    table: str, *, since: str, words: tuple[str, ...], may_change: tuple[str, ...] = ()
) -> RunSQL:
    """Return the operation from which on a table's rows are neither changed nor deleted.

    Args:
        table: Whose rows.
        since: The column with the instant from which seven years are counted.
        words: Columns that may be emptied after these, and only emptied.
        may_change: Columns that may change at any time: an answer that is still to come.
    """
    arguments = ", ".join(f"'{one}'" for one in (",".join(may_change), ",".join(words), since))
    make = (
        f"CREATE TRIGGER {table}_stays BEFORE DELETE OR UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION stays_as_sent({arguments})"
    )
    always = f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_stays"
    return RunSQL([_FUNCTION, make, always], reverse_sql=f"DROP TRIGGER {table}_stays ON {table}")
