"""Asking for, making and redeeming the link that sets a password (guide 1.1)."""

from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.accounts.events import PasswordLinkRequested, PasswordLinkRequestedAtFace
from core.accounts.models import PasswordLinkRequest, User
from core.accounts.services.sessions import end_sessions
from core.accounts.tokens import password_link_tokens
from core.actors import Actor
from core.audit import services as audit
from core.faces import Face, may_enter
from core.outbox import services as outbox
from core.tenancy import current_face


@transaction.atomic(durable=True)
def request_password_link(*, email: str) -> None:
    """Take the request down; the same work for an address that is known and one that is not."""
    append_link_request(email)


def append_link_request(email: str) -> None:
    """Take a request down in the caller's transaction, for the current school or face."""
    request = PasswordLinkRequest.objects.create(email=email.strip().lower())
    face = cast(Face | None, current_face())
    outbox.append(
        PasswordLinkRequestedAtFace(ref=request.ref, face_ref=face.ref)
        if face
        else PasswordLinkRequested(ref=request.ref)
    )


def new_password_link(*, request_ref: UUID) -> tuple[User, str] | None:
    """Make the token for a request, ending all earlier ones; None if the address is not known.

    Must run in a transaction, together with the sending.
    """
    request = PasswordLinkRequest.objects.get(ref=request_ref)
    user = (
        User.objects.select_for_update(no_key=True)
        .filter(email=request.email, is_active=True)
        .first()
    )
    if user is None or not may_enter(user.pk):
        return None
    User.objects.filter(pk=user.pk).update(password_links_sent=F("password_links_sent") + 1)
    user.refresh_from_db()
    return user, password_link_tokens.make_token(user)


@transaction.atomic(durable=True)
def create_password(*, actor: Actor, user: User, token: str, password: str) -> bool:
    """Set the password that somebody chose behind their link, which ends the link.

    Args:
        actor: Who does it: nobody is logged in yet.
        user: Whose link it is.
        token: Of the link.
        password: As chosen, found good by the form.

    Returns:
        False where the link has ended since the form was checked.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not password_link_tokens.check_token(user, token):
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    ended = end_sessions(user)
    audit.record(actor, "account.password_created", user, sessions_ended=ended)
    return True
