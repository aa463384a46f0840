"""How allauth behaves here: nobody signs up, strangers cannot lock a colleague out."""

import time
from dataclasses import replace
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from typing_extensions import override

from core.accounts.models import User
from core.actors import Actor
from core.audit import services as audit
from core.faces import may_enter
from core.tenancy import current_face, place

DEVICE_COOKIE = "__Host-device"
_DEVICE_DAYS = 180


def _salt() -> str:
    return f"known-device:{place()}"


def is_known_device(request: HttpRequest, email: str) -> bool:
    """Say whether this browser has logged in to this account at this school before."""
    try:
        known = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=_salt(), max_age=_DEVICE_DAYS * 86400
        )
    except signing.BadSignature:
        return False
    return bool(known == email.lower())


def _actor_of(request: HttpRequest, user: AbstractBaseUser) -> Actor:
    records = get_authentication_records(request, user)
    return replace(
        cast(Actor, request.actor),  # type: ignore[attr-defined] # set by the middleware
        user_id=user.pk,
        has_key=any(one["method"] == "mfa" for one in records),
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Log-in for staff."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
    }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    @override
    def is_safe_url(self, url: str) -> bool:
        """Only paths of this host: another school's address is another site."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    @override
    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Wrong passwords from strangers are counted apart from those of a browser that the
        # person has used before, so that a stranger cannot lock them out (OWASP device cookies).
        email = credentials.get("email", "").lower()
        known = "known" if is_known_device(request, email) else "stranger"
        return f"{known}:{email}"

    @override
    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check a password; that of somebody from another face is as wrong as any."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user if user is not None and may_enter(user.pk) else None

    @override
    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Check the password of the person who is logged in."""
        email = cast(User, user).email
        found = self.authenticate(self.request, email=email, password=password)
        return found is not None and found.pk == user.pk

    @override
    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before the key is changed, unless the person has just logged in.

        Who has a key must have shown that: a password alone is no proof.
        """
        user = self.request.user
        proof = "mfa" if is_mfa_enabled(user) else "password"
        records = get_authentication_records(self.request, user)
        shown_at = max((one["at"] for one in records if one["method"] == proof), default=0)
        if time.time() - shown_at < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    @override
    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """Remember this browser as one the person uses."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if current_face():
            audit.record(_actor_of(request, user), "account.logged_in", user)
        response.set_cookie(
            DEVICE_COOKIE,
            signing.dumps(cast(User, user).email, salt=_salt()),
            max_age=_DEVICE_DAYS * 86400,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return response

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages themselves show what happened."""


class KeyAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """The key: a second factor."""

    @override
    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Name the account in the authenticator app by its email address."""
        return cast(User, user).email
