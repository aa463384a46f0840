"""Sealing: entries get their place in the chain a few seconds after they were committed.

Writers take no lock and wait for nobody. One sealer works at a school at a time.
"""

from django.db import connection, transaction

from core.audit import chain

_TAKE_TURN = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended('audit.seal ' || current_schema(), 0))"
)
_SEAL = f"""
WITH {chain.LAST_SEAL}, {chain.NEXT_UNSEALED},
batch AS (
  SELECT array_agg(e.id ORDER BY e.id) AS ids, max(e.id) AS highest,
         range_agg(int8range(e.id, e.id, '[]')) AS ranges,
         string_agg({chain.ENTRY_DIGEST}, ''::bytea ORDER BY e.id) AS digests
    FROM (SELECT * FROM unsealed ORDER BY id LIMIT %(most)s) e
),
s AS (
  SELECT last.number + 1 AS number, last.hash AS previous, clock_timestamp() AS sealed_at,
         batch.ids, batch.digests, greatest(last.highest, batch.highest) AS highest,
         last.awaited + int8multirange(int8range(
           last.highest, greatest(last.highest, batch.highest), '(]')) - batch.ranges AS awaited,
         last.entries + cardinality(batch.ids) AS entries
    FROM last, batch WHERE batch.ids IS NOT NULL
)
INSERT INTO audit_auditseal
  (number, previous, hash, sealed_at, ids, digests, highest, awaited, entries)
SELECT number, previous, {chain.SEAL_HASH}, sealed_at, ids, digests, highest, awaited, entries
  FROM s
RETURNING cardinality(ids)
"""  # noqa: S608 - our own words


@transaction.atomic(durable=True)
def seal_batch() -> int:
    """Seal the oldest entries that are in no seal yet, at the current school.

    Returns:
        How many; 0 where there were none, or where somebody else is sealing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TURN)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_SEAL, chain.parameters())
        sealed = cursor.fetchone()
    return sealed[0] if sealed else 0


def seal_all(*, at_most: int = 100) -> int:
    """Seal batch after batch until nothing is left, or ``at_most`` batches; return the entries."""
    sealed = 0
    for _ in range(at_most):
        batch = seal_batch()
        sealed += batch
        if batch < chain.MOST_ENTRIES:
            break
    return sealed
