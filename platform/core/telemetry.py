"""Logs, error reports and cache headers that carry references and never pupil data."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import sentry_sdk
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

log = structlog.get_logger("request")

Respond = Callable[[HttpRequest], HttpResponseBase]
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestLog:
    """Gives each request an id and writes one line when it is answered.

    The line holds the route's pattern, not the path or the query.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and log how."""
        request_id = _given_id(request) or uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined] # Django lets middleware add to a request
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        with structlog.contextvars.bound_contextvars(request=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            log.info(
                "answered",
                method=request.method,
                route=match.route if match else None,
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
                school=_school_of(request),
            )
        response["X-Request-ID"] = request_id
        return response


def _given_id(request: HttpRequest) -> str | None:
    """Return the id that a proxy of ours gave; a browser's own word is not the record's."""
    given = request.headers.get("X-Request-ID", "")
    return given if settings.TRUSTED_PROXY_COUNT and _REQUEST_ID.fullmatch(given) else None


def _school_of(request: HttpRequest) -> str | None:
    school = getattr(request, "school", None)
    return str(school.ref) if school else None


class NoStore:
    """Keeps pages out of every cache: pupil data must not outlive the permission (guide 2)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, uncached."""
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response


def start_sentry(dsn: str) -> None:
    """Report errors to Sentry where there is a DSN; without local variables, bodies or people."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=scrubbed,
        # No rate at all: with one of nought a stranger's “sentry-trace” header would turn tracing
        # on for a request, and what traces say does not pass through ``before_send``.
        traces_sample_rate=None,
        before_send_transaction=_nothing,
    )


def _nothing(_event: Any, _hint: dict[str, Any]) -> None:
    return None


def scrubbed(event: Any, _hint: dict[str, Any]) -> Any:
    """Leave of an error report its classes, places in the code and the school's reference.

    An allow-list: what is not named here does not leave, whatever a library adds later.
    """
    kept = {
        key: event[key]
        for key in (
            "event_id",
            "timestamp",
            "level",
            "platform",
            "release",
            "environment",
            "logger",
        )
        if key in event
    }
    kept["exception"] = {
        "values": [
            {
                "type": error.get("type"),
                "stacktrace": {"frames": [_frame(frame) for frame in _frames(error)]},
            }
            for error in (event.get("exception") or {}).get("values", [])
        ]
    }
    context = structlog.contextvars.get_contextvars()
    kept["tags"] = {key: context[key] for key in ("school", "request") if key in context}
    return kept


def _frames(error: dict[str, Any]) -> list[dict[str, Any]]:
    return list((error.get("stacktrace") or {}).get("frames") or [])


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    return {key: frame.get(key) for key in ("module", "function", "lineno", "in_app")}
