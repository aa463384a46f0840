"""Changing, losing and resetting keys; each change ends the person's other sessions at once."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.db.models import F

from core import clock
from core.accounts import events, policies, selectors
from core.accounts.models import RESET_IS_OPEN, KeyReset, User
from core.accounts.services.sessions import end_sessions
from core.accounts.terms import KeyKind
from core.actors import Actor
from core.audit import services as audit
from core.faces import Face, may_enter
from core.outbox import services as outbox
from core.refusals import Refused
from core.tenancy import current_face


@transaction.atomic(durable=True)
def enrol_app(*, actor: Actor, user: User, secret: str, session_key: str) -> Authenticator:
    """Set an authenticator app up as a key, with recovery codes where there are none yet.

    Args:
        actor: Who does it: the person.
        user: Whose key it will be.
        secret: Shared with the app (RFC 6238), which has just shown a right code; sealed here.
        session_key: Of the session that goes on.

    Raises:
        Refused: ``.why`` is a ``KeyRefusal``.
    """
    _may_enrol(actor, user, KeyKind.APP)
    return _enrolled(actor, user, TOTP.activate(user, secret).instance, session_key)


@transaction.atomic(durable=True)
def enrol_passkey(
    *, actor: Actor, user: User, name: str, credential: dict[str, Any], session_key: str
) -> Authenticator:
    """Set a passkey or security key up, with recovery codes where there are none yet.

    Args:
        actor: Who does it: the person.
        user: Whose key it will be.
        name: What they call it, 1 to 60 characters.
        credential: What the browser answered (WebAuthn Level 2, 5.1), found right by the form.
        session_key: Of the session that goes on.

    Raises:
        Refused: ``.why`` is a ``KeyRefusal``.
    """
    _may_enrol(actor, user, KeyKind.PASSKEY)
    return _enrolled(actor, user, WebAuthn.add(user, name, credential).instance, session_key)


@transaction.atomic(durable=True)
def remove_key(*, actor: Actor, user: User, key_id: int, session_key: str) -> None:
    """Remove one of a person's own keys, while another stays.

    Raises:
        Authenticator.DoesNotExist: Absent, somebody else's, or recovery codes.
        Refused: ``.why`` is a ``KeyRefusal``.
    """
    _lock(user)
    key = selectors.main_keys(user).get(pk=key_id)
    facts = selectors.key_facts(user)
    if why := policies.why_not_remove(facts, has_confirmed_key=actor.has_confirmed_key):
        raise Refused(why)
    removed = _named(key)
    key.delete()
    ended = _changed(user, session_key)
    audit.record(actor, "key.removed", user, removed=removed, sessions_ended=ended)


@transaction.atomic(durable=True)
def make_recovery_codes(*, actor: Actor, user: User, session_key: str) -> None:
    """Make new recovery codes; the old ones are worth nothing from then on.

    Raises:
        Refused: ``.why`` is a ``KeyRefusal``.
    """
    if why := policies.why_not_change_keys(has_confirmed_key=actor.has_confirmed_key):
        raise Refused(why)
    _lock(user)
    Authenticator.objects.filter(user=user, type=KeyKind.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    ended = _changed(user, session_key)
    audit.record(actor, "key.recovery_codes_made", user, sessions_ended=ended)


@transaction.atomic(durable=True)
def view_recovery_codes(*, actor: Actor, user: User) -> list[str]:
    """Return a person's unused recovery codes, and put on record that they were shown.

    Raises:
        Authenticator.DoesNotExist: There are none.
        Refused: ``.why`` is a ``KeyRefusal``.
    """
    if why := policies.why_not_change_keys(has_confirmed_key=actor.has_confirmed_key):
        raise Refused(why)
    row = Authenticator.objects.get(user=user, type=KeyKind.RECOVERY_CODES)
    codes: list[str] = row.wrap().get_unused_codes()
    audit.record(actor, "key.recovery_codes_viewed", user, codes=len(codes))
    return codes


@transaction.atomic(durable=True)
def note_key_shown(*, actor: Actor, user: User) -> None:
    """Put on record that somebody showed their key: it is not lost."""
    User.objects.filter(pk=user.pk, key_reported_lost_at__isnull=False).update(
        key_reported_lost_at=None
    )
    audit.record(actor, "key.shown", user)


@transaction.atomic(durable=True)
def report_lost_key(*, actor: Actor, user: User) -> None:
    """Take down that somebody has lost their key, for the colleagues who can help; once."""
    rows = User.objects.filter(pk=user.pk, key_reported_lost_at__isnull=True)
    if rows.update(key_reported_lost_at=clock.now()):
        audit.record(actor, "key.reported_lost", user)


def reset_key(*, actor: Actor, user: User) -> KeyReset:
    """Take every key of a person away, so that they can set a new one up within a day.

    Must run in the transaction of the face's own service, which judges who may do it. The
    person's sessions end at once, and an email tells them.

    Args:
        actor: Who made sure in person who it is; without an account, the platform's operators.
        user: Whose keys.
    """
    _lock(user)
    removed = [_named(key) for key in Authenticator.objects.filter(user=user).order_by("pk")]
    Authenticator.objects.filter(user=user).delete()
    now = clock.now()
    reset = KeyReset.objects.create(
        user=user, helper_id=actor.user_id, reset_at=now, open_until=now + RESET_IS_OPEN
    )
    ended = _changed(user)
    audit.record(actor, "key.reset", user, removed=removed, sessions_ended=ended)
    face = cast(Face | None, current_face())
    outbox.append(
        events.KeyResetAtFace(ref=reset.ref, face_ref=face.ref)
        if face
        else events.KeyReset(ref=reset.ref)
    )
    return reset


@transaction.atomic(durable=True)
def reset_key_at_face(*, actor: Actor, email: str) -> None:
    """Reset the key of somebody of the current face, on behalf of ops, who answer for it.

    Raises:
        User.DoesNotExist: None of the face's people logs in with this address.
    """
    user = User.objects.get(email=email.strip().lower(), is_active=True)
    if not may_enter(user.pk):
        raise User.DoesNotExist
    reset_key(actor=actor, user=user)


def _lock(user: User) -> None:
    # Two changes of one person's keys wait for each other: which key is the last one, and whether
    # this is the first, must still be so when the change is written.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _may_enrol(actor: Actor, user: User, kind: KeyKind) -> None:
    _lock(user)
    facts = selectors.key_facts(user)
    if why := policies.why_not_enrol(facts, kind, has_confirmed_key=actor.has_confirmed_key):
        raise Refused(why)


def _enrolled(actor: Actor, user: User, key: Authenticator, session_key: str) -> Authenticator:
    RecoveryCodes.activate(user)
    ended = _changed(user, session_key)
    audit.record(actor, "key.enrolled", user, enrolled=_named(key), sessions_ended=ended)
    return key


def _changed(user: User, session_key: str = "") -> int:
    """End the sessions that began with other keys; return how many."""
    User.objects.filter(pk=user.pk).update(
        key_changes=F("key_changes") + 1, key_reported_lost_at=None
    )
    user.refresh_from_db(fields=["key_changes", "key_reported_lost_at"])
    return end_sessions(user, but=session_key)


def _named(key: Authenticator) -> str:
    return f"{key.type}:{key.pk}"
