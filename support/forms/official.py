"""What an authorised person fills in: one form for each kind of official request."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.identifiers import uuid7
from core.tenancy import current_zone
from helpdesk.official import DAYS, LONGEST_WORDS, OfficialKind
from safeguarding.forms.typed_again import TypedAgainForm
from schools.selectors.spoken_of import students_spoken_of
from support.official import CHOICES, DETAILS
from support.screening import Screened, screen
from support.selectors.official import colleagues
from support.terms import LONGEST_REASON
from ui.kept_text import KeptTextarea

if TYPE_CHECKING:
    from django.http import QueryDict

    from schools.actors import StaffActor
    from schools.models import Staff

_TOO_LONG = _("Keep this to %(limit_value)d characters; it has %(show_value)d.")


def _day() -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter a day."), "invalid": _("Enter a day.")},
    )


def _choice() -> forms.ChoiceField:
    return forms.ChoiceField(
        error_messages={
            "required": _("Choose from the list."),
            "invalid_choice": _("Choose again from the list."),
        }
    )


class OfficialForm(TypedAgainForm):
    """What every official request has: a text that the privacy guard looks through.

    Attributes:
        texts: Names of the fields that are handed over as they are typed.
        details: Names of the fields that say what is asked.
        text_label: What the text is to say.
        without_key: Only colleagues who hold no key are offered.
    """

    texts: tuple[str, ...] = ("text",)
    details: tuple[str, ...] = ()
    text_label: Any = ""
    without_key = False

    submission = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=LONGEST_WORDS,
        help_text=_("It can never be changed once it is sent. Name no pupil."),
        widget=KeptTextarea,
        error_messages={"required": _("Say it in your own words."), "max_length": _TOO_LONG},
    )

    def __init__(self, data: QueryDict | None = None, *, actor: StaffActor) -> None:
        super().__init__(data, initial={"submission": uuid7()})
        self.staff: dict[str, Staff] = {}
        self.fields["text"].label = self.text_label
        for name in self.details:
            self.fields[name].label = gettext(DETAILS[name])
            if name in CHOICES:
                said = [(code, gettext(words)) for code, words in CHOICES[name].items()]
                self.fields[name].choices = [("", ""), *said]  # type: ignore[attr-defined] # a choice field
        if "colleague" in self.details:
            self._offer_colleagues()
        self.keep_texts(actor, lambda: students_spoken_of([str(self["text"].value() or "")]))

    def _offer_colleagues(self) -> None:
        self.staff = {str(one.ref): one for one in colleagues(without_key=self.without_key)}
        offered = [(ref, one.display_name) for ref, one in self.staff.items()]
        self.fields["colleague"].choices = [("", ""), *offered]  # type: ignore[attr-defined] # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is over."""
        said = super().clean() or self.cleaned_data
        today = clock.local_today(current_zone())
        for name in DAYS & set(self.details):
            if said.get(name) and said[name] < today:
                self.add_error(name, ValidationError(_("Enter today or a later day.")))
        return said

    def clean_text(self) -> str:
        """Return the text without what no database takes."""
        return str(self.cleaned_data["text"]).replace("\x00", "")

    @property
    def questions(self) -> list[forms.BoundField]:
        """What is asked beside the text, in order."""
        return [self[name] for name in self.details]

    def told(self) -> dict[str, str]:
        """Return what was answered, by name, once the form is valid."""
        told = {}
        for name in self.details:
            said = self.cleaned_data[name]
            told[name] = said.isoformat() if isinstance(said, date) else str(said)
        if "colleague" in told:
            colleague = self.staff[told["colleague"]]
            told |= {"colleague": colleague.display_name, "email": colleague.user.email}
        return told

    def carried(self) -> list[tuple[str, str]]:
        """Return name and value of all but the text, for the check page."""
        return [(name, str(self[name].value() or "")) for name in self.details]

    def screened(self) -> Screened:
        """Return the text with all in it that tells of a student, once the form is valid."""
        return screen({"text": self.cleaned_data["text"]})


class NewKeyHolderForm(OfficialForm):
    """A colleague is to hold the key."""

    details = ("colleague", "starts_on")
    text_label = _("Why they need the key")
    without_key = True
    colleague = _choice()
    starts_on = _day()


class DataExportForm(OfficialForm):
    """The helpdesk is to hand over what the school has recorded."""

    details = ("contents", "needed_by")
    text_label = _("What it is for, and who receives it")
    contents = _choice()
    needed_by = _day()


class SchoolTransferForm(OfficialForm):
    """The school goes elsewhere, or is called otherwise."""

    details = ("change", "moves_on")
    text_label = _("Where to, and who there can be asked")
    change = _choice()
    moves_on = _day()


class CloseAccountForm(OfficialForm):
    """A colleague is to be locked out."""

    details = ("colleague", "closes_on")
    text_label = _("Why the helpdesk has to do it")
    colleague = _choice()
    closes_on = _day()


class CloseSchoolForm(OfficialForm):
    """The school stops using the platform."""

    details = ("afterwards", "closes_on")
    text_label = _("Why, and who answers questions afterwards")
    afterwards = _choice()
    closes_on = _day()


FORMS: dict[OfficialKind, type[OfficialForm]] = {
    OfficialKind.NEW_KEY_HOLDER: NewKeyHolderForm,
    OfficialKind.DATA_EXPORT: DataExportForm,
    OfficialKind.SCHOOL_TRANSFER: SchoolTransferForm,
    OfficialKind.CLOSE_ACCOUNT: CloseAccountForm,
    OfficialKind.CLOSE_SCHOOL: CloseSchoolForm,
}


class DeclineForm(TypedAgainForm):
    """Why a request is declined."""

    reason = forms.CharField(
        label=_("Why you decline it"),
        max_length=LONGEST_REASON,
        help_text=_("It stays at your school. Name no pupil."),
        widget=KeptTextarea,
        error_messages={"required": _("Say why you decline it."), "max_length": _TOO_LONG},
    )

    def __init__(self, data: QueryDict | None = None, *, actor: StaffActor) -> None:
        super().__init__(data)
        self.keep_texts(actor, lambda: students_spoken_of([str(self["reason"].value() or "")]))

    def clean_reason(self) -> str:
        """Return the reason without what no database takes."""
        return str(self.cleaned_data["reason"]).replace("\x00", "")
