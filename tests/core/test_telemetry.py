"""Logs, error reports and headers carry references and never what somebody wrote."""

import base64
import io
import json
import logging
import os
import subprocess
import sys
from types import SimpleNamespace
from uuid import UUID

import pytest
import structlog
from celery import shared_task
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from django.test import Client

from config import health
from core.telemetry import scrubbed
from core.tenancy import in_school
from safeguarding.models import Incident
from tests.architecture.sources import ROOT
from tests.factories import make_incident, make_student
from tests.isolation.doors import doors_of

NAME = "Zebedee Quillfeather"


@pytest.fixture
def lines():
    """What is written while the test runs, through the formatter that is configured."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(next(h.formatter for h in root.handlers if h.formatter and _ours(h)))
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def _ours(handler):
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def saying(error):
    """Return a stand-in for a view's work that fails with the name in its message."""

    def fail(*_args, **_kwargs):
        pupil = NAME  # a local variable, as a view has them
        raise error(f"{pupil} said so")

    return fail


# Logs -------------------------------------------------------------------------------------------


def test_each_request_leaves_one_line_with_its_id_its_school_and_its_route(
    browse, teacher, lines, settings
):
    settings.TRUSTED_PROXY_COUNT = 1
    incident = make_incident(teacher)
    asked = {"x-request-id": "given-by-the-balancer"}
    answer = browse(teacher).get(f"/incidents/{incident.ref}/?q={NAME}", headers=asked)
    (line,) = [one for one in lines() if one["event"] == "answered"]
    assert answer["X-Request-ID"] == line["request"] == "given-by-the-balancer"
    assert UUID(line["school"])
    assert (line["route"], line["status"], line["method"]) == ("incidents/<uuid:ref>/", 200, "GET")
    assert NAME not in str(lines())
    assert str(incident.ref) not in str(lines())


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f g h", "new\nline-new-line", NAME]
)
def test_an_id_that_is_none_is_replaced(given, school_a, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    answer = Client(HTTP_HOST=school_a.host).get("/login/", headers={"x-request-id": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32


def test_nobody_chooses_the_id_under_which_they_are_on_record(school_a):
    given = {"x-request-id": "a-colleagues-request"}
    answer = Client(HTTP_HOST=school_a.host).get("/login/", headers=given)
    assert answer["X-Request-ID"] != given["x-request-id"]


@pytest.mark.parametrize("error", [LookupError, IntegrityError, UnicodeError, SuspiciousOperation])
def test_an_error_leaves_its_kind_and_its_place_and_no_word(
    error, browse, teacher, lines, monkeypatch
):
    client = browse(teacher)
    client.raise_request_exception = False
    monkeypatch.setattr("safeguarding.views.incidents.IncidentForm", saying(error))
    answer = client.post("/incidents/add/", {"text": f"{NAME} wrote", "student": NAME})
    assert answer.status_code == (400 if error is SuspiciousOperation else 500)
    (failed,) = [one for one in lines() if one["event"] == "failed"]
    assert failed["error"] == error.__name__
    assert failed["trace"][-1].startswith("tests.core.test_telemetry:")
    assert any(frame.startswith("safeguarding.views.incidents:") for frame in failed["trace"])
    for line in lines():
        assert line["request"] == answer["X-Request-ID"]
        assert UUID(line["school"])
    for word in NAME.split():
        assert word not in str(lines())
        assert word not in answer.text


def test_what_the_database_says_of_a_row_is_not_written_down(browse, teacher, lines, monkeypatch):
    make_student("Zebedee", "Quillfeather")
    client = browse(teacher)
    client.raise_request_exception = False

    def collide(*_args, **_kwargs):
        Incident.objects.create(text=NAME, author_id=-1, submission="0" * 32)

    monkeypatch.setattr("safeguarding.views.incidents.IncidentForm", collide)
    assert client.post("/incidents/add/").status_code == 500
    assert [one["error"] for one in lines() if one["event"] == "failed"] == ["IntegrityError"]
    assert "Quillfeather" not in str(lines())


@shared_task(name="tests.core.fails")
def fails(pupil):
    """Fail as a task does."""
    raise LookupError(f"{pupil} said so")


def test_a_task_that_fails_leaves_its_kind_and_no_word(school_a, lines):
    with in_school(school_a):
        assert fails.apply(args=[NAME]).failed()
    (failed,) = [one for one in lines() if one["event"] == "failed"]
    assert (failed["task"], failed["error"]) == ("tests.core.fails", "LookupError")
    assert failed["school"] == str(school_a.ref)
    assert "Quillfeather" not in str(lines())


def test_a_refused_form_leaves_its_reason_and_no_path(world_link, lines):
    client, path = world_link
    assert client.post(path).status_code == 403
    (refused,) = [one for one in lines() if one["logger"] == "django.security.csrf"]
    assert refused["event"] == "Forbidden (CSRF cookie not set.)"
    assert refused["route"] == "login/link/<uuid:ref>/<str:token>/"
    assert "secret-token" not in str(lines())


@pytest.fixture
def world_link(school_a):
    client = Client(HTTP_HOST=school_a.host, enforce_csrf_checks=True)
    return client, f"/login/link/{school_a.ref}/secret-token/"


def test_a_link_that_fails_leaves_no_token(school_a, lines, monkeypatch):
    monkeypatch.setattr(
        "core.accounts.views.passwords.CreatePassword.get_user", saying(LookupError)
    )
    client = Client(HTTP_HOST=school_a.host)
    client.raise_request_exception = False
    assert client.get(f"/login/link/{school_a.ref}/secret-token/").status_code == 500
    assert "secret-token" not in str(lines())
    assert "Quillfeather" not in str(lines())


def test_work_at_a_school_is_logged_with_its_reference(school_a, lines):
    with in_school(school_a):
        structlog.get_logger("somewhere").info("something_done", ref="17")
        logging.getLogger("library").warning("something odd")
    structlog.get_logger("somewhere").info("something_else")
    first, second, third = lines()
    assert (first["event"], first["ref"], first["level"]) == ("something_done", "17", "info")
    assert first["school"] == second["school"] == str(school_a.ref)
    assert "school" not in third
    assert second["logger"] == "library"


# Error reports ----------------------------------------------------------------------------------


def report():
    """An error report as full as a library can make it."""
    frame = {
        "module": "safeguarding.views.incidents",
        "function": "add_incident",
        "lineno": 17,
        "in_app": True,
        "vars": {"student": NAME},
        "pre_context": [NAME],
        "context_line": NAME,
        "abs_path": f"/home/{NAME}",
        "filename": NAME,
    }
    error = {
        "type": "LookupError",
        "value": f"{NAME} said so",
        "module": "builtins",
        "mechanism": {"data": {"pupil": NAME}},
        "stacktrace": {"frames": [frame], "registers": {"rax": NAME}},
    }
    return {
        "event_id": "0" * 32,
        "timestamp": "2026-01-01T00:00:00Z",
        "level": "error",
        "platform": "python",
        "release": "1",
        "environment": "test",
        "logger": "safeguarding",
        "exception": {"values": [error, {"type": "KeyError", "stacktrace": None}]},
        "request": {
            "url": f"http://greenwood.localhost/{NAME}",
            "query_string": f"q={NAME}",
            "data": {"text": NAME},
            "cookies": {"c": NAME},
            "headers": {"X": NAME},
            "env": {"REMOTE_ADDR": NAME},
        },
        "user": {"id": NAME, "email": NAME, "ip_address": NAME},
        "breadcrumbs": {"values": [{"message": NAME, "data": {"q": NAME}}]},
        "extra": {"pupil": NAME, "sys.argv": [NAME]},
        "contexts": {"pupil": {"name": NAME}, "trace": {"description": NAME}},
        "tags": {"pupil": NAME, "url": NAME},
        "message": NAME,
        "logentry": {"message": NAME, "params": [NAME]},
        "transaction": f"/incidents/{NAME}/",
        "server_name": NAME,
        "threads": {"values": [{"stacktrace": {"frames": [frame]}}]},
        "modules": {NAME: "1"},
        "fingerprint": [NAME],
        "something_of_a_later_version": NAME,
    }


def test_of_an_error_report_only_what_is_allowed_remains():
    with structlog.contextvars.bound_contextvars(
        school="a-school", request="a-request", pupil=NAME
    ):
        left = scrubbed(report(), {"exc_info": (None, None, None)})
    assert left == {
        "event_id": "0" * 32,
        "timestamp": "2026-01-01T00:00:00Z",
        "level": "error",
        "platform": "python",
        "release": "1",
        "environment": "test",
        "logger": "safeguarding",
        "exception": {
            "values": [
                {
                    "type": "LookupError",
                    "stacktrace": {
                        "frames": [
                            {
                                "module": "safeguarding.views.incidents",
                                "function": "add_incident",
                                "lineno": 17,
                                "in_app": True,
                            }
                        ]
                    },
                },
                {"type": "KeyError", "stacktrace": {"frames": []}},
            ]
        },
        "tags": {"school": "a-school", "request": "a-request"},
    }


def test_a_report_without_an_error_is_scrubbed_too():
    assert scrubbed({"message": NAME}, {}) == {"exception": {"values": []}, "tags": {}}


def test_nothing_that_leaves_for_sentry_holds_a_word(services):
    probe = subprocess.run(
        [sys.executable, "-m", "tests.core.sentry_probe"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "LOG_LEVEL": "INFO",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    envelopes = [base64.b64decode(line).decode() for line in probe.stdout.splitlines()]
    kinds = [json.loads(envelope.splitlines()[1])["type"] for envelope in envelopes]
    # Two requests, each with a message, a log line and an error; then the count of requests.
    assert kinds == ["event"] * 6 + ["sessions"]
    assert sum("LookupError" in envelope for envelope in envelopes) == 2
    for envelope in envelopes:
        for word in (*NAME.split(), "pupil", "query_string", "greenwood"):
            assert word not in envelope


# Health and headers -----------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["greenwood.localhost", "localhost", "ops.localhost"])
def test_the_process_says_that_it_lives_and_that_it_can_serve(host, school_a):
    client = Client(HTTP_HOST=host)
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        (200, {"status": "ok", "database": True, "cache": True})
    )


@pytest.mark.parametrize(("gone", "status"), [("database", 503), ("cache", 200)])
def test_readyz_says_what_is_gone(gone, status, school_a, monkeypatch):
    client = Client(HTTP_HOST="localhost")
    assert client.get("/readyz").status_code == 200
    broken = SimpleNamespace(cursor=saying(ConnectionError), get=saying(ConnectionError))
    monkeypatch.setattr(health, {"database": "connection", "cache": "cache"}[gone], broken)
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json()[gone] is False
    assert "Quillfeather" not in answer.text
    assert client.get("/healthz").status_code == 200


def test_g4_03_no_page_outlives_its_permission_in_a_cache(browse, dsl, in_school_a):
    incident = make_incident(dsl)
    client = browse(dsl)
    paths = [door.route for door in doors_of("school") if "<" not in door.route]
    for path in [*paths, f"incidents/{incident.ref}/", "nowhere/", f"files/{incident.ref}/"]:
        for who in (client, browse()):
            answer = who.get(f"/{path}")
            assert answer["Cache-Control"] == "no-store, private", path
            assert answer["X-Request-ID"]
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["X-Frame-Options"] == "DENY"
            assert answer["Referrer-Policy"] == "same-origin"
            assert "default-src 'none'" in answer["Content-Security-Policy"]
            assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["core.accounts.sessions.SessionStore.load"])
def test_an_error_before_the_page_was_chosen_has_its_page_too(
    name, browse, teacher, monkeypatch, lines
):
    client = browse(teacher)
    assert client.get("/").status_code == 200
    client.raise_request_exception = False
    monkeypatch.setattr(name, saying(LookupError))
    with transaction.atomic():
        answer = client.get("/")
    assert answer.status_code == 500
    assert "<h1" in answer.text
    assert "Quillfeather" not in answer.text + str(lines())
