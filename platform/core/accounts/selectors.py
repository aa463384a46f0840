"""Reads of a person's keys and sessions, shaped for screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext

from core import clock
from core.accounts.devices import device_of
from core.accounts.models import KeyReset, User
from core.accounts.policies import KeyFacts
from core.accounts.terms import KeyKind


def main_keys(user: User) -> "QuerySet[Authenticator]":
    """Return a person's keys, recovery codes aside."""
    keys: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return keys.exclude(type=KeyKind.RECOVERY_CODES)


def key_facts(user: User) -> KeyFacts:
    """Return what policies need to know of a person's keys."""
    kinds = list(main_keys(user).values_list("type", flat=True))
    reset = KeyReset.objects.filter(user=user).order_by("-reset_at", "-id").first()
    return KeyFacts(
        keys=len(kinds),
        has_app=KeyKind.APP in kinds,
        was_reset=reset is not None,
        reset_is_open=reset is not None and clock.now() < reset.open_until,
    )


@dataclass(frozen=True, kw_only=True)
class OwnKey:
    """One of a person's keys, as their own page shows it."""

    id: int
    kind: KeyKind
    label: str
    name: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OwnKeys:
    """All of a person's keys.

    Attributes:
        codes_left: Recovery codes that were not used yet; None where there are none at all.
    """

    keys: list[OwnKey]
    has_app: bool
    codes_left: int | None


def own_keys(user: User) -> OwnKeys:
    """Return a person's keys, the oldest first."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    main = [row for row in rows if row.type != KeyKind.RECOVERY_CODES]
    return OwnKeys(
        keys=[_own_key(row) for row in main],
        has_app=any(row.type == KeyKind.APP for row in main),
        codes_left=recovery_codes_left(rows),
    )


def own_key(user: User, key_id: int) -> OwnKey:
    """Return one of a person's keys.

    Raises:
        Authenticator.DoesNotExist: Absent, somebody else's, or recovery codes.
    """
    return _own_key(main_keys(user).get(pk=key_id))


def _own_key(row: Authenticator) -> OwnKey:
    kind = KeyKind(row.type)
    return OwnKey(
        id=row.pk,
        kind=kind,
        label=gettext(kind.label),
        name=row.data["name"] if kind is KeyKind.PASSKEY else "",
        added_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def recovery_codes_left(rows: Iterable[Authenticator]) -> int | None:
    """Return how many recovery codes are unused, without opening them; None for no codes."""
    for row in rows:
        if row.type == KeyKind.RECOVERY_CODES:
            made: int = mfa.RECOVERY_CODE_COUNT
            return made - int(row.data["used_mask"]).bit_count()
    return None


@dataclass(frozen=True, kw_only=True)
class OwnSession:
    """One of a person's sessions, as their own page shows it."""

    id: int
    device: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def own_sessions(user: User, session_key: str) -> list[OwnSession]:
    """Return a person's sessions that are not over, the asking one first.

    Args:
        user: Whose.
        session_key: Of the session that asks.
    """
    live = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    rows = UserSession.objects.filter(user=user, session_key__in=live).order_by("-last_seen_at")
    found = [
        OwnSession(
            id=row.pk,
            device=device_of(row.user_agent),
            address=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_this=row.session_key == session_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_this)


@dataclass(frozen=True, kw_only=True)
class KeyResetNotice:
    """What an email may say of a reset.

    Attributes:
        helper_id: Row id of the account of who did it; None for the platform's operators.
    """

    recipient: str
    language: str
    is_active: bool
    helper_id: int | None
    reset_at: datetime
    open_until: datetime


def key_reset_notice(ref: UUID) -> KeyResetNotice:
    """Return what the email about a reset says.

    Raises:
        KeyReset.DoesNotExist: Absent.
    """
    reset = KeyReset.objects.select_related("user").get(ref=ref)
    return KeyResetNotice(
        recipient=reset.user.email,
        language=reset.user.language,
        is_active=reset.user.is_active,
        helper_id=reset.helper_id,
        reset_at=reset.reset_at,
        open_until=reset.open_until,
    )
