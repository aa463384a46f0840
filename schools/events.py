"""What a school's administration tells the world, by reference."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.outbox.events import Event


@dataclass(frozen=True)
class StaffInvited(Event):
    """Somebody was added, or is to be invited again."""

    kind: ClassVar[str] = "schools.staff_invited"
    ref: UUID


@dataclass(frozen=True)
class EmailChanged(Event):
    """A colleague's address was changed."""

    kind: ClassVar[str] = "schools.email_changed"
    ref: UUID


@dataclass(frozen=True)
class MisUploaded(Event):
    """An export that is too large for a page to check was uploaded."""

    kind: ClassVar[str] = "schools.mis_uploaded"
    ref: UUID


@dataclass(frozen=True)
class MisImportConfirmed(Event):
    """A large import was confirmed, by a member of staff."""

    kind: ClassVar[str] = "schools.mis_import_confirmed"
    ref: UUID
    staff: UUID
