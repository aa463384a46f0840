"""How allauth behaves here: nobody signs up, strangers cannot lock a colleague out."""

import time
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.accounts import half_way
from core.accounts.acting import account_actor
from core.accounts.models import User
from core.accounts.services import attempts
from core.accounts.services.sessions import log_out
from core.addresses import client_address
from core.faces import may_enter
from core.tenancy import place

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


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Log-in for staff."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The email address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    @override
    def is_safe_url(self, url: str) -> bool:
        """Only paths of this host: another school's address is another site, a word is none."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

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

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that throttles and sessions go by.

        Raises:
            PermissionDenied: Nothing tells it, so that nothing could be throttled.
        """
        address = client_address(request)
        if address is None:
            raise PermissionDenied("The client's address is not known.")
        return address

    @override
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Hold up who tries too often, and put that on record."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            whose = attempts.account_of(credentials.get("email", ""))
            attempts.note_throttled(actor=account_actor(request), user=whose, step="password")
            raise

    @override
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Put a wrong password on record: with the account, if there is one."""
        whose = attempts.account_of(credentials.get("email", ""))
        attempts.note_failure(actor=account_actor(request), user=whose, step="password")

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
    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask who has a key for the key, and only who has none yet for the password."""
        if not user.is_authenticated:
            return []
        name = "mfa_reauthenticate" if is_mfa_enabled(user) else "account_reauthenticate"
        return [{"id": name, "description": "", "url": reverse(name)}]

    @override
    def logout(self, request: HttpRequest) -> None:
        """End the session here and in the person's list."""
        log_out(
            actor=account_actor(request),
            user=cast(User, request.user),
            session_key=request.session.session_key or "",
        )
        super().logout(request)

    @override
    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Begin the way from the password to the key."""
        half_way.begin(request, cast(User, user))
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    @override
    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """Remember this browser as one the person uses."""
        account = cast(User, user)
        half_way.end(request)
        attempts.note_session(actor=account_actor(request, account), user=account)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.set_cookie(
            DEVICE_COOKIE,
            signing.dumps(account.email, salt=_salt()),
            max_age=_DEVICE_DAYS * 86400,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return response

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages themselves show what happened."""
