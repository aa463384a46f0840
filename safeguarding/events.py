"""What the record tells the world, by reference."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.outbox.events import Event


@dataclass(frozen=True)
class AlertRaised(Event):
    """One person was told of one incident or one action."""

    kind: ClassVar[str] = "safeguarding.alert_raised"
    ref: UUID


@dataclass(frozen=True)
class IncidentAssigned(Event):
    """An incident was assigned to somebody."""

    kind: ClassVar[str] = "safeguarding.incident_assigned"
    ref: UUID
    staff: UUID
