"""The one-time link that sets a password (guide 1.1).

It expires at midnight, in the school's time zone, on the day it was sent; it works once; a newer
one, a changed email address or a changed password ends it; it belongs to one school, or to one face of the control plane.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int
from typing_extensions import override

from core import clock
from core.accounts.models import User
from core.tenancy import current_zone, place

# Django counts a token's seconds from here.
_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)


class PasswordLinkTokens(PasswordResetTokenGenerator):
    """Makes and checks the links' tokens."""

    @override
    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        user = cast(User, user)
        parts = (
            place(),
            user.pk,
            user.ref,
            user.password,
            user.email,
            user.is_active,
            user.password_links_sent,
            timestamp,
        )
        return "\x1f".join(map(str, parts))

    @override
    def _now(self) -> datetime:
        # Without a zone, because Django subtracts a zoneless epoch.
        return clock.now().replace(tzinfo=None)

    @override
    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        """Say whether the link still works for ``user`` at this school, at this moment."""
        if user is None or not user.is_active or not token:
            return False
        stamp, _, _ = token.partition("-")
        try:
            seconds = base36_to_int(stamp)
            sent_at = _EPOCH + timedelta(seconds=seconds)
        except (ValueError, OverflowError):
            return False
        expected = self._make_token_with_timestamp(cast(User, user), seconds, self.secret)
        zone = current_zone()
        same_day = sent_at.astimezone(zone).date() == clock.local_today(zone)
        return constant_time_compare(expected, token) and same_day


password_link_tokens = PasswordLinkTokens()
