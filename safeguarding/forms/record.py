"""What the incident form and the action form have in common."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.identifiers import uuid7
from safeguarding.forms.files import SealedFileDrop, TakesFiles
from safeguarding.forms.moment import MomentField
from safeguarding.selectors.agencies import suggested_agencies
from safeguarding.services.drafts import author_pass
from safeguarding.terms import LONGEST_TEXT
from schools import choices, selectors
from ui.choices import PeopleGroup
from ui.fields import FilesField, RefsField
from ui.hidden_names import SWITCH
from ui.kept_text import KeptNames, KeptTextarea
from ui.widgets import SplitDateTime, Typeahead, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.datastructures import MultiValueDict
    from django_stubs_ext import StrOrPromise

    from schools.actors import StaffActor
    from schools.models import Category, Staff
    from ui.names import NamedInTexts


#: Django's own sentence quotes what was posted.
NOT_OFFERED = _("Choose again from the list.")
_NOT_TYPED = {"csrfmiddlewaretoken", "author_pass", "submission"}
_BROUGHT = _NOT_TYPED | {SWITCH, "status", "occurred_at_0", "occurred_at_1"}


def text_field(
    label: StrOrPromise, missing: StrOrPromise, help_text: StrOrPromise = ""
) -> forms.CharField:
    """Return the free text of a record."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=KeptTextarea,
        error_messages={"required": missing},
    )


