"""``visible_to`` and the policies give the same answer, over every combination of facts.

Roles × shown key × authorship × age × state of the alert, for incidents and for the actions on
them: two copies of one rule, held together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from core import clock
from core.identifiers import uuid7
from safeguarding import policies
from safeguarding.models import Action, Alert, Incident
from schools.models import Student
from schools.policies import WHOLE_ACCESS, Reader
from schools.selectors import HISTORY
from tests.factories import make_staff, make_student

ALERTS = ("none", "unread", "read", "unread, to an action", "read, new one unread", "a colleague's")
UNREAD = {"unread", "unread, to an action", "read, new one unread"}
AUTHORS = ("me", "somebody else")
AGES = ("now", "at the edge", "past the edge")
READERS = tuple(product(("me", "a stranger", None), *[(False, True)] * 4))


@dataclass(frozen=True)
class World:
    """Rows of every kind, with what is true of each, written down without asking a query."""

    now: datetime
    me: int
    stranger: int
    incidents: dict[int, tuple[Incident, str]]
    actions: dict[int, tuple[Action, str]]
    known: dict[Any, Any] = field(default_factory=dict)

    def readers(self) -> Iterator[Reader]:
        """Everybody who could ask, possible or not."""
        ids = {"me": self.me, "a stranger": self.stranger, None: None}
        for who, has_key_access, is_administrator, has_shown_key, has_confirmed_key in READERS:
            yield Reader(
                staff_id=ids[who],
                has_key_access=has_key_access,
                is_administrator=is_administrator,
                has_shown_key=has_shown_key,
                has_confirmed_key=has_confirmed_key,
                history_starts_at=self.now - HISTORY,
                access=WHOLE_ACCESS,
            )

    def facts(self, row: Any, has_unread_alert: bool) -> Any:
        """Return what the policies need to know of a row, worked out once."""
        key = (type(row), row.pk, has_unread_alert)
        if key not in self.known:
            self.known[key] = row.facts(has_unread_alert=has_unread_alert)
        return self.known[key]

    def has_unread_alert(self, reader: Reader, state: str) -> bool:
        """Say what the alerts mean for a reader."""
        if reader.staff_id == self.me:
            return state in UNREAD
        return reader.staff_id == self.stranger and state == "a colleague's"

    def answers(
        self, reader: Reader, rows: dict[int, tuple[Any, str]], why_not: Callable[..., object]
    ) -> set[int]:
        """Return the rows that a policy lets this reader see."""
        return {
            pk
            for pk, (row, state) in rows.items()
            if why_not(reader, self.facts(row, self.has_unread_alert(reader, state))) is None
        }


@pytest.fixture
def world(in_school_a: Any) -> World:
    """Incidents of every author, age and alert, each with actions of every author and age."""
    me, other, stranger = (make_staff(name).staff_id for name in ("me", "other", "stranger"))
    authors, now = dict(zip(AUTHORS, (me, other), strict=True)), clock.now()
    edge = now - HISTORY
    ages = dict(zip(AGES, (now, edge, edge - timedelta(microseconds=1)), strict=True))
    student, kinds = make_student(), list(product(AUTHORS, AGES))
    incidents = Incident.objects.bulk_create(
        _incident(student, authors[author], ages[age]) for author, age in kinds for _ in ALERTS
    )
    states = dict(zip((row.pk for row in incidents), ALERTS * len(kinds), strict=True))
    actions = Action.objects.bulk_create(
        _action(incident, authors[author], ages[age])
        for incident in incidents
        for author, age in kinds
    )
    firsts = {action.incident_id: action for action in reversed(actions)}
    Alert.objects.bulk_create(
        alert
        for row in incidents
        for alert in _alerts(states[row.pk], row, firsts[row.pk], me, other, stranger)
    )
    return World(
        now=now,
        me=me,
        stranger=stranger,
        incidents={row.pk: (row, states[row.pk]) for row in incidents},
        actions={row.pk: (row, states[row.incident_id]) for row in actions},
    )


def _incident(student: Student, author: int, recorded_at: datetime) -> Incident:
    return Incident(
        submission=uuid7(),
        student=student,
        text="A quiet text.",
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        author_id=author,
    )


def _action(incident: Incident, author: int, recorded_at: datetime) -> Action:
    return Action(
        submission=uuid7(),
        incident=incident,
        text="Telephoned home.",
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        author_id=author,
    )


def _alerts(
    state: str, incident: Incident, action: Action, me: int, other: int, stranger: int
) -> list[Alert]:
    def alert(to: int, about: Action | None = None, *, is_read: bool = False) -> Alert:
        read_at = clock.now() if is_read else None
        return Alert(
            incident=incident, action=about, recipient_id=to, raised_by_id=other, read_at=read_at
        )

    return {
        "none": [],
        "unread": [alert(me)],
        "read": [alert(me, is_read=True)],
        "unread, to an action": [alert(me, action)],
        "read, new one unread": [alert(me, is_read=True), alert(me, action)],
        "a colleague's": [alert(stranger)],
    }[state]


def keys(rows: Any) -> list[int]:
    """Row ids, so that a row that comes twice is noticed."""
    return sorted(rows.values_list("pk", flat=True))


def test_g4_04_incidents_are_visible_to_whom_the_policy_lets_read_them(world):
    for reader in world.readers():
        rows = keys(Incident.objects.visible_to(reader))
        assert rows == sorted(world.answers(reader, world.incidents, policies.why_not_read)), reader


def test_g4_04_incidents_are_wholly_visible_to_whom_the_policy_lets_read_the_whole(world):
    for reader in world.readers():
        rows = keys(Incident.objects.wholly_visible_to(reader))
        expected = world.answers(reader, world.incidents, policies.why_not_read_whole)
        assert rows == sorted(expected), reader


def test_g4_04_actions_are_visible_to_whom_the_policy_lets_read_them(world):
    for reader in world.readers():
        rows = keys(Action.objects.visible_to(reader))
        expected = world.answers(reader, world.actions, policies.why_not_read_action)
        assert rows == sorted(expected), reader


def test_g4_03_unread_alerts_are_there_where_the_policy_lets_mark_them(world):
    for reader in world.readers():
        unread = Alert.objects.unread_by(reader).values_list("incident_id", flat=True)
        expected = world.answers(reader, world.incidents, policies.why_not_mark_as_read)
        assert set(unread) == expected, reader


def test_g4_05_everybodys_alerts_are_visible_to_whom_the_policy_lets_see_readers(world):
    everybodys = keys(Alert.objects.all())
    for reader in world.readers():
        may_see = policies.why_not_see_readers(reader) is None
        expected = everybodys if may_see else keys(Alert.objects.unread_by(reader))
        assert keys(Alert.objects.visible_to(reader)) == expected, reader


def test_g4_04_the_world_holds_readers_who_see_all_some_and_none(world):
    seen = {len(keys(Incident.objects.visible_to(reader))) for reader in world.readers()}
    assert {0, len(world.incidents)} < seen
    assert len(seen) >= 4
