"""Invented people and forms for the style page; not used by any page of a school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from ui.choices import Choice, OptionLabel, PeopleGroup, RowOption, StoredFile
from ui.fields import FilesField, RefField, RefsField, RowsField
from ui.widgets import FileDrop, Files, Row, SplitDateTime, Typeahead

A_STUDENT = "Begin typing a student's name"
A_COLLEAGUE = "Begin typing a staff member's name"
LONG = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Bartholomew-Fitzwilliam"


def sample_ref(number: int) -> str:
    """A reference that belongs to nobody."""
    return f"01930000-0000-7000-8000-{number:012d}"


@dataclass(frozen=True)
class SamplePerson:
    """Somebody invented."""

    display_name: str
    year_label: str = ""


STUDENTS = [
    Choice(sample_ref(1), "Maddy Greenwood", "Year 1 · 1A"),
    Choice(sample_ref(2), "Maddy Greenwood", "Year 4 · 4B"),
    Choice(sample_ref(3), "Elsie Davies", "Year 6 · 6C"),
    Choice(sample_ref(4), LONG, "Year 11 · Chatsworth"),
    Choice(sample_ref(5), "Siân O'Neill", "Year 2 · 2M"),
    Choice(sample_ref(6), "<b>Robert</b>", "Year 3 · 3D"),
]
STAFF = [
    Choice(sample_ref(100 + number), name, detail)
    for number, (name, detail) in enumerate(
        [
            ("Anna Cohen", "Year 1 teacher"),
            ("Priya Raman", "Designated Safeguarding Lead"),
            ("Tom Okafor", "Deputy DSL"),
            ("Gwen Pritchard", "Head of year 6"),
            ("Marek Nowak", "Teaching assistant"),
            ("Beth Lyle", "SENDCo"),
        ]
    )
]
GROUPS = [
    PeopleGroup(sample_ref(200), "Safeguarding team", STAFF[1:3]),
    PeopleGroup(sample_ref(201), "Senior leaders", STAFF[1:5]),
    PeopleGroup(sample_ref(202), "Pastoral", STAFF[3:6]),
]
RECIPIENTS = [PeopleGroup("1", "Add incident alert recipients", STAFF[:3])]
CATEGORIES = [
    (sample_ref(300 + number), OptionLabel(name, depth=depth))
    for number, (name, depth) in enumerate([
        ("Attendance", 0), ("Behaviour", 0), ("Cause for Concern", 0), ("Child on Child", 0),
        ("Child Protection", 0), ("Contact with Parents", 0),
        ("Contact with Safeguarding Partners", 0), ("Friendship Issues", 0), ("Home Issues", 0),
        ("Domestic abuse", 1), ("Housing", 1), ("Legacy", 0), ("Medical", 0), ("Asthma", 1),
        ("Mental Health and Wellbeing", 0), ("Safeguarding Concern", 0), ("SEND", 0),
    ])
]  # fmt: skip


def find(people: Sequence[Choice], query: str) -> list[Choice]:
    """Those whose name holds what was typed."""
    return [person for person in people if query.casefold() in person.label.casefold()]


def typeahead(kind: str, people: Sequence[Choice], **settings: Any) -> Typeahead:
    """A typeahead over these people."""

    def chosen(refs: Sequence[str]) -> list[Choice]:
        return [person for person in people if person.ref in refs]

    def everyone() -> Sequence[Choice]:
        return people

    return Typeahead(f"people/{kind}/", resolve=chosen, options=everyone, **settings)


def stored(refs: Sequence[str]) -> list[StoredFile]:
    """Two files that were sent before."""
    names = ["Letter from social services.pdf", f"{LONG}, photograph of the playground wall.jpeg"]
    return [StoredFile(ref, name, 248_000) for ref, name in zip(refs, names, strict=False)]


class SampleForm(forms.Form):
    """Every kind of field, in the order of the incident form."""

    student = RefField(
        label="Student",
        widget=typeahead("students", STUDENTS, placeholder=A_STUDENT),
        error_messages={"required": "Choose a student."},
    )
    text = forms.CharField(
        label="Incident",
        help_text="Say what happened, in the order it happened. Spell names as they are in your MIS.",
        widget=forms.Textarea,
        error_messages={"required": "Say what happened."},
    )
    categories = forms.MultipleChoiceField(
        label="Categories",
        choices=CATEGORIES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one category."},
    )
    linked = RowsField(
        label="Linked student(s)",
        help_text="Type a student's name to link them to this incident.",
        required=False,
        widget=typeahead(
            "students",
            STUDENTS,
            multiple=True,
            placeholder=A_STUDENT,
            row_options=[
                RowOption("monitor", "Monitor under the same category(s)"),
                RowOption("share_documents", "Share documents"),
            ],
        ),
    )
    happened_at = forms.SplitDateTimeField(
        label="Date/Time",
        widget=SplitDateTime,
        error_messages={
            "required": "Enter the date and the time.",
            "invalid_date": "Enter a real date.",
        },
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[("active", "Active"), ("closed", "Closed")],
        widget=forms.RadioSelect,
    )
    assigned_to = RefField(
        label="Assign to",
        required=False,
        help_text="Only staff with key access can be chosen.",
        widget=typeahead("staff", STAFF, placeholder=A_COLLEAGUE),
    )
    files = FilesField(  # type: ignore[assignment]  # the form hides its fields from the class
        label="Files",
        required=False,
        help_text="Documents, pictures and PDFs up to 100 MB each.",
        widget=FileDrop("files/", describe=stored),
    )
    alerts = RefsField(
        label="Alert Staff Members",
        required=False,
        widget=typeahead("staff", STAFF, multiple=True, placeholder=A_COLLEAGUE),
    )
    agency = forms.ChoiceField(
        label="Agency involved",
        required=False,
        choices=[("", "None"), ("1", "Children's services"), ("2", "Police"), ("3", "CAMHS")],
    )


class SampleAccountForm(forms.Form):
    """Short fields."""

    email = forms.EmailField(
        label="Email address", error_messages={"required": "Enter your email address."}
    )
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput,
        error_messages={"required": "Enter your password."},
    )
    phone = forms.CharField(
        label="Phone number", required=False, help_text="So that the helpdesk can call back."
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea, max_length=200)
    remember = forms.BooleanField(
        label="This is my own device", required=False, help_text="Not for a shared one."
    )


def filled_form() -> SampleForm:
    """The sample form with something in every field, long names included."""
    now = timezone.localtime()
    return SampleForm(
        initial={
            "student": STUDENTS[1].ref,
            "text": "During playtime Maddy said that she did not want to go home.\n\nI sat with her until the bell.",
            "categories": [CATEGORIES[2][0], CATEGORIES[9][0]],
            "linked": [Row(STUDENTS[2].ref, frozenset({"monitor"})), Row(STUDENTS[3].ref)],
            "happened_at": now - timedelta(minutes=25),
            "status": "active",
            "assigned_to": STAFF[1].ref,
            "files": Files(refs=[sample_ref(400), sample_ref(401)]),
            "alerts": [person.ref for person in STAFF[:4]],
        }
    )
