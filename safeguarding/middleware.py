"""What a page answers while the school's key is out of reach."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.keyring import KeysetRefused, KeysUnavailable
from safeguarding.views.rescue import not_kept

log = structlog.get_logger(__name__)


class KeysOutOfReach:
    """Answers with a calm page that still holds what was typed.

    A form with hidden names is shown again with its texts sealed; where nothing can be sealed or
    opened, the form is not shown, and the page that says so brings back what the browser sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer where a school's key was needed and could not be had."""
        if not hasattr(request, "school"):
            return None
        if not isinstance(exception, KeysUnavailable | KeysetRefused):
            return None
        log.error("keys_out_of_reach", error=type(exception).__name__)
        return not_kept(request)
