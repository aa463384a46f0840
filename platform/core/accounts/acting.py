"""Who acts, as far as accounts know: the person, the key they have shown, their address."""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from core.accounts.models import User
from core.actors import Actor
from core.addresses import client_address

#: For so long after the key was shown it need not be shown again before an export or a change of
#: keys (step-up).
KEY_CONFIRMED_SECONDS = 5 * 60


def account_actor(
    request: HttpRequest, user: AbstractBaseUser | AnonymousUser | None = None
) -> Actor:
    """Return who acts.

    Args:
        request: Its session holds what was shown, and when.
        user: The person, where they are only about to be logged in.
    """
    user = user or request.user
    request_id: str = getattr(request, "request_id", "")
    address = client_address(request)
    if not isinstance(user, User):
        return Actor(address=address, request_id=request_id)
    shown = _key_shown(request, user)
    return Actor(
        user_id=user.pk,
        has_key=shown is not None,
        has_confirmed_key=shown is not None and _is_recent(shown),
        key=f"{shown['type']}:{shown['id']}" if shown else "",
        address=address,
        request_id=request_id,
    )


def _key_shown(request: HttpRequest, user: User) -> dict[str, Any] | None:
    """Return what the session says of the key that was shown last."""
    records: list[dict[str, Any]] = get_authentication_records(request, user)
    shown = [one for one in records if one.get("method") == "mfa"]
    return shown[-1] if shown else None


def _is_recent(shown: dict[str, Any]) -> bool:
    return bool(0 <= time.time() - shown["at"] < KEY_CONFIRMED_SECONDS)


def logged_in_user(request: HttpRequest) -> User:
    """Return whose page it is, behind a policy that asks for a log-in.

    Raises:
        LookupError: Nobody is logged in; a policy was not asked.
    """
    if not isinstance(request.user, User):
        raise LookupError("Nobody is logged in.")
    return request.user
