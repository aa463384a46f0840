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
from tests.acceptance.page import Page


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
        kept = heard = []
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
