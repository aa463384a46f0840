"""Sessions that open at the school they were begun at and nowhere else, and that end by themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db import transaction
from typing_extensions import override

from core import clock
from core.tenancy import place

#: In a session of somebody who is logged in: seconds since 1970 at the log-in, and at the last
#: time that the session was written down as used.
BEGAN, SEEN = "began", "seen"
#: In a session that asks for the password before it goes on: seconds since 1970 at the lock.
LOCKED = "locked"


class SessionStore(db.SessionStore):
    """Django's sessions, signed for one school, with an idle and an absolute limit.

    A row that comes into another school's table (a restored backup, a copied schema) is an empty
    session there, even where the same account with the same password is. A row past its limit is
    no session, whatever the cookie says: Django asks for the row and its ``expire_date`` at once.
    """

    @property
    @override
    def key_salt(self) -> str:
        """The salt of the signature around a session's contents."""
        return f"session:{place()}"

    @property
    def is_locked(self) -> bool:
        """Whether the session opens nothing until the password was given."""
        return LOCKED in self

    def lock(self) -> None:
        """Lock the session, now."""
        self[LOCKED] = clock.now().timestamp()
        self.save()

    def unlock(self) -> None:
        """Let the session go on, now."""
        self.pop(LOCKED, None)
        self._is_unlocking = True
        self.save()

    @override
    def save(self, must_create: bool = False) -> None:
        """Save the session; a lock that another tab has put on it meanwhile stays."""
        if must_create or self.session_key is None or getattr(self, "_is_unlocking", False):
            super().save(must_create)
            return
        with transaction.atomic():
            row = Session.objects.select_for_update().filter(session_key=self.session_key).first()
            stored = self.decode(row.session_data) if row else {}
            if LOCKED in stored:
                self.setdefault(LOCKED, stored[LOCKED])
            super().save()

    @override
    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Return the row to save, which says when the session is over."""
        now = clock.now()
        if SESSION_KEY in data:
            data.setdefault(BEGAN, now.timestamp())
            data[SEEN] = now.timestamp()
        row = super().create_model_instance(data)
        row.expire_date = ends_at(data, now)
        return row


def ends_at(data: dict[str, Any], now: datetime) -> datetime:
    """Return when a session that is used at ``now`` is over, unless it is used again.

    Half an hour (``SESSION_IDLE_SECONDS``) after its last use, and eight hours
    (``SESSION_COOKIE_AGE``) after the log-in at the latest, however often it is saved.
    """
    idle = now + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    if BEGAN not in data:
        return idle
    began = datetime.fromtimestamp(data[BEGAN], UTC)
    return min(idle, began + timedelta(seconds=settings.SESSION_COOKIE_AGE))