class RecordForm(TakesFiles):
    """When it happened, files, whom to alert, agencies; and what makes a double click harmless.

    A form of this kind also has a field ``categories``.

    Attributes:
        actor: Who fills it in.
        opened: Reference of this form, once it was posted: the name of its draft.
        recipients_of_incident: Staff whom ‘Add incident alert recipients’ adds.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    author_pass = forms.CharField(widget=forms.HiddenInput, required=False)
    occurred_at = MomentField(
        label=_("Date/Time"),
        widget=SplitDateTime,
        error_messages={
            "required": _("Enter the date and the time."),
            "invalid": _("Enter a date and a time, such as 16/03/2026 and 16:28."),
            "invalid_date": _("Enter a real date."),
            "invalid_time": _("Enter a time, such as 16:28."),
        },
    )
    files = FilesField(  # type: ignore[assignment] # Django keeps fields apart from attributes
        label=_("Files"), required=False, widget=SealedFileDrop(reverse_lazy("upload_file"))
    )
    recipients = RefsField(
        label=_("Alert Staff Members"),
        required=False,
        widget=Typeahead(
            reverse_lazy("suggest_staff"),
            multiple=True,
            placeholder=_("Begin typing a staff member's name"),
        ),
    )
    agencies = forms.CharField(
        label=_("Agency involved"),
        required=False,
        max_length=1000,
        help_text=_("If there are several, put a comma between them."),
        widget=KeptNames,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        actor: StaffActor,
        as_list: bool = False,
        recipients_of_incident: list[Staff] | None = None,
    ) -> None:
        super().__init__(data, files, initial=self._first_values(actor))
        self.actor = actor
        self.opened: UUID | None = None
        self.recipients_of_incident = recipients_of_incident or []
        self._offer_people(as_list)
        self.keep_texts(actor, self.linked_students)
        self.fields["categories"].choices = choices.category_options(  # type: ignore[attr-defined] # a choice field
            selectors.offered_categories()
        )
        self.fields["agencies"].widget.suggested = suggested_agencies
        self.fields["files"].widget.describe = self.describe_files

    @staticmethod
    def _first_values(actor: StaffActor) -> dict[str, Any]:
        return {
            "submission": uuid7(),
            "author_pass": author_pass(actor),
            "occurred_at": timezone.localtime(clock.now()),
        }

    def _offer_people(self, as_list: bool) -> None:
        widget = self.fields["recipients"].widget
        widget.resolve = _resolve_staff
        widget.options = _every_colleague
        for field in self.fields.values():
            if isinstance(field.widget, Typeahead):
                field.widget.as_list = as_list

    def linked_students(self) -> Iterable[NamedInTexts]:
        """Return the students whose names are hidden in what is typed here."""
        raise NotImplementedError

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed or chosen yet, apart from what the form brought itself."""
        posted, uploads = cast("QueryDict", self.data), cast("MultiValueDict[str, Any]", self.files)
        return not uploads and not any(
            any(values) for name, values in posted.lists() if name not in _BROUGHT
        )

    @property
    def alert_groups(self) -> list[PeopleGroup]:
        """The alert groups as buttons."""
        return [choices.people_group(group) for group in selectors.offered_alert_groups()]

    @property
    def incident_recipients(self) -> list[PeopleGroup]:
        """‘Add incident alert recipients’ as a button, where there are any."""
        if not self.recipients_of_incident:
            return []
        members = [choices.staff_choice(staff) for staff in self.recipients_of_incident]
        return [PeopleGroup("original", gettext("Add incident alert recipients"), members)]

    def clean_submission(self) -> UUID:
        """Tell a double click from a form that was sent again with changes.

        A double click brings the same contents twice and is one submission; who goes back in the
        browser, changes something and sends the same form again makes another.
        """
        self.opened = self.cleaned_data["submission"]
        posted, uploads = cast("QueryDict", self.data), cast("MultiValueDict[str, Any]", self.files)
        typed = {name: said for name, said in posted.lists() if name not in _NOT_TYPED}
        typed |= {name: [f"{u.name} {u.size}" for u in sent] for name, sent in uploads.lists()}
        return uuid5(self.cleaned_data["submission"], json.dumps(typed, sort_keys=True))

    def clean_occurred_at(self) -> datetime:
        """Refuse the future (acceptance G6.5); a minute's grace for clocks that differ."""
        given: datetime = self.cleaned_data["occurred_at"]
        if given > clock.now() + timedelta(minutes=1):
            raise ValidationError(_("This is in the future. Enter when it happened."))
        return given

    def clean_text(self) -> str:
        """Refuse a text of spaces alone."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text.replace("\x00", "")

    def clean_categories(self) -> list[Category]:
        """Return the chosen categories; the field has refused all that is not offered."""
        wanted = set(self.cleaned_data["categories"])
        return [c for c in selectors.offered_categories() if str(c.ref) in wanted]

    def clean_recipients(self) -> list[Staff]:
        """Return the chosen staff, and those of the groups ticked where there is no JavaScript."""
        refs: list[UUID] = self.cleaned_data["recipients"]
        chosen = selectors.staff_by_ref(refs)
        if len(chosen) < len(set(refs)):
            raise ValidationError(
                _("Somebody you chose no longer works here, and was taken off. Check who is left.")
            )
        groups = choices.known_refs(values_of(self.data, "alert_groups"))
        people = [*chosen, *selectors.members_of_groups(groups)]
        if "original" in values_of(self.data, "incident_recipients"):
            people += self.recipients_of_incident
        return list(dict.fromkeys(people))

    def clean_agencies(self) -> list[str]:
        """Return the names typed, each at most 120 characters."""
        names = [name.strip() for name in self.cleaned_data["agencies"].split(",") if name.strip()]
        if any(len(name) > 120 for name in names):
            raise ValidationError(_("Keep each agency's name to 120 characters."))
        return names


def _resolve_staff(refs: Any) -> list[Any]:
    return [choices.staff_choice(s) for s in selectors.staff_by_ref(choices.known_refs(refs))]


def _every_colleague(*, key_holders_only: bool = False) -> list[Any]:
    staff = selectors.registered_staff(key_holders_only=key_holders_only)
    return [choices.staff_choice(one) for one in staff]


every_key_holder = partial(_every_colleague, key_holders_only=True)
resolve_staff = _resolve_staff
every_colleague = _every_colleague
