"""Keeps the list of sessions true: when each was last used, and that one is over."""

from collections.abc import Callable

from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from core import clock
from core.accounts.acting import account_actor
from core.accounts.services.sessions import expire_session
from core.accounts.sessions import SEEN
from core.addresses import client_address

#: A session's use is written down at most so often, so that a page does not cost a write.
_SECONDS_BETWEEN_WRITES = 60
_LONGEST_KEY = 40


class SessionLimits:
    """Notes that a session is used, and clears away the one whose limit has passed.

    The limits themselves are in ``core.accounts.sessions``: a session past its limit does not load.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        if request.user.is_authenticated:
            _note_use(request)
        elif key := _key_of_no_session(request):
            expire_session(actor=account_actor(request), session_key=key)
        return self.get_response(request)


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
