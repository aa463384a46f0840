"""``visible_to`` and the policies agree over random access groups, incidents, links and alerts."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.identifiers import uuid7
from safeguarding import policies
from safeguarding.models import Action, Alert, Incident, IncidentLink
from safeguarding.terms import Status
from schools.models import Category, Student
from schools.policies import Access, Reader
from schools.selectors import HISTORY
from tests.factories import make_staff, make_student

YEARS = ("", "R", "4", "7")
_some_years = st.none() | st.frozensets(st.sampled_from(YEARS[1:]))
_some = st.frozensets(st.integers(0, 3), max_size=2)
_incident = st.fixed_dictionaries(
    {
        "student": st.none() | st.integers(0, 3),
        "linked": st.frozensets(st.integers(0, 3), max_size=2),
        "own": _some,
        "added": _some,
        "alert": st.sampled_from(["none", "unread", "read"]),
        "is_mine": st.booleans(),
        "is_old": st.booleans(),
        "assigned": st.booleans(),
        "closed": st.booleans(),
    }
)
_reader = st.fixed_dictionaries(
    {
        "categories": st.none() | _some,
        "years": _some_years,
        "has_key_access": st.booleans(),
        "has_shown_key": st.booleans(),
    }
)


@pytest.fixture
def rows(in_school_a: Any) -> dict[str, Any]:
    me, other = make_staff("me").staff_id, make_staff("other").staff_id
    students = [make_student(year_group=year) for year in YEARS]
    return {"me": me, "other": other, "students": students, "kinds": list(Category.objects.all())}


def make(rows: dict[str, Any], one: dict[str, Any]) -> tuple[Incident, Action]:
    now = clock.now()
    at = now - HISTORY * 2 if one["is_old"] else now
    student = None if one["student"] is None else rows["students"][one["student"]]
    closed = {"status": Status.CLOSED, "closed_at": now, "closed_by_id": rows["other"]}
    incident = Incident.objects.create(
        submission=uuid7(),
        student=student,
        is_whole_school=student is None,
        text="A quiet text.",
        occurred_at=at,
        recorded_at=at,
        author_id=rows["me"] if one["is_mine"] else rows["other"],
        assignee_id=rows["me"] if one["assigned"] else None,
        **(closed if one["closed"] else {}),
    )
    incident.categories.set([rows["kinds"][index] for index in one["own"]])
    for index in one["linked"] - {one["student"]}:
        IncidentLink.objects.create(incident=incident, student=rows["students"][index])
    action = Action.objects.create(
        submission=uuid7(),
        incident=incident,
        text="Telephoned.",
        occurred_at=at,
        recorded_at=at,
        author_id=rows["other"],
    )
    action.categories.set([rows["kinds"][index] for index in one["added"]])
    if one["alert"] != "none":
        read_at = now if one["alert"] == "read" else None
        Alert.objects.create(
            incident=incident, recipient_id=rows["me"], raised_by_id=rows["other"], read_at=read_at
        )
    return incident, action


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(known=st.lists(_incident, min_size=1, max_size=5), who=_reader)
def test_t32_g4_04_querysets_and_policies_agree_over_random_access_groups(rows, known, who):
    kinds = rows["kinds"]
    wanted = who["categories"]
    ids = None if wanted is None else frozenset(kinds[index].pk for index in wanted)
    reader = Reader(
        staff_id=rows["me"],
        has_key_access=who["has_key_access"],
        is_administrator=False,
        has_shown_key=who["has_shown_key"],
        has_confirmed_key=False,
        history_starts_at=clock.now() - HISTORY,
        access=Access(category_ids=ids, year_groups=who["years"]),
    )
    with transaction.atomic():
        made = [(*make(rows, one), one["alert"] == "unread") for one in known]
        facts = [row.facts(has_unread_alert=unread) for row, _, unread in made]
        of_actions = [action.facts(has_unread_alert=unread) for _, action, unread in made]

        def told(why_not: Any, all_facts: Any, pks: list[int]) -> set[int]:
            return {
                pk for pk, one in zip(pks, all_facts, strict=True) if why_not(reader, one) is None
            }

        pks = [row.pk for row, _, _ in made]
        seen = sorted(Incident.objects.visible_to(reader).values_list("pk", flat=True))
        assert seen == sorted(told(policies.why_not_read, facts, pks))
        whole = sorted(Incident.objects.wholly_visible_to(reader).values_list("pk", flat=True))
        assert whole == sorted(told(policies.why_not_read_whole, facts, pks))
        actions = sorted(Action.objects.visible_to(reader).values_list("pk", flat=True))
        own = told(policies.why_not_read_action, of_actions, [action.pk for _, action, _ in made])
        assert actions == sorted(own)
        transaction.set_rollback(True)


@pytest.mark.parametrize("years", [None, frozenset(), frozenset({"4"})])
def test_t32_a_record_is_open_to_key_holders_of_its_year_group_alone(rows, years):
    def reader(has_key: bool) -> Reader:
        return Reader(
            staff_id=rows["me"],
            has_key_access=has_key,
            is_administrator=False,
            has_shown_key=has_key,
            has_confirmed_key=False,
            history_starts_at=clock.now(),
            access=Access(category_ids=None, year_groups=years),
        )

    seen = set(
        Student.objects.records_visible_to(reader(True)).values_list("year_group", flat=True)
    )
    assert seen == (set(YEARS) if years is None else years)
    assert not Student.objects.records_visible_to(reader(False)).exists()
