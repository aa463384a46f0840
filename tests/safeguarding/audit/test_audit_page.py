"""Key holders search who saw and who changed what; nobody else does."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from core.audit.models import AuditEntry
from core.audit.selectors import SealState
from safeguarding.querysets import AuditQuerySet
from safeguarding.selectors.audit import MOST_NAMED, AuditFilter, audit_page, entries_of
from safeguarding.terms import DeedKind
from schools.policies import why_not_hold_key
from schools.services.staff import deactivate_staff
from tests.factories import make_action, make_incident, make_staff, make_student, staff_row
from tests.safeguarding.audit.entries import NOON, bend, entries, entry, forget_entries, row_changed


@pytest.fixture
def maddy(in_school_a):
    return make_student("Maddy", "Plover")


def verbs(reader, **chosen):
    rows = entries_of(reader, AuditFilter(**chosen)).order_by("id")
    return list(rows.values_list("verb", flat=True))


# Who may


@pytest.mark.parametrize("kind", ["staff", "key_holder", "administrator"])
@pytest.mark.parametrize("has_key", [True, False])
def test_only_key_holders_see_entries_and_the_policy_says_the_same(kind, has_key, dsl, maddy):
    entry(dsl, "student.viewed", maddy, students=[maddy.ref])
    reader = make_staff(kind=kind, has_key=has_key).reader
    may = kind == "key_holder" and has_key
    seen = AuditQuerySet(AuditEntry).visible_to(reader)
    assert seen.count() == (AuditEntry.objects.count() if may else 0)
    assert (why_not_hold_key(reader) is None) is may


def test_the_page_is_for_key_holders_and_stands_in_their_navigation(
    browse, dsl, teacher, administrator, see
):
    page = see(browse(dsl), "/audit/")
    assert page.link("Audit") == "/audit/"
    assert page.headings[0] == "Audit"
    for actor in (teacher, administrator):
        client = browse(actor)
        assert client.get("/audit/").status_code == 403
        assert ("Audit", "/audit/") not in see(client, "/").links


# What it says


def test_an_entry_says_who_did_what_to_whom_when_and_from_where(browse, dsl, maddy, see):
    with time_machine.travel(datetime(2026, 7, 1, 13, 3, 5, tzinfo=UTC), tick=False):
        anna = make_staff(given_name="Anna", family_name="Cohen", kind="key_holder")
        elsie = make_student("Elsie", "Sandpiper")
        entry(anna, "student.viewed", maddy, students=[maddy.ref, elsie.ref])
        page = see(browse(dsl), "/audit/")
    # British Summer Time: an hour ahead.
    assert "1 Jul 2026, 14:03:05 Anna Cohen opened the student's record: Maddy Plover" in page.text
    assert page.link("Maddy Plover") == f"/students/{maddy.ref}/"
    line = page.between("opened the student's record: ", "Entry:")
    assert "Elsie Sandpiper" in line
    assert "127.0.0.1" in line
    assert "Request: test" in line


def test_a_name_leads_to_all_that_the_person_did_also_when_they_left(
    browse, dsl, administrator, maddy, see
):
    leaver = make_staff(given_name="Lee", family_name="Leaver")
    entry(leaver, "students.suggested", students=[maddy.ref])
    entry(dsl, "student.viewed", maddy)
    deactivate_staff(actor=administrator, ref=leaver.staff_ref)
    client = browse(dsl)
    url = see(client, "/audit/").link("Lee Leaver")
    assert url == f"?person={leaver.staff_ref}"
    page = see(client, f"/audit/{url}")
    assert "Lee Leaver typed part of a student's name" in page.text
    assert "opened the student's record" not in page.between("What was found")
    assert page.form("Show").fields["person"] == [str(leaver.staff_ref)]


def test_who_was_not_logged_in_and_what_the_platform_did_are_told_apart(browse, dsl, see):
    entries(1, verb="draft.kept", address="10.0.0.1")
    entries(1, verb="mis.imported")
    page = see(browse(dsl), "/audit/")
    assert "Somebody who was not logged in began a draft" in page.text
    assert "The platform imported students and staff" in page.text


def test_a_subject_that_the_reader_may_not_open_is_no_link(browse, dsl, teacher, see):
    incident = make_incident(teacher)
    action = make_action(teacher, incident)
    entry(dsl, "incident.viewed", incident)
    entry(dsl, "staff.deactivated", staff_row(teacher))
    bend(AuditEntry.objects.get(verb="staff.deactivated"), subject_ref=teacher.staff_ref)
    entries(1, verb="incident.viewed", subject_kind="safeguarding.incident", subject_ref=uuid4())
    urls = [url for _, url in see(browse(dsl), "/audit/").links]
    assert f"/incidents/{incident.ref}/" in urls
    assert f"/actions/{action.ref}/" in urls
    assert not [url for url in urls if url.startswith("/administration/")]
    assert len([url for url in urls if url.startswith("/incidents/") and len(url) > 20]) == 2


def test_many_students_are_counted_and_the_first_are_named(browse, dsl, see):
    crowd = [make_student("Child", f"Number{one}") for one in range(MOST_NAMED + 4)]
    entry(dsl, "incidents.listed", students=[one.ref for one in crowd])
    text = see(browse(dsl), "/audit/").text
    assert "Child Number0, Child Number1" in text
    assert f"Child Number{MOST_NAMED - 1} and 4 more" in text
    assert f"Child Number{MOST_NAMED}" not in text


def test_rows_that_the_database_wrote_are_left_to_the_field_history(browse, dsl, see):
    incident = make_incident(dsl)
    row_changed(incident, 1, status=["active", "closed"])
    text = see(browse(dsl), "/audit/").text
    assert "recorded the incident" in text
    assert "row " not in text


def test_looking_at_the_page_is_on_record_with_whom_it_named(browse, dsl, maddy):
    entry(dsl, "student.viewed", maddy, students=[maddy.ref])
    browse(dsl).get(f"/audit/?student={maddy.ref}&kind=record&since=2026-01-01")
    seen = AuditEntry.objects.latest("id")
    assert (seen.verb, seen.students) == ("audit.viewed", [maddy.ref])
    assert seen.facts == {"student": str(maddy.ref), "kind": "record", "since": "2026-01-01"}


# Searching


def test_entries_are_found_by_person_kind_student_and_day(dsl, teacher, maddy):
    elsie = make_student("Elsie", "Sandpiper")
    forget_entries()
    entry(dsl, "student.viewed", maddy, students=[maddy.ref], at=NOON)
    entry(dsl, "students.listed", students=[maddy.ref, elsie.ref], at=NOON + timedelta(days=1))
    entry(teacher, "students.suggested", students=[elsie.ref], at=NOON + timedelta(days=2))
    entry(teacher, "attachment.opened", at=NOON + timedelta(days=3))
    reader, day = dsl.reader, NOON.date()
    assert len(verbs(reader)) == 4
    assert verbs(reader, person=teacher.staff_ref) == ["students.suggested", "attachment.opened"]
    assert verbs(reader, kind=DeedKind.FILE) == ["attachment.opened"]
    assert verbs(reader, student=elsie.ref) == ["students.listed", "students.suggested"]
    assert verbs(reader, student=elsie.ref, person=dsl.staff_ref) == ["students.listed"]
    assert verbs(reader, since=day + timedelta(days=1), until=day + timedelta(days=2)) == [
        "students.listed",
        "students.suggested",
    ]
    assert verbs(reader, person=uuid4()) == verbs(reader, student=uuid4()) == []


def test_a_day_is_the_schools_own(dsl):
    forget_entries()
    # Half past midnight in July in London is the evening before in UTC.
    entry(dsl, "students.listed", at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    entry(dsl, "student.viewed", at=datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC))
    entry(dsl, "incident.viewed", at=datetime(2026, 7, 1, 23, 0, tzinfo=UTC))
    day = date(2026, 7, 1)
    assert verbs(dsl.reader, since=day, until=day) == ["students.listed", "student.viewed"]


def test_nobody_is_asked_for_by_a_name_in_the_address(browse, dsl, maddy, see):
    form = see(browse(dsl), f"/audit/?student={maddy.ref}&person=Maddy").form("Show")
    assert form.url.startswith("/audit/")
    assert form.fields["student"] == [str(maddy.ref)]
    assert set(form.fields) <= {"person", "student", "kind", "since", "until"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=2026-02-30", "Enter a valid date."),
        ("kind=x", "Choose again from the list."),
        ("since=2026-02-02&until=2026-02-01", "This is before the first day."),
        ("student=x", "Correct what you are looking for."),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_shows_nothing(query, said, browse, dsl, maddy, see):
    entry(dsl, "student.viewed", maddy, students=[maddy.ref])
    client = browse(dsl)
    assert "opened the student's record" in see(client, "/audit/").text
    page = see(client, f"/audit/?{query}")
    assert said in page.text
    assert "opened the student's record" not in page.text
    assert client.get(f"/audit/export/?{query}").status_code == 404


def test_nothing_found_is_said_in_words(browse, dsl, see):
    client = browse(dsl)
    assert "Nothing on record is like that." in see(client, f"/audit/?person={uuid4()}").text
    forget_entries()
    assert "Nothing is on record yet." in see(client, "/audit/").text


def test_without_a_script_people_are_chosen_from_lists_and_that_is_on_record(
    browse, dsl, maddy, see
):
    form = see(browse(dsl), "/audit/?list=1").form("Show")
    assert str(maddy.ref) in form.offered["student"]
    assert maddy.ref in AuditEntry.objects.latest("id").students


# Long lists


def test_long_lists_page_newest_first_and_say_where_they_end(browse, dsl, see, monkeypatch):
    forget_entries()
    entries(120, verb="students.listed", user_id=dsl.user_id)
    monkeypatch.setattr("safeguarding.selectors.audit.MOST_LISTED", 100)
    first = audit_page(dsl.reader, AuditFilter(), 1)
    times = [line.entry.happened_at for line in first.lines]
    assert times == sorted(times, reverse=True)
    assert len(times) == 50
    assert audit_page(dsl.reader, AuditFilter(), 9).page.number == 2
    page = see(browse(dsl), "/audit/?page=2&kind=list")
    assert "Only the newest 100 entries are listed here." in page.text
    assert "?page=1&kind=list" in [url for _, url in page.links]


def test_the_page_takes_the_same_queries_for_1_3_and_100_rows(browse, dsl, statements):
    incident, client, counted = make_incident(dsl), browse(dsl), {}
    action = make_action(dsl, incident)
    for number, more in ((1, 1), (3, 2), (100, 97)):
        for _ in range(more):
            one = make_student()
            entry(dsl, "student.viewed", one, students=[one.ref])
            entry(dsl, "incident.viewed", incident, students=[incident.student.ref])
            entry(dsl, "action.viewed", action)
        with statements() as heard:
            assert client.get("/audit/").status_code == 200
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 16)


# The seal


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ((None, 0, None, 0, ""), "Nothing is sealed yet; nothing waits."),
        ((0, 0, None, 7, "ab12"), "Sealed up to 16 Mar 2026, 12:00:00; nothing waits."),
        ((0, 3, 56, 7, "ab12"), "12:00:00; 3 entries wait, the oldest 4 s."),
        ((0, 1, 60, 7, "ab12"), "12:00:00; 1 entry waits, the oldest 0 s."),
    ],
)
def test_the_page_says_how_far_the_record_is_sealed(state, said, browse, dsl, see, monkeypatch):
    sealed, count, oldest, number, digest = state
    told = SealState(
        sealed_until=None if sealed is None else NOON,
        unsealed_count=count,
        oldest_unsealed_at=None if oldest is None else NOON + timedelta(seconds=oldest),
        head_number=number,
        head_hash=digest,
    )
    monkeypatch.setattr("safeguarding.views.audit.seal_state", lambda: told)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        page = see(browse(dsl), "/audit/")
    assert said in page.text
    assert ("Number 7: ab12" in page.text) is bool(digest)
    assert "longer than they should" not in page.text


def test_a_seal_that_stays_away_is_a_warning(browse, dsl, see, monkeypatch):
    told = SealState(
        sealed_until=NOON,
        unsealed_count=2,
        oldest_unsealed_at=NOON,
        head_number=7,
        head_hash="ab12",
    )
    monkeypatch.setattr("safeguarding.views.audit.seal_state", lambda: told)
    for minutes, is_late in ((10, False), (11, True)):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            page = see(browse(dsl), "/audit/")
        assert ("longer than they should" in page.text) is is_late
