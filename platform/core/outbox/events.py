"""Events: what happened, by reference; never a name, a text or a file name."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self
from uuid import UUID


@dataclass(frozen=True)
class Event:
    """Something that happened at a school; subclasses add fields of str, int or UUID.

    Attributes:
        kind: Stable name under which the event is stored.
    """

    kind: ClassVar[str]

    def payload(self) -> dict[str, str | int]:
        """Return the fields as JSON can hold them."""
        return {
            field.name: str(value) if isinstance(value, UUID) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """Build the event that ``payload`` was made from."""
        return cls(
            **{
                field.name: UUID(payload[field.name]) if field.type is UUID else payload[field.name]
                for field in fields(cls)
            }
        )
