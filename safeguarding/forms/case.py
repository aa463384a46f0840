"""Status and assignee, for key holders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from safeguarding.forms.incident import chosen_key_holder
from safeguarding.forms.record import NOT_OFFERED, every_key_holder, resolve_staff
from safeguarding.policies import why_not_assign
from safeguarding.terms import Status
from ui.fields import RefField
from ui.widgets import Typeahead

if TYPE_CHECKING:
    from safeguarding.models import Incident
    from schools.actors import StaffActor
    from schools.models import Staff


class CaseForm(forms.Form):
    """Whether an incident is closed, and who deals with it."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, _(status.label)) for status in Status],
        error_messages={"invalid_choice": NOT_OFFERED},
        widget=forms.RadioSelect,
    )
    assignee = RefField(
        label=_("Assign to"),
        required=False,
        widget=Typeahead(
            reverse_lazy("suggest_key_holders"), placeholder=_("Begin typing a key holder's name")
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        actor: StaffActor,
        incident: Incident | None = None,
        as_list: bool = False,
    ) -> None:
        first = {}
        if incident is not None:
            assignee = incident.assignee
            first = {"status": incident.status, "assignee": assignee.ref if assignee else None}
        super().__init__(data, initial=first)
        self.may_assign = why_not_assign(actor.reader) is None
        if not self.may_assign:
            del self.fields["assignee"]
            return
        widget = self.fields["assignee"].widget
        widget.resolve, widget.options, widget.as_list = resolve_staff, every_key_holder, as_list

    def clean_assignee(self) -> Staff | None:
        """Return the key holder who deals with it."""
        return chosen_key_holder(self.cleaned_data["assignee"], may_assign=True)

    def settled(self) -> dict[str, Any]:
        """Return what was chosen, once the form is valid; without the right, no assignee."""
        status = Status(self.cleaned_data["status"])
        if not self.may_assign:
            return {"status": status}
        return {"status": status, "assignee": self.cleaned_data["assignee"]}
