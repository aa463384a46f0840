"""How far the record is sealed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class SealState:
    """How far the record is sealed, and what still waits.

    Attributes:
        sealed_until: Everything recorded until then (UTC) is sealed; None where nothing is.
        unsealed_count: Entries that wait for the next seal.
        oldest_unsealed_at: When the oldest of them was recorded (UTC); None where none waits.
        head_number: Number of the newest seal; 0 where there is none.
        head_hash: Its hash in hexadecimal; empty where there is none.
    """

    sealed_until: datetime | None
    unsealed_count: int
    oldest_unsealed_at: datetime | None
    head_number: int
    head_hash: str


def seal_state() -> SealState:
    """Return how far the current school's record is sealed."""
    return SealState(
        sealed_until=None,
        unsealed_count=0,
        oldest_unsealed_at=None,
        head_number=0,
        head_hash="",
    )
