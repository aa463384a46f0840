"""Whether students' names are hidden in what is answered now (guide 5.1, acceptance G7.1).

A cookie says it, of the browser at the school's host: it outlives a log-out, and lasts until ‘Show Names’ is pressed.
Outside a request (tasks, commands) nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

#: Bound to the host, over HTTPS alone, out of scripts' reach.
COOKIE = "__Host-hide-names"
#: A year, in seconds.
_LASTS = 365 * 24 * 60 * 60
#: Posted by a button of a form that keeps what was typed: “hide” or “show”.
SWITCH = "names"

_hidden: ContextVar[bool] = ContextVar("names_are_hidden", default=False)


_texts_hidden: ContextVar[bool] = ContextVar("texts_are_hidden", default=False)


def texts_are_hidden() -> bool:
    """Say whether what people typed about students is hidden whole, and not only its names."""
    return _texts_hidden.get()


@contextmanager
def texts_hidden() -> Iterator[None]:
    """Hide whole texts and file names within the block, where names are hidden too."""
    token = _texts_hidden.set(True)
    try:
        yield
    finally:
        _texts_hidden.reset(token)


def are_hidden() -> bool:
    """Say whether names are hidden in what is being answered."""
    return _hidden.get()


@contextmanager
def names_hidden(hidden: bool = True) -> Iterator[None]:
    """Hide names, or show them, within the block."""
    token = _hidden.set(hidden)
    try:
        yield
    finally:
        _hidden.reset(token)


def switch(posted: str) -> None:
    """Hide names from now on, or show them; the answer carries it to the browser.

    Args:
        posted: “show” shows them; whatever else it is, they are hidden.
    """
    _hidden.set(posted != "show")


class HideNames:
    """Hides names in every answer to a browser that has the cookie, whatever it holds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with names hidden or shown, and remember a switch."""
        before = COOKIE in request.COOKIES
        with names_hidden(before):
            response = self.get_response(request)
            after = are_hidden()
        if after != before:
            _remember(response, hidden=after)
        if after and response.streaming:
            _carry_on(cast(StreamingHttpResponse, response))
        return response


def _remember(response: HttpResponseBase, *, hidden: bool) -> None:
    if hidden:
        response.set_cookie(COOKIE, "1", max_age=_LASTS, secure=True, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def _carry_on(response: StreamingHttpResponse) -> None:
    """Hide names in the pieces that are made after the request has left the middleware."""
    pieces = iter(cast(Iterable[Any], response.streaming_content))

    def hidden() -> Iterator[Any]:
        while True:
            with names_hidden():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    response.streaming_content = hidden()
