"""What a requester fills in: a ticket, an answer, a rating."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.attachments.selectors import staged_files
from core.attachments.services import MOST_AT_ONCE, too_many
from core.identifiers import uuid7
from helpdesk.terms import Topic
from safeguarding.forms.files import SealedFileDrop, TakesFiles
from safeguarding.forms.typed_again import TypedAgainForm
from safeguarding.services.drafts import author_pass
from schools.selectors.spoken_of import students_spoken_of
from support.screening import Screened, screen
from support.terms import (
    LONGEST_MESSAGE,
    LONGEST_RATING,
    LONGEST_REASON,
    LONGEST_SUBJECT,
    TOPICS,
)
from ui.fields import FilesField
from ui.hidden_names import SWITCH
from ui.kept_text import KEPT, KeptTextarea, KeptTextInput, kept_name

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from schools.actors import StaffActor
    from schools.models import Student

_TELEPHONE = re.compile(r"\+?[0-9 ()./-]{5,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
#: What the forms bring themselves, and what a button says.
_NOT_TYPED = {
    "csrfmiddlewaretoken",
    "author_pass",
    "submission",
    "send",
    "step",
    "offered",
    "openly",
    "reason",
    SWITCH,
}
_TOO_LONG = _("Keep this to %(limit_value)d characters; it has %(show_value)d.")


class PlacesField(forms.MultipleChoiceField):
    """Places that are not masked: which there are is known once the guard has looked."""

    @override
    def valid_value(self, value: Any) -> bool:
        return True


class GuardedForm(TakesFiles):
    """A text and files that the privacy guard looks through before they are sent.

    Attributes:
        texts: Names of the fields that are handed over.
    """

    texts: tuple[str, ...] = ("text",)

    submission = forms.UUIDField(widget=forms.HiddenInput)
    author_pass = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST_MESSAGE,
        widget=KeptTextarea,
        error_messages={"required": _("Write your message."), "max_length": _TOO_LONG},
    )
    files = FilesField(  # type: ignore[assignment] # Django keeps fields apart from attributes
        label=_("Files"),
        required=False,
        help_text=_(
            "Screenshots show pupils’ names: turn ‘Hide Names’ on before you take one. Only text"
            " files are looked through for names."
        ),
        widget=SealedFileDrop(reverse_lazy("upload_file")),
    )
    openly = PlacesField(
        label=_("Send these as they are"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why the helpdesk has to know"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("It stays at your school: the helpdesk does not read it."),
        widget=KeptTextarea,
        error_messages={"max_length": _TOO_LONG},
    )

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *, actor: StaffActor
    ) -> None:
        super().__init__(
            data, files, initial={"submission": uuid7(), "author_pass": author_pass(actor)}
        )
        self.actor = actor
        self.keep_texts(actor, self._students_named)
        self.fields["files"].widget.describe = self.describe_files

    def _students_named(self) -> list[Student]:
        said = [name for name in (*self.texts, "reason", "telephone") if name in self.fields]
        return students_spoken_of([str(self[name].value() or "") for name in said])

    @property
    def kept_reason(self) -> tuple[str, str] | None:
        """The reason under the name by which it comes back with a form that does not show it."""
        typed = str(self["reason"].value() or "")
        return (kept_name("reason"), self.fields["reason"].widget.seal(typed)) if typed else None

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed or chosen yet."""
        posted = cast("QueryDict", self.data)
        uploads = cast("MultiValueDict[str, Any]", self.files)
        return not uploads and not any(
            any(said) for name, said in posted.lists() if name not in _NOT_TYPED
        )

    @property
    def draft(self) -> UUID:
        """Which draft this is, once the form is valid."""
        return UUID(str(self["submission"].value()))

    def clean_submission(self) -> UUID:
        """Tell a double click from a form that was sent again with changes."""
        posted = cast("QueryDict", self.data)
        typed: dict[str, Any] = {
            name: said
            for name, said in posted.lists()
            if name not in _NOT_TYPED and not name.startswith(KEPT)
        }
        typed |= {name: [str(self[name].value() or "").replace("\r", "")] for name in self.texts}
        return uuid5(self.cleaned_data["submission"], json.dumps(typed, sort_keys=True))

    def clean_files(self) -> list[UUID]:
        """Return every file's reference, of so many as a message may have."""
        refs = super().clean_files()
        if len(refs) > MOST_AT_ONCE:
            raise ValidationError(too_many())
        return refs

    def clean_text(self) -> str:
        """Return the message without what no database takes."""
        return str(self.cleaned_data["text"]).replace("\x00", "")

    def screened(self) -> Screened:
        """Return what was written with all in it that tells of a student, once the form is valid.

        Raises:
            AttachmentDamaged: A text file does not open.
            StorageUnavailable: The object store or the school's key cannot be reached.
        """
        said = self.cleaned_data
        return screen(
            {name: said[name] for name in self.texts}, staged_files(said["files"], self.actor)
        )


