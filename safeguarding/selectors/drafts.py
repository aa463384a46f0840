"""Drafts of one person: what they hold, and which files live because of them."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from tink import TinkError

from core import keyring
from core.tenancy import current_school
from safeguarding.models import Draft, DraftFile, Incident
from safeguarding.selectors.rows import refs_of
from safeguarding.terms import DraftForm
from schools.actors import StaffActor
from schools.choices import known_refs
from schools.models import Student
from schools.selectors import students_by_ref

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.attachments.models import Attachment

Fields = dict[str, list[str]]
#: Drafts in one list; nobody leaves so many forms unfinished in thirty days.
MOST_SHOWN = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class OpenedDraft:
    """What a draft holds.

    Attributes:
        ref: Reference of the draft.
        submission: The form's own reference, which the address of the form takes.
        about: Reference of the incident that an action is for, or of the ticket that is answered.
        turn: Which save it is.
        saved_at: When it was saved last (UTC).
        fields: Names and values, as posted.
        student: Whom it concerns, where somebody was chosen and is on roll.
        linked: Further students on roll whom it names.
        is_open: Its form can be opened: an action's incident can still be read.
    """

    ref: UUID
    form: DraftForm
    submission: UUID
    about: UUID | None
    turn: str
    saved_at: datetime
    fields: Fields = field(repr=False)
    student: Student | None = None
    linked: tuple[Student, ...] = ()
    is_open: bool = True

    @property
    def is_action(self) -> bool:
        """Whether it is an action on an incident."""
        return self.form is DraftForm.ACTION

    @property
    def is_ticket(self) -> bool:
        """Whether it is to the helpdesk: a ticket, or an answer on one."""
        return self.form is DraftForm.TICKET

    @property
    def text(self) -> str:
        """The free text so far."""
        return "".join(self.fields.get("text", ()))

    @property
    def concerned(self) -> list[Student]:
        """The students whom it names, as far as is known."""
        return [one for one in (self.student, *self.linked) if one is not None]

    @property
    def students(self) -> list[UUID]:
        """References of the students whom it names."""
        return refs_of(self.concerned)


def opened_draft(
    actor: StaffActor, submission: UUID | None, *, form: DraftForm, about: UUID | None
) -> OpenedDraft | None:
    """Return a person's own draft of one form, or None.

    None too where it does not open: damaged, another school's, or the school's key out of reach.
    What was typed before must not keep anybody from recording a concern now.
    """
    if submission is None or actor.staff_ref is None:
        return None
    own = Draft.objects.filter(author_id=actor.staff_id, form=form, about=about)
    draft = own.filter(submission=submission).first()
    return _opened(draft, actor.staff_ref) if draft else None


def drafts_of(
    actor: StaffActor, *, form: DraftForm | None = None, about: UUID | None = None
) -> list[OpenedDraft]:
    """Return a person's own drafts with whom they concern, newest first.

    Args:
        actor: Whose.
        form: Only those of this form ...
        about: ... and, for actions, of this incident.
    """
    if actor.staff_ref is None:
        return []
    own = Draft.objects.filter(author_id=actor.staff_id).order_by("-saved_at", "-id")
    if form is not None:
        own = own.filter(form=form, about=about)
    found = [_opened(draft, actor.staff_ref) for draft in own[:MOST_SHOWN]]
    return _with_students(actor, [one for one in found if one is not None])


def _with_students(actor: StaffActor, drafts: list[OpenedDraft]) -> list[OpenedDraft]:
    if not drafts:
        return []
    chosen = {ref for one in drafts for ref in _posted(one.fields)}
    about = [one.about for one in drafts if one.is_action and one.about]
    students = {one.ref: one for one in students_by_ref(actor.reader, list(chosen))}
    readable = Incident.objects.visible_to(actor.reader).filter(ref__in=about)
    incidents = {one.ref: one for one in readable.select_related("student")}
    return [_about(one, students, incidents) for one in drafts]


def _about(
    draft: OpenedDraft, students: dict[UUID, Student], incidents: dict[UUID, Incident]
) -> OpenedDraft:
    known = vars(draft)
    if draft.is_ticket:
        return draft
    if draft.about is not None:
        incident = incidents.get(draft.about)
        student = incident.student if incident else None
        return OpenedDraft(**{**known, "student": student, "is_open": incident is not None})
    own = next(iter(known_refs(draft.fields.get("student", ()))), None)
    linked = [students[ref] for ref in _posted(draft.fields) if ref in students and ref != own]
    student = students.get(own) if own is not None else None
    return OpenedDraft(**{**known, "student": student, "linked": tuple(linked)})


def _opened(draft: Draft, author: UUID) -> OpenedDraft | None:
    form = DraftForm(draft.form)
    try:
        plain = keyring.text_aead(current_school()).decrypt(
            bytes(draft.sealed), bound_to(author, form, draft.about)
        )
    except (TinkError, keyring.KeysetRefused, keyring.KeysUnavailable) as error:
        log.error("draft_does_not_open", draft=str(draft.ref), error=type(error).__name__)
        return None
    return OpenedDraft(
        ref=draft.ref,
        form=form,
        submission=draft.submission,
        about=draft.about,
        turn=draft.turn,
        saved_at=draft.saved_at,
        fields=json.loads(plain),
    )


def students_named(fields: Fields) -> list[UUID]:
    """Return the references of the students whom a form names."""
    posted = _posted(fields)
    named = Student.objects.filter(ref__in=posted).values_list("ref", flat=True) if posted else ()
    return list(named)


def held_files() -> "QuerySet[Attachment]":
    """Return the row ids of the files that drafts hold (the setting ``ATTACHMENTS_HELD``)."""
    return DraftFile.objects.values("attachment_id")  # type: ignore[return-value] # rows of ids


def bound_to(author: UUID, form: DraftForm, about: UUID | None) -> bytes:
    """Return what a draft is sealed for: it opens for nobody and nothing else."""
    return f"{current_school().ref}/{author}/{form.value}/{about or ''}".encode()


def _posted(fields: Fields) -> list[UUID]:
    return known_refs([*fields.get("student", ()), *fields.get("linked", ())])
