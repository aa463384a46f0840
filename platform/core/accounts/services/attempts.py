"""Putting log-ins on record: begun, failed, held up. Never what somebody typed."""

import hashlib

from django.core.cache import cache
from django.db import transaction

from core.accounts.models import User
from core.actors import Actor
from core.audit import services as audit

#: Whoever hammers at a throttled page writes one entry a minute.
_SECONDS_BETWEEN_ENTRIES = 60


def account_of(email: str) -> User | None:
    """Return whose log-in an address is; the same work for one that nobody has."""
    return User.objects.filter(email=email.strip().lower()).first()


@transaction.atomic(durable=True)
def note_session(*, actor: Actor, user: User) -> None:
    """Put on record that somebody logged in, and with what."""
    kind = actor.key.partition(":")[0]
    method = f"password and {kind}" if kind else "password"
    audit.record(actor, "session.began", user, method=method)


@transaction.atomic(durable=True)
def note_failure(*, actor: Actor, user: User | None, step: str) -> None:
    """Put a wrong password or key on record.

    Args:
        actor: Who tried: nobody, or the person who is asked once more.
        user: Whose account it is, if it is anybody's.
        step: ``password`` or ``key``.
    """
    audit.record(actor, "login.failed", user, step=step)


def note_throttled(*, actor: Actor, user: User | None, step: str) -> None:
    """Put on record that attempts are held up: once a minute for an account and an address."""
    who = f"{actor.address}|{user.pk if user else ''}|{step}"
    digest = hashlib.sha256(who.encode()).hexdigest()
    if cache.add(f"login-throttled-{digest}", "1", timeout=_SECONDS_BETWEEN_ENTRIES):
        with transaction.atomic(durable=True):
            audit.record(actor, "login.throttled", user, step=step)
