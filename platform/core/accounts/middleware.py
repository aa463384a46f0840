"""Shuts locked sessions out, and keeps the list of sessions true."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from core import clock
from core.accounts.acting import account_actor
from core.accounts.services.sessions import expire_session
from core.accounts.sessions import SEEN, SessionStore
from core.addresses import client_address

#: A session's use is written down at most so often, so that a page does not cost a write.
_SECONDS_BETWEEN_WRITES = 60
_LONGEST_KEY = 40

View = Callable[..., HttpResponseBase]


class LockedSessions:
    """Makes nobody of the person whose session is locked, so that every door is shut to them.

    Comes before whatever asks who acts. ``request.locked_user`` is whose session it is. A locked
    session is not used, so that its idle limit runs on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        locked: Any = None
        if request.user.is_authenticated and cast(SessionStore, request.session).is_locked:
            locked, request.user = request.user, AnonymousUser()
        request.locked_user = locked  # type: ignore[attr-defined] # Django lets middleware add to a request
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Lead from the log-in page to the lock's; let log-out know who it is."""
        locked = request.locked_user  # type: ignore[attr-defined] # set above
        name = request.resolver_match.url_name if request.resolver_match else ""
        if locked is not None and name == "account_login":
            after = urlencode({"next": request.GET.get("next", "/")})
            return redirect(f"{reverse('account_unlock')}?{after}")
        if locked is not None and name == "account_logout":
            request.user = locked
        return None


def in_background(view: View) -> View:
    """Declare that a page asks for this by itself: it does not keep a session alive.

    Stands below ``entrance``, which hands the mark on.
    """
    view.is_in_background = True  # type: ignore[attr-defined] # a mark that SessionLimits reads
    return view


class SessionLimits:
    """Notes that a session is used, and clears away the one whose limit has passed.

    What a page asks by itself, with nobody at it, is no use (``in_background``). The limits themselves are in ``core.accounts.sessions``: a session past its limit does not load.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        if not request.user.is_authenticated and (key := _key_of_no_session(request)):
            expire_session(actor=account_actor(request), session_key=key)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Note the use, unless the page asks by itself."""
        if request.user.is_authenticated and not getattr(view, "is_in_background", False):
            _note_use(request)


def _note_use(request: HttpRequest) -> None:
    now = clock.now()
    if now.timestamp() - request.session.get(SEEN, 0) < _SECONDS_BETWEEN_WRITES:
        return
    request.session.modified = True  # Saving it moves its end on, and says when it was seen.
    # Where it is used from, also when that is not where it began: a stolen cookie shows itself.
    seen = {
        "last_seen_at": now,
        "ip": client_address(request),
        "user_agent": request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
    }
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    if not rows.update(**{name: value for name, value in seen.items() if value is not None}):
        UserSession.objects.create_from_request(request)


def _key_of_no_session(request: HttpRequest) -> str:
    """Return the key that a cookie gives, where there is no session of it (any more)."""
    key: str = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return key if len(key) <= _LONGEST_KEY and key != request.session.session_key else ""
