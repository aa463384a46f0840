"""Keeping what somebody typed when it could not be submitted, for its author alone."""

import json
from typing import Any
from uuid import UUID

import structlog
from django.core import signing
from django.db import transaction
from tink import TinkError

from core import clock, keyring
from core.tenancy import current_school, place
from safeguarding.models import Draft
from safeguarding.terms import DraftForm
from schools.actors import StaffActor
from schools.models import Staff

#: How long a form that was shown may still hand in what was typed after the session ended.
_PASS_SECONDS = 24 * 60 * 60
Fields = dict[str, list[str]]

log = structlog.get_logger(__name__)


def author_pass(actor: StaffActor) -> str:
    """Return a signed pass for the form: it says whose typing this is once the session is gone."""
    return signing.dumps(str(actor.staff_ref), salt=_salt())


def keep_draft(*, author_pass: str, form: DraftForm, about: UUID | None, fields: Fields) -> bool:
    """Seal and keep what a form held when its session had ended.

    Args:
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
        Draft.objects.update_or_create(
            author=author,
            form=form,
            about=about,
            defaults={"sealed": sealed, "saved_at": clock.now()},
        )
    return True


def open_draft(*, actor: StaffActor, form: DraftForm, about: UUID | None) -> dict[str, Any] | None:
    """Return what the person's draft of a form holds (``fields`` and ``saved_at``), or None.

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
    return {"fields": fields, "saved_at": draft.saved_at}


def discard_draft(*, actor: StaffActor, form: DraftForm, about: UUID | None) -> None:
    """Forget a draft, because its form was submitted or its author does not want it."""
    Draft.objects.filter(author_id=actor.staff_id, form=form, about=about).delete()


def _salt() -> str:
    return f"draft-author:{place()}"


def _bound_to(author: UUID, form: DraftForm, about: UUID | None) -> bytes:
    return f"{current_school().ref}/{author}/{form.value}/{about or ''}".encode()