class AnswerForm(GuardedForm):
    """What the requester writes on their ticket."""


class TicketForm(GuardedForm):
    """‘Contact Support’."""

    texts = ("subject", "text")

    topic = forms.ChoiceField(
        label=_("What it is about"),
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose again from the list."),
        },
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        help_text=_("In a few words. Pupils’ names are found before anything is sent."),
        widget=KeptTextInput,
        error_messages={
            "required": _("Say in a few words what it is about."),
            "max_length": _TOO_LONG,
        },
    )
    telephone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        help_text=_("Where we can call you back, if that is quicker."),
        widget=KeptTextInput(attrs={"type": "tel"}),
        error_messages={"max_length": _TOO_LONG},
    )
    is_urgent = forms.BooleanField(label=_("It is urgent"), required=False)
    field_order = ("topic", "subject", "text", "telephone", "files", "is_urgent")

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *, actor: StaffActor
    ) -> None:
        super().__init__(data, files, actor=actor)
        # Official requests have forms of their own.
        topics = (one for one in TOPICS if one is not Topic.OFFICIAL)
        offered = [(one.value, gettext(TOPICS[one])) for one in topics]
        self.fields["topic"].choices = [("", ""), *offered]  # type: ignore[attr-defined] # a choice field

    def clean_topic(self) -> Topic:
        """Return the topic."""
        return Topic(self.cleaned_data["topic"])

    def clean_subject(self) -> str:
        """Return the subject as one line."""
        return " ".join(str(self.cleaned_data["subject"]).replace("\x00", "").split())

    def clean_telephone(self) -> str:
        """Refuse what is no telephone number: what tells of a pupil is not masked in it."""
        number = str(self.cleaned_data["telephone"]).strip()
        if number and not _TELEPHONE.fullmatch(number):
            raise ValidationError(_("Enter a phone number, such as 01756 797766 ext. 12."))
        if screen({"telephone": number}).tells:
            raise ValidationError(_("This is a pupil’s date of birth or UPN, not a phone number."))
        return number


class RatingForm(TypedAgainForm):
    """How good the answer was."""

    rating = forms.TypedChoiceField(
        label=_("How did we do?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose from 1 to 5."),
            "invalid_choice": _("Choose from 1 to 5."),
        },
    )
    words = forms.CharField(
        label=_("In a sentence"),
        required=False,
        max_length=LONGEST_RATING,
        help_text=_(
            "It stays at your school; the helpdesk sees the number. Pupils’ names in it are masked."
        ),
        widget=KeptTextInput,
        error_messages={"max_length": _TOO_LONG},
    )

    def __init__(self, data: QueryDict | None = None, *, actor: StaffActor) -> None:
        super().__init__(data)
        self.fields["rating"].choices = [  # type: ignore[attr-defined] # a choice field
            ("5", gettext("5, very good")),
            ("4", gettext("4, good")),
            ("3", gettext("3, neither good nor bad")),
            ("2", gettext("2, poor")),
            ("1", gettext("1, very poor")),
        ]
        self.keep_texts(actor, lambda: students_spoken_of([str(self["words"].value() or "")]))

    def clean_words(self) -> str:
        """Return the sentence without what no database takes."""
        return str(self.cleaned_data["words"]).replace("\x00", "")
