"""How far the record is sealed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from core.audit import chain


@dataclass(frozen=True, kw_only=True)
class SealState:
    """Where the chain stands.

    Attributes:
        sealed_until: When the last seal was made (UTC), or None before the first.
        unsealed_count: Number of entries in no seal yet; counted up to `MOST_COUNTED`.
        oldest_unsealed_at: When the first of them was recorded (UTC), or None.
        head_number: Number of the last seal, 0 before the first.
        head_hash: Its hash in hexadecimal; 64 zeros before the first.
    """

    sealed_until: datetime | None
    unsealed_count: int
    oldest_unsealed_at: datetime | None
    head_number: int
    head_hash: str


#: A tail longer than this is a fault, and counting all of it would be a second one.
MOST_COUNTED = 100_000
_STATE = f"""
WITH {chain.LAST_SEAL}, {chain.UNSEALED},
tail AS (SELECT recorded_at FROM unsealed LIMIT {MOST_COUNTED})
SELECT (SELECT sealed_at FROM audit_auditseal ORDER BY number DESC LIMIT 1),
       (SELECT count(*) FROM tail), (SELECT min(recorded_at) FROM tail),
       number, encode(hash, 'hex')
  FROM last
"""  # noqa: S608 - our own words


def seal_state() -> SealState:
    """Return how far the record of the current school, or of the control plane, is sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, chain.parameters())
        sealed_until, count, oldest, number, head = cursor.fetchone()
    return SealState(
        sealed_until=sealed_until,
        unsealed_count=count,
        oldest_unsealed_at=oldest,
        head_number=number,
        head_hash=head,
    )
