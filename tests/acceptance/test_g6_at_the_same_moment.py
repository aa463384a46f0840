"""Two presses of one button at the same moment, each in a transaction of its own (acceptance G6.9).

The two clients run in threads of their own and commit, so they have a school of their own that is
gone afterwards.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from core.outbox.models import OutboxEvent
from core.tenancy import in_school
from safeguarding.models import Action, Alert, Incident
from safeguarding.services import actions, incidents
from schools.services.onboarding import onboard_school
from tenants.models import School
from tests.acceptance.page import Page
from tests.acceptance.steps import form_of
from tests.factories import (
    categories,
    forget_school,
    log_in,
    make_incident,
    make_staff,
    make_student,
)


def elsewhere(work: Callable[[], Any], times: int = 1) -> list[Any]:
    """Do the work in so many threads at once; each has its own connection."""

    def once() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return [one.result() for one in [threads.submit(once) for _ in range(times)]]


@pytest.fixture
def oakfield(db: None) -> Iterator[School]:
    """A school whose rows are committed, with somebody who records and somebody to alert."""
    (school,) = elsewhere(
        lambda: onboard_school(
            slug="oakfield", name="Oakfield", urn="123458", admin_email="head@oakfield.example"
        )
    )
    yield school
    elsewhere(lambda: forget_school(school))


def at_once(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let both threads find that nothing was saved yet, before either saves."""
    really, both = getattr(module, name), Barrier(2, timeout=30)

    def save(*args: Any) -> Any:
        both.wait()
        return really(*args)

    monkeypatch.setattr(module, name, save)


def counted(school: School) -> tuple[int, ...]:
    def count() -> tuple[int, ...]:
        with in_school(school):
            told = OutboxEvent.objects.filter(kind="safeguarding.alert_raised")
            models = (Incident.objects, Action.objects, Alert.objects, told)
            return tuple(rows.count() for rows in models)

    (found,) = elsewhere(count)
    return found  # type: ignore[no-any-return] # of a thread


def test_g6_09_two_clicks_at_the_same_moment_record_one_incident(oakfield, monkeypatch):
    def fill_in():
        with in_school(oakfield):
            teacher, dsl, student = make_staff(), make_staff(kind="key_holder"), make_student()
            client = Client(HTTP_HOST=oakfield.host)
            log_in(client, oakfield, teacher)
            typed = {
                "student": str(student.ref),
                "text": "She was not collected.",
                "categories": str(categories()[0].ref),
                "recipients": str(dsl.staff_ref),
            }
        return client, form_of(client), typed

    ((client, form, typed),) = elsewhere(fill_in)
    at_once(monkeypatch, incidents, "_record")
    answers = elsewhere(lambda: form.submit(client, **typed), times=2)
    assert [(one.status_code, one.url) for one in answers] == [(302, "/")] * 2
    assert counted(oakfield) == (1, 0, 1, 1)


def test_g6_09_two_clicks_at_the_same_moment_add_one_action(oakfield, monkeypatch):
    def fill_in():
        with in_school(oakfield):
            teacher, dsl = make_staff(), make_staff(kind="key_holder")
            incident = make_incident(dsl, recipients=[teacher])
            client = Client(HTTP_HOST=oakfield.host)
            log_in(client, oakfield, teacher)
        form = Page(client.get(f"/incidents/{incident.ref}/")).form("Add Action")
        return client, form, {"text": "Rang.", "recipients": str(dsl.staff_ref)}

    ((client, form, typed),) = elsewhere(fill_in)
    at_once(monkeypatch, actions, "_add")
    answers = elsewhere(lambda: form.submit(client, **typed), times=2)
    assert len({one.url for one in answers}) == 1
    assert counted(oakfield) == (1, 1, 2, 2)
