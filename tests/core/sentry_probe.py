"""Fails a page with Sentry turned on; prints every envelope that would have left.

Run by ``test_telemetry`` in a process of its own, because Sentry changes the process it is in.
"""

import base64
import io
import logging
import os
import sys
from typing import Any

import django
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

NAME = "Zebedee Quillfeather"


class Printed(Transport):
    """Prints what it is given, one line of base64 an envelope."""

    def capture_envelope(self, envelope: Envelope) -> None:
        sys.stdout.write(base64.b64encode(envelope.serialize()).decode() + "\n")


def fail(request: HttpRequest) -> HttpResponse:
    """Do everything with a name that a page might."""
    said = f"{NAME} said so"
    sentry_sdk.set_user({"id": NAME, "email": NAME})
    sentry_sdk.set_tag("pupil", NAME)
    sentry_sdk.set_extra("pupil", NAME)
    sentry_sdk.set_context("pupil", {"name": NAME})
    sentry_sdk.add_breadcrumb(message=NAME)
    sentry_sdk.capture_message(said)
    logging.getLogger("quoting").error("It was %s", NAME)
    with sentry_sdk.start_span(op="db", name=said):
        pass
    try:
        raise KeyError(said)
    except KeyError as cause:
        raise LookupError(request.POST.get("text", said)) from cause


def main() -> None:
    """Ask for the page as a browser does, and as one that wants to be traced."""
    os.environ["SENTRY_RELEASE"] = "probe"
    django.setup()
    from config.urls import www
    from core import telemetry
    from core.entrances import anyone, entrance

    www.urlpatterns.append(path("fail/", entrance(anyone)(fail)))
    init = sentry_sdk.init

    def with_our_transport(**options: Any) -> None:
        init(**options, transport=Printed)

    sentry_sdk.init = with_our_transport
    telemetry.start_sentry("https://key@sentry.example/1")
    application = WSGIHandler()
    for headers in ({}, {"HTTP_SENTRY_TRACE": f"{'a' * 32}-{'b' * 16}-1"}):
        body = f"text={NAME}&csrfmiddlewaretoken=x".encode()
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/fail/",
            "QUERY_STRING": f"pupil={NAME}",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"pupil={NAME}",
            "HTTP_X_PUPIL": NAME,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            **headers,
        }
        list(application(environ, lambda *_: None))
    sentry_sdk.get_client().close(timeout=2)


if __name__ == "__main__":
    main()
