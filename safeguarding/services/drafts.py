"""Keeping what somebody types until it is submitted, for its author alone."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from core import clock, keyring
from core.actors import Actor
from core.attachments.models import Attachment
from core.attachments.services import MOST_AT_ONCE
from core.audit import services as audit
from core.identifiers import uuid7
from core.tenancy import current_school, place
from safeguarding.models import Draft, DraftFile, SentForm
from safeguarding.selectors.drafts import Fields, bound_to, opened_draft, students_named
from safeguarding.selectors.incidents import students_of_incident
from safeguarding.services.kept_texts import texts_opened
from safeguarding.terms import DraftForm, Kept
from schools.actors import StaffActor
from schools.choices import known_refs
from schools.models import Staff

#: How long a form that was shown may still hand in what was typed after the session ended.
_PASS_SECONDS = 24 * 60 * 60
#: How long a draft lies that nobody opens.
DRAFTS_LIVE = timedelta(days=30)
#: A pass is good for a day, so no late save comes after this.
_SENT_IS_KNOWN = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a form held when it was saved.

    Attributes:
        submission: The form's own reference.
        about: Reference of the incident that an action is being added to, or of the ticket that
            is being answered.
        fields: Names and values, as the form would post them.
        page: The page that saves, opened once; None for a form that was posted, which is newer
            than all that was saved before.
        number: How manieth save of the page it is.
        after: The save that the page was shown with; empty for a new form.
    """

    form: DraftForm
    submission: UUID
    about: UUID | None = None
    fields: Fields = field(repr=False)
    page: UUID | None = None
    number: int = 0
    after: str = ""


def author_pass(actor: StaffActor) -> str:
    """Return a signed pass for the form: it says whose typing this is once the session is gone."""
    return signing.dumps(str(actor.staff_ref), salt=_salt())


def author_named(author_pass: str, actor: Actor) -> UUID | None:
    """Return the reference of the member of staff whom a form's pass names, if it is good.

    A pass is good for a day; for as long as its author is logged in, it does not grow old.
    """
    own = getattr(actor, "staff_ref", None)
    try:
        named = UUID(signing.loads(author_pass, salt=_salt()))
        if named != own:
            signing.loads(author_pass, salt=_salt(), max_age=_PASS_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return named


def keep_draft(*, actor: Actor, author: UUID, typed: Typed) -> Kept | None:
    """Seal and keep what a form holds.

    An older save never takes the place of a newer one. Two pages that show the same form do not
    write over each other: the second is told, and goes on as a form of its own.

    Args:
        actor: Who sent it: the author, or nobody once the session has ended.
        author: Reference of the author, as the form's pass names them.
        typed: What was typed.

    Returns:
        What became of it; None where the author does not work here (any more).

    Raises:
        KeysUnavailable: The school's key cannot be reached; nothing was changed.
        KeysetRefused: It does not open.
    """
    sealed = keyring.text_aead(current_school()).encrypt(
        json.dumps(texts_opened(typed.fields, author)).encode(),
        bound_to(author, typed.form, typed.about),
    )
    return _keep(actor, author, typed, sealed)


@transaction.atomic(durable=True)
def _keep(actor: Actor, author_ref: UUID, typed: Typed, sealed: bytes) -> Kept | None:
    author = _turn_of(Staff.objects.registered().filter(ref=author_ref))
    if author is None:
        return None
    if SentForm.objects.filter(author=author, submission=typed.submission).exists():
        return Kept.SENT
    draft = Draft.objects.filter(author=author, submission=typed.submission).first()
    if draft and (why := _why_not_replace(draft, typed)):
        return why
    is_new = draft is None
    draft = draft or Draft(author=author, submission=typed.submission)
    draft.form, draft.about, draft.sealed = typed.form, typed.about, sealed
    draft.page, draft.number, draft.saved_at = typed.page or uuid7(), typed.number, clock.now()
    draft.save()
    _hold_files(draft, author, typed.fields)
    if is_new or typed.page is None:
        students = [*students_named(typed.fields), *students_of_incident(typed.about)]
        audit.record(
            actor,
            "draft.kept",
            draft,
            students=students,
            author=author.ref,
            **_about(draft),
            is_logged_in=actor.user_id is not None,
        )
    return Kept.KEPT


def _why_not_replace(draft: Draft, typed: Typed) -> Kept | None:
    """Return why a save must not take the place of the draft that is there."""
    if draft.form != typed.form or draft.about != typed.about:
        return Kept.ELSEWHERE
    if typed.page is None or typed.after == draft.turn:
        return None
    if typed.page != draft.page:
        return Kept.ELSEWHERE
    return None if typed.number > draft.number else Kept.OLDER


def _turn_of(staff: QuerySet[Staff]) -> Staff | None:
    """Lock the author's row, so that their saves and submissions come one after the other."""
    return staff.select_for_update(of=("self",), no_key=True).first()


def _hold_files(draft: Draft, author: Staff, fields: Fields) -> None:
    wanted = known_refs(fields.get("files", ()))[:MOST_AT_ONCE]
    staged = Attachment.objects.filter(
        ref__in=wanted, created_by_id=author.user_id, attached_at=None
    )
    files = set(staged.values_list("pk", flat=True)) if wanted else set()
    held = set(DraftFile.objects.filter(draft=draft).values_list("attachment_id", flat=True))
    if held - files:
        DraftFile.objects.filter(draft=draft, attachment_id__in=held - files).delete()
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, attachment_id=pk) for pk in sorted(files - held)
    )


