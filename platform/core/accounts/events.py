"""What accounts tell the world."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.outbox.events import Event


@dataclass(frozen=True)
class PasswordLinkRequested(Event):
    """Somebody asked for a password link."""

    kind: ClassVar[str] = "accounts.password_link_requested"
    ref: UUID


@dataclass(frozen=True)
class KeyReset(Event):
    """Somebody's key was reset."""

    kind: ClassVar[str] = "accounts.key_reset"
    ref: UUID
