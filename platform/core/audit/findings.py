"""What a verification finds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Fault(StrEnum):
    """What can be wrong with a record, as people read it."""

    BENT = "bent rows"
    MISSING = "missing rows"
    INSERTED = "rows inserted behind the chain's back"
    MISDATED = "rows dated wrongly"
    UNSEALED = "rows too long without a seal"
    SEAL_BENT = "bent seals"
    SEAL_MISSING = "missing seals"
    REWRITTEN = "seals that differ from their anchors"
    CUT_OFF = "anchored seals that the chain no longer has"
    GUARD_OFF = "guards that do not stand"


@dataclass
class Tally:
    """The first finding of a kind, and how many there are."""

    first: str
    count: int = 0


@dataclass
class Report:
    """One record, verified.

    Attributes:
        record: The school's reference, or the zero UUID for the control plane.
        entries: Entries that were recomputed.
        seconds: How long the pass took.
        head_number: Number of the last seal, 0 before the first.
        head_hash: Its hash in hexadecimal.
        unsealed: Number of entries in no seal yet.
        tail_age: Seconds since the oldest of them was recorded, or None.
        anchored_at: When the newest anchor was put (UTC), or None.
        anchored_number: Which seal it holds.
        is_anchor_known: Whether the object store could be asked.
    """

    record: UUID
    entries: int = 0
    seconds: float = 0.0
    head_number: int = 0
    head_hash: str = ""
    unsealed: int = 0
    tail_age: float | None = None
    anchored_at: datetime | None = None
    anchored_number: int = 0
    is_anchor_known: bool = True
    faults: dict[Fault, Tally] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def find(self, fault: Fault, what: str, *, count: int = 1) -> None:
        """Take down findings; of each kind the first is described and the rest are counted."""
        if count:
            self.faults.setdefault(fault, Tally(what)).count += count