@transaction.atomic(durable=True)
def discard_draft(*, actor: StaffActor, submission: UUID) -> tuple[DraftForm, UUID | None] | None:
    """Throw a draft away that its author does not want.

    Returns:
        Which form it was, and about which incident; None where there is no such draft of theirs.
    """
    draft = Draft.objects.filter(author_id=actor.staff_id, submission=submission).first()
    if draft is None:
        return None
    forget_draft(actor=actor, submission=submission)
    return DraftForm(draft.form), draft.about


def forget_draft(*, actor: StaffActor, submission: UUID | None) -> None:
    """Delete a form's draft, in the caller's transaction: thrown away, or submitted by now."""
    if submission is None:
        return
    _turn_of(Staff.objects.filter(pk=actor.staff_id))
    SentForm.objects.get_or_create(author_id=actor.staff_id, submission=submission)
    draft = Draft.objects.filter(author_id=actor.staff_id, submission=submission).first()
    if draft is None:
        return
    opened = opened_draft(actor, submission, form=DraftForm(draft.form), about=draft.about)
    students = students_named(opened.fields) if opened else []
    audit.record(
        actor,
        "draft.discarded",
        draft,
        students=[*students, *students_of_incident(draft.about)],
        **_about(draft),
    )
    draft.delete()


@transaction.atomic(durable=True)
def discard_old_drafts(*, at_most: int) -> int:
    """Delete drafts that nobody has saved for thirty days; their files go with the next sweep.

    Args:
        at_most: How many in this transaction.

    Returns:
        How many there were.
    """
    now = clock.now()
    SentForm.objects.filter(sent_at__lt=now - _SENT_IS_KNOWN).delete()
    old = Draft.objects.filter(saved_at__lt=now - DRAFTS_LIVE).select_related("author")
    batch = list(old.select_for_update(of=("self",), skip_locked=True).order_by("id")[:at_most])
    for draft in batch:
        audit.record(Actor(), "draft.expired", draft, author=draft.author.ref, **_about(draft))
    Draft.objects.filter(pk__in=[draft.pk for draft in batch]).delete()
    return len(batch)


def _about(draft: Draft) -> dict[str, Any]:
    """Return on which incident or ticket the form was, for the record."""
    return {"ticket" if draft.form == DraftForm.TICKET else "incident": draft.about}


def _salt() -> str:
    return f"draft-author:{place()}"
