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
class PasswordLinkRequestedAtFace(Event):
    """Somebody asked for a password link at a face of the control plane."""

    kind: ClassVar[str] = "accounts.password_link_requested_at_face"
    ref: UUID
    face_ref: UUID


@dataclass(frozen=True)
class KeyReset(Event):
    """Somebody's key was reset."""

    kind: ClassVar[str] = "accounts.key_reset"
    ref: UUID


@dataclass(frozen=True)
class KeyResetAtFace(Event):
    """The key of somebody of the control plane was reset."""

    kind: ClassVar[str] = "accounts.key_reset_at_face"
    ref: UUID
    face_ref: UUID
