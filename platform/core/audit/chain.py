"""How entries are sealed: digests, seals, and which entries are in none yet.

An entry's digest is ``sha256`` of a JSON array of the school's reference and all its columns; a
seal's hash is ``sha256`` of a JSON array of the school's reference and all its columns. Decision
0009 says to the byte how the JSON is written, for somebody without this code.

The SQL stands here and not in the database, so that nobody who owns the schema can redefine it;
everything in it is named with ``pg_catalog``, so that nothing in the schema comes in its place.
"""

from datetime import timedelta
from uuid import UUID

from core.tenancy import place

#: The longest transaction that the database allows the application.
LONGEST_TRANSACTION = timedelta(minutes=30)
#: An id that was drawn and has not appeared for so long never will.
LOOK_BACK = 2 * LONGEST_TRANSACTION
#: Most entries in one seal.
MOST_ENTRIES = 10_000
#: Stands for the control plane's record, which is no school's.
NO_SCHOOL = UUID(int=0)
#: What the first seal follows.
GENESIS = bytes(32)

ENTRY_COLUMNS = (
    "e.id",
    "e.ref",
    "e.happened_at AT TIME ZONE 'UTC'",
    "e.recorded_at AT TIME ZONE 'UTC'",
    "e.transaction",
    "e.user_id",
    "e.had_key",
    "e.key",
    "e.address",
    "e.request_id",
    "e.verb",
    "e.subject_kind",
    "e.subject_ref",
    "e.students",
    "e.facts",
    "e.changes",
    # Tells no changes at all from a JSON null.
    "e.changes IS NULL",
)
SEAL_COLUMNS = (
    "s.number",
    "pg_catalog.encode(s.previous, 'hex')",
    "s.sealed_at AT TIME ZONE 'UTC'",
    "s.ids",
    "pg_catalog.encode(s.digests, 'hex')",
    "s.highest",
    "s.awaited",
    "s.entries",
)


def _hash_of(columns: tuple[str, ...]) -> str:
    listed = ", ".join(("%(school)s::uuid", *columns))
    return (
        "pg_catalog.sha256(pg_catalog.convert_to("
        f"pg_catalog.json_build_array({listed})::text, 'UTF8'))"
    )


#: Of the entry ``e`` and of the seal ``s``, at the school ``%(school)s``.
ENTRY_DIGEST = _hash_of(ENTRY_COLUMNS)
SEAL_HASH = _hash_of(SEAL_COLUMNS)

#: The last seal, and which of the ids below its highest may still appear.
LAST_SEAL = """
last AS (
  SELECT s.number, s.hash, s.highest, s.entries,
         s.awaited * pg_catalog.int8multirange(pg_catalog.int8range(coalesce((
           SELECT settled.highest FROM audit_auditseal settled
            WHERE settled.sealed_at < pg_catalog.clock_timestamp()
                   - pg_catalog.make_interval(secs => %(look_back)s)
            ORDER BY settled.sealed_at DESC LIMIT 1), 0), NULL, '(]')) AS awaited
    FROM (SELECT number, hash, highest, entries, awaited FROM audit_auditseal
           ORDER BY number DESC LIMIT 1) s
   UNION ALL
  SELECT 0, pg_catalog.decode(pg_catalog.repeat('00', 32), 'hex'), 0, 0, '{}'
   WHERE NOT EXISTS (SELECT FROM audit_auditseal)
)
"""


def _unsealed(first: str) -> str:
    return f"""
unsealed AS (
  (SELECT late.* FROM last, pg_catalog.unnest(last.awaited) AS r(ids)
     JOIN audit_auditentry late
       ON late.id >= pg_catalog.lower(r.ids) AND late.id < pg_catalog.upper(r.ids))
   UNION ALL
  (SELECT tail.* FROM audit_auditentry tail WHERE tail.id > (SELECT highest FROM last) {first})
)
"""  # noqa: S608 - our own words


#: Entries in no seal yet: the latecomers below the highest id, and all above it ...
UNSEALED = _unsealed("")
#: ... or as many of these as one seal takes.
NEXT_UNSEALED = _unsealed("ORDER BY tail.id LIMIT %(most)s")


def parameters() -> dict[str, str | int]:
    """Return what the SQL of this module needs to know."""
    return {
        "school": str(record_of()),
        "look_back": int(LOOK_BACK.total_seconds()),
        "most": MOST_ENTRIES,
    }


def record_of() -> UUID:
    """Return whose record this is: the current school's reference, or `NO_SCHOOL`."""
    ref = place()
    return NO_SCHOOL if ref == "control-plane" else UUID(ref)
