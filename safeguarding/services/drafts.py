"""Keeping what somebody typed when it could not be submitted, for its author alone."""

import json
from typing import Any
from uuid import UUID

import structlog
from django.core import signing
from django.db import transaction
from tink import TinkError

from core import clock, keyring
from core.actors import Actor
from core.audit import services as audit
from core.tenancy import current_school, place
from safeguarding.models import Draft
from safeguarding.selectors.incidents import students_of_incident
from safeguarding.terms import DraftForm
from schools.actors import StaffActor
from schools.choices import known_refs
from schools.models import Staff, Student

#: How long a form that was shown may still hand in what was typed after the session ended.
_PASS_SECONDS = 24 * 60 * 60
Fields = dict[str, list[str]]

log = structlog.get_logger(__name__)


def author_pass(actor: StaffActor) -> str:
    """Return a signed pass for the form: it says whose typing this is once the session is gone."""
    return signing.dumps(str(actor.staff_ref), salt=_salt())


def keep_draft(
    *, actor: Actor, author_pass: str, form: DraftForm, about: UUID | None, fields: Fields
) -> bool:
    """Seal and keep what a form held when its session had ended.

    Args:
        actor: Who sent it: nobody, as far as the session knows.
        author_pass: From the form; without a good one nothing is kept.
        form: Which form.
        about: Reference of the incident that an action was being added to.
        fields: Names and values, as posted.

    Returns:
        Whether it was kept.
    """
    try:
        staff_ref = UUID(signing.loads(author_pass, salt=_salt(), max_age=_PASS_SECONDS))
    except (signing.BadSignature, ValueError):
        return False
    author = Staff.objects.registered().filter(ref=staff_ref).first()
    if author is None:
        return False
    sealed = keyring.text_aead(current_school()).encrypt(
        json.dumps(fields).encode(), _bound_to(author.ref, form, about)
    )
    with transaction.atomic(durable=True):
        draft, _ = Draft.objects.update_or_create(
            author=author,
            form=form,
            about=about,
            defaults={"sealed": sealed, "saved_at": clock.now()},
        )
        students = _students_in(fields, about)
        audit.record(
            actor, "draft.kept", draft, students=students, author=author.ref, incident=about
        )
    return True


def open_draft(*, actor: StaffActor, form: DraftForm, about: UUID | None) -> dict[str, Any] | None:
    """Return what a person's draft holds (``ref``, ``fields`` and ``saved_at``), or None.

    None too where it does not open: damaged, another school's, or the school's key out of reach.
    """
    draft = Draft.objects.filter(author_id=actor.staff_id, form=form, about=about).first()
    if draft is None or actor.staff_ref is None:
        return None
    try:
        plain = keyring.text_aead(current_school()).decrypt(
            bytes(draft.sealed), _bound_to(actor.staff_ref, form, about)
        )
    except (TinkError, keyring.KeysetRefused, keyring.KeysUnavailable) as error:
        # What was typed before must not keep anybody from recording a concern now.
        log.error("draft_does_not_open", draft=str(draft.ref), error=type(error).__name__)
        return None
    fields: Fields = json.loads(plain)
    return {"ref": draft.ref, "fields": fields, "saved_at": draft.saved_at}


@transaction.atomic(durable=True)
def discard_draft(*, actor: StaffActor, form: DraftForm, about: UUID | None) -> None:
    """Throw a draft away that its author does not want."""
    forget_draft(actor=actor, form=form, about=about)


def forget_draft(*, actor: StaffActor, form: DraftForm, about: UUID | None) -> None:
    """Delete a draft, in the caller's transaction: thrown away, or submitted by now."""
    own = Draft.objects.select_for_update()
    draft = own.filter(author_id=actor.staff_id, form=form, about=about).first()
    if draft is None:
        return
    opened = open_draft(actor=actor, form=form, about=about)
    students = _students_in(opened["fields"] if opened else {}, about)
    audit.record(actor, "draft.discarded", draft, students=students, incident=about)
    draft.delete()


def _students_in(fields: Fields, about: UUID | None) -> list[UUID]:
    """Return the references of the students whom a draft names, or whose incident it is about."""
    posted = known_refs([*fields.get("student", ()), *fields.get("linked", ())])
    named = Student.objects.filter(ref__in=posted).values_list("ref", flat=True) if posted else ()
    return [*named, *students_of_incident(about)]


def _salt() -> str:
    return f"draft-author:{place()}"


def _bound_to(author: UUID, form: DraftForm, about: UUID | None) -> bytes:
    return f"{current_school().ref}/{author}/{form.value}/{about or ''}".encode()
