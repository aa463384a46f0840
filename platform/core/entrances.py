"""Every page declares who may come in; a page that declares nothing lets nobody in."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from core.refusals import CONFIRM_KEY, LOG_IN, SHOW_KEY, Refused

Policy = Callable[[Any], StrEnum | None]
View = Callable[..., HttpResponseBase]
Rescue = Callable[..., str | HttpResponseBase | None]

log = structlog.get_logger(__name__)


def anyone(_reader: object) -> None:
    """Let everybody in: log-in pages, health checks, static answers without pupil data."""


def entrance(policy: Policy, *, rescue: Rescue | None = None) -> Callable[[View], View]:
    """Declare who may open a page.

    Args:
        policy: A pure function of the reader: None lets in, a refusal says why not.
        rescue: Called with the request and the URL's arguments when a form arrives after the
            session ended, or before the key was shown; keeps what was typed and returns the path
            to come back to, or an answer of its own where that could not be done.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        guarded.policy = policy  # type: ignore[attr-defined] # a mark that the door keeper reads
        guarded.rescue = rescue  # type: ignore[attr-defined] # likewise
        return guarded

    return declare


class DoorKeeper:
    """Asks the policy of each page before the page, and before its form is read."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the asking is done in ``process_view``."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer with the log-in page, the key page or a refusal, or let the page answer."""
        policy: Policy | None = getattr(view, "policy", None)
        if policy is None:
            log.error("page_without_policy", view=getattr(view, "__qualname__", "?"))
            raise Http404
        actor = getattr(request, "actor", None)
        why = policy(getattr(actor, "reader", actor))
        if why is None:
            return None
        if why.value == LOG_IN:
            is_locked = getattr(request, "locked_user", None) is not None
            name = "account_unlock" if is_locked else "account_login"
            return _led_to(name, request, view, kwargs)
        if why.value in {SHOW_KEY, CONFIRM_KEY}:
            return _led_to("account_show_key", request, view, kwargs)
        return _refusal(request, Refused(why))

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer a refusal that a service raised with its reason."""
        return _refusal(request, exception) if isinstance(exception, Refused) else None


def _refusal(request: HttpRequest, refused: Refused) -> HttpResponseBase:
    return render(request, "403.html", {"reason": refused.sentence}, status=403)


def _led_to(
    name: str, request: HttpRequest, view: View, kwargs: dict[str, Any]
) -> HttpResponseBase:
    """Lead to the log-in page or the key page, and from there back."""
    back: str | HttpResponseBase = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        rescue: Rescue | None = getattr(view, "rescue", None)
        back = (rescue(request, **kwargs) if rescue else None) or "/"
        if isinstance(back, HttpResponseBase):
            return back
    return redirect(f"{reverse(name)}?{urlencode({'next': back})}")
