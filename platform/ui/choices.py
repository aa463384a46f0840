"""What widgets show of the things behind a reference."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Choice:
    """One thing a person can choose, or has chosen.

    Attributes:
        ref: Public reference, the value that is posted.
        label: Its name, as people say it.
        detail: What tells two of the same name apart (“Year 4 · 4B”).
    """

    ref: str
    label: str
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        """The shape that suggestions are answered in."""
        return {"ref": self.ref, "label": self.label, "detail": self.detail}


@dataclass(frozen=True)
class PeopleGroup:
    """People who can be chosen together.

    Attributes:
        ref: Public reference, posted where there is no JavaScript.
        label: The words on its button.
        members: Who is in it.
    """

    ref: str
    label: str
    members: Sequence[Choice]

    @property
    def members_json(self) -> str:
        """The members for the page's script."""
        return json.dumps([member.as_dict() for member in self.members])


@dataclass(frozen=True)
class StoredFile:
    """A file that was sent before its form.

    Attributes:
        ref: Public reference, the value that is posted.
        name: Its original name.
        size: Its length in bytes.
    """

    ref: str
    name: str
    size: int


@dataclass(frozen=True)
class RowOption:
    """A tick box beside each chosen row.

    Attributes:
        name: The posted field; its values are the refs of the ticked rows.
        label: The words beside the box.
    """

    name: str
    label: StrOrPromise


class OptionLabel(str):
    """A choice's label that may sit beneath another, or carry a hint of its own.

    Use it in a choice field: ``(ref, OptionLabel("Domestic abuse", depth=1))``.
    """

    depth: int
    hint: str

    def __new__(cls, label: str, *, depth: int = 0, hint: str = "") -> OptionLabel:
        """Make a label.

        Args:
            label: The words.
            depth: 0 for a choice by itself, 1 for one beneath the last with depth 0.
            hint: A short sentence under the label.
        """
        made = super().__new__(cls, label)
        made.depth = depth
        made.hint = hint
        return made


Resolve = Callable[[Sequence[str]], Sequence[Choice]]
Options = Callable[[], Sequence[Choice]]
Describe = Callable[[Sequence[str]], Sequence[StoredFile]]


def nothing(*_: Any) -> tuple[()]:
    """Stand in for a lookup that a widget does not need."""
    return ()
