"""For how long an agent is let in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class GrantForm(forms.Form):
    """Hours: no more than are asked."""

    hours = forms.TypedChoiceField(label=_("For how many hours"), coerce=int)

    def __init__(self, data: Any = None, *, most: int, number: int = 0) -> None:
        """Offer the hours.

        Args:
            data: What was posted.
            most: So many are asked for.
            number: Tells the forms of one page apart.
        """
        super().__init__(data, initial={"hours": str(most)}, auto_id=f"id_%s_{number}")
        choices = [(str(one), str(one)) for one in range(1, most + 1)]
        self.fields["hours"].choices = choices  # type: ignore[attr-defined] # a choice field's
