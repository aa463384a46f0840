"""Forms whose typed texts are shown again: never with a hidden name, and never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from django import forms
from django.forms.utils import ErrorDict

from safeguarding.services.kept_texts import open_text, seal_text
from ui.kept_text import KeepsTexts

if TYPE_CHECKING:
    from schools.actors import StaffActor
    from ui.names import NamedInTexts


class TypedAgainForm(forms.Form):
    """A form with texts about students."""

    def keep_texts(self, actor: StaffActor, students: Callable[[], Iterable[NamedInTexts]]) -> None:
        """Have the texts that come back hold no hidden name (acceptance G7.1).

        Args:
            actor: Who fills it in; a text that is kept opens for them alone.
            students: Gives the students whose names are hidden in what is typed.
        """
        for field in self.fields.values():
            if isinstance(field.widget, KeepsTexts):
                field.widget.students = students
                field.widget.seal = partial(seal_text, actor)
                field.widget.unseal = partial(_opened, actor)

    def leave_unjudged(self) -> None:
        """Show what it holds without errors: a draft, or a form that comes back for another step.

        Nobody has submitted it: names were hidden or shown, or a map was opened or marked.
        """
        self._errors = ErrorDict()


def _opened(actor: StaffActor, sealed: str) -> str:
    try:
        return open_text(actor.staff_ref, sealed)
    except ValueError:
        return ""
