"""What the acceptance tests have in common."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.core.cache import cache

from core.attachments import services as attachments
from core.outbox import services as outbox
from schools.models import Student
from tests.acceptance.page import Page
from tests.acceptance.steps import form_of
from tests.factories import categories, make_staff, make_student


@pytest.fixture(autouse=True)
def no_attempts_so_far(db: None) -> Iterator[None]:
    """Throttles begin at nothing, and leave nothing for a test that lives at another time."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def see() -> Callable[..., Page]:
    """Open a page, by its address or from an answer, and look at it."""

    def look(found: Any, url: str = "") -> Page:
        response = found.get(url) if url else found
        assert response.status_code == 200
        return Page(response)

    return look


@pytest.fixture
def send_mails(in_school_a: Any) -> Callable[[], list[Any]]:
    """Let the worker act on the outbox; return the mails that left."""

    def work() -> list[Any]:
        before = len(mail.outbox)
        outbox.act_on_all()
        return mail.outbox[before:]

    return work


@pytest.fixture
def statements(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], AbstractContextManager[list[str]]]:
    """Take down every statement that reaches the database, also those that Django does not log.

    Tests stand inside a transaction, so that a service's own becomes a savepoint: those are left
    out.
    """
    kept: list[str] | None = None
    really = psycopg.Cursor.execute

    def execute(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        if kept is not None and "SAVEPOINT" not in str(query):
            kept.append(str(query))
        return really(cursor, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", execute)

    @contextmanager
    def listen() -> Iterator[list[str]]:
        nonlocal kept
        heard: list[str] = []
        kept = heard
        try:
            yield heard
        finally:
            kept = None

    return listen


@pytest.fixture
def sealed_file(in_school_a: Any) -> Callable[..., Any]:
    """Seal a small file that an actor uploaded, ready for a record."""

    def seal(actor: Any, filename: str = "letter.txt", content: bytes = b"Dear all\n") -> Any:
        return attachments.seal(actor=actor, filename=filename, chunks=[content])

    return seal


@pytest.fixture
def student(in_school_a: Any) -> Student:
    """Maddy Greenwood, on roll."""
    return make_student()


@pytest.fixture
def add(student: Student) -> Callable[..., Any]:
    """Fill the form in with what it needs, and with what a test is about; press its button."""

    def fill(client: Any, *, query: str = "", **typed: Any) -> Any:
        typed.setdefault("student", str(student.ref))
        typed.setdefault("text", "She was not collected.")
        typed.setdefault("categories", str(categories("Medical")[0].ref))
        return form_of(client, query).submit(client, **typed)

    return fill


@pytest.fixture
def anna(in_school_a: Any) -> Any:
    """Anna Cohen, a member of staff without key access, as an actor."""
    return make_staff(given_name="Anna", family_name="Cohen")
