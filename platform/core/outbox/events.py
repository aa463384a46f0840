"""Events: what happened, by reference; never a name, a text or a file name."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, get_type_hints
from uuid import UUID


@dataclass(frozen=True)
class Event:
    """Something that happened at a school; subclasses add fields of str, int or UUID.

    Attributes:
        kind: Stable name under which the event is stored.
    """

    kind: ClassVar[str]

    def payload(self) -> dict[str, str | int]:
        """Return the fields as JSON can hold them.

        Raises:
            TypeError: A field is neither str, int nor UUID.
        """
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """Build the event that ``payload`` was made from.

        Raises:
            KeyError: A field is missing.
            ValueError: A reference is none.
        """
        types = get_type_hints(cls)
        return cls(
            **{
                field.name: types[field.name](payload[field.name])  # UUID(…), str(…) or int(…)
                for field in fields(cls)
            }
        )


def _plain(value: object) -> str | int:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (str, int)):
        return value
    raise TypeError(f"An event holds str, int and UUID, not {type(value).__name__}.")
