"""In which language somebody is spoken to: English, or Welsh for whoever asks for it.

On a page it is the account's own choice, else the browser's (a cookie set by the switch, else what
the browser says it prefers). In an email it is the account's choice, else English.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.tenancy import current_face

#: Answers that are written in a language; a file is in whatever language it is in.
_WORDED = ("text/html", "application/json", "text/csv")


def speaking(language: str) -> AbstractContextManager[None]:
    """Do the block's work in a language; in English where it is empty, or is none of ours."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return translation.override(known)


class SpokenByBrowser:
    """Speaks the browser's language, and says on each answer which language it is in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        request.spoken = language = translation.get_language_from_request(request)  # type: ignore[attr-defined] # Django lets middleware add to a request
        with speaking(language):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith(_WORDED):
            response.headers.setdefault("Content-Language", request.spoken)  # type: ignore[attr-defined] # set above
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class SpokenByPerson:
    """Speaks the language that the person chose; the control plane's faces speak English.

    Comes after what says who acts. It costs no query: the account is there already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        if current_face():
            language = settings.LANGUAGE_CODE
        else:
            language = getattr(request.user, "language", "") or request.spoken  # type: ignore[attr-defined] # set by the middleware before
        request.spoken = language  # type: ignore[attr-defined] # Django lets middleware add to a request
        with speaking(language):
            return self.get_response(request)
