"""Ending sessions: by their owner, and at once with whatever must end them."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from core.accounts.models import User
from core.accounts.sessions import SessionStore
from core.actors import Actor
from core.audit import services as audit


def end_sessions(user: User, *, but: str = "") -> int:
    """End a person's sessions, in the transaction of what ends them.

    A changed password or key ends them by itself (``User.get_session_auth_hash``); this takes
    away their rows too, and those of somebody who is deactivated.

    Args:
        user: Whose.
        but: Key of the session that goes on.

    Returns:
        How many ended.
    """
    ended = UserSession.objects.filter(user=user).exclude(session_key=but)
    Session.objects.filter(
        session_key__in=list(ended.values_list("session_key", flat=True))
    ).delete()
    number: int = ended.delete()[0]
    return number


def move_session(*, was: str, to: str) -> None:
    """Keep a session in its owner's list under its new key."""
    UserSession.objects.filter(session_key=was).update(session_key=to)


@transaction.atomic(durable=True)
def end_session(*, actor: Actor, user: User, session_id: int) -> str:
    """End one of a person's sessions, such as one at a computer that they have left.

    Args:
        actor: Who ends it.
        user: Whose it must be.
        session_id: Row id in the person's list.

    Returns:
        Its key, so that the caller can tell whether it was its own.

    Raises:
        UserSession.DoesNotExist: Absent, or somebody else's.
    """
    row = UserSession.objects.select_for_update().get(pk=session_id, user=user)
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    audit.record(actor, "session.ended", user, how="from the list", session=session_id)
    return str(row.session_key)


@transaction.atomic(durable=True)
def end_other_sessions(*, actor: Actor, user: User, session_key: str) -> int:
    """End all of a person's sessions but the one that asks; return how many ended."""
    ended = end_sessions(user, but=session_key)
    audit.record(actor, "session.ended", user, how="all others", sessions=ended)
    return ended


@transaction.atomic(durable=True)
def log_out(*, actor: Actor, user: User, session_key: str) -> None:
    """End the session of somebody who logs out."""
    UserSession.objects.filter(user=user, session_key=session_key).delete()
    Session.objects.filter(session_key=session_key).delete()
    audit.record(actor, "session.ended", user, how="log-out")


@transaction.atomic(durable=True)
def expire_session(*, actor: Actor, session_key: str) -> None:
    """Clear away a session that reached its limit, and put that on record, once.

    Args:
        actor: Who asks: nobody is logged in any more.
        session_key: As the cookie gives it; it may never have been a session.
    """
    rows = UserSession.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(session_key=session_key).first()
    if row is None:
        return
    Session.objects.filter(session_key=session_key).delete()
    row.delete()
    audit.record(actor, "session.expired", row.user)


@transaction.atomic(durable=True)
def lock_session(*, actor: Actor, user: User, session: SessionStore) -> None:
    """Lock the session of somebody whose screen has been blank for long.

    Nothing but log-out and the password opens for it, in any tab.
    """
    session.lock()
    audit.record(actor, "session.locked", user)


@transaction.atomic(durable=True)
def unlock_session(*, actor: Actor, user: User, session: SessionStore) -> None:
    """Let a locked session go on: its owner has given their password."""
    session.unlock()
    audit.record(actor, "session.unlocked", user)
