"""Viewing an incident (acceptance G4.1, G4.2, G4.5)."""

from datetime import UTC, datetime, timedelta

import time_machine

from core.audit.models import AuditEntry
from safeguarding.models import Alert
from safeguarding.services.alerts import mark_as_read
from safeguarding.services.incidents import Link, settle_case
from safeguarding.terms import Status
from tests.acceptance import rows
from tests.acceptance.page import Page
from tests.acceptance.steps import read, url
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)

MONDAY = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
TEXT = "She said that the dog ate nothing all week."


# What is shown


def test_g4_01_an_incident_shows_everything_that_was_recorded(
    browse, teacher, anna, see, sealed_file
):
    dsl = make_staff(kind="key_holder", given_name="Dee", family_name="Hessel")
    drawing = sealed_file(anna, "drawing.txt")
    with time_machine.travel(MONDAY, tick=False):
        incident = make_incident(
            anna,
            student=make_student("Maddy", "Greenwood", year_group="1"),
            text=TEXT,
            categories=categories("Medical", "Home Issues"),
            agencies=["Police", "Early Help"],
            links=[Link(student=make_student("Elsie", "Davies", year_group="2"))],
            occurred_at=MONDAY - timedelta(hours=2),
            files=[drawing.ref],
            recipients=[teacher],
        )
        settle_case(actor=dsl, ref=incident.ref, status=Status.ACTIVE, assignee=staff_row(dsl))
        page = see(browse(teacher), url(incident))
    for words in (
        "Maddy Greenwood, Year 1",
        "Elsie Davies, Year 2",
        TEXT,
        "Medical",
        "Home Issues",
        "Police",
        "Early Help",
        "Active",
        "Dee Hessel",
        "Anna Cohen",
        "Monday 2 February 2026, 08:00",
        "Monday 2 February 2026, 10:00",
    ):
        assert words in page.text
    assert page.link("drawing.txt").startswith("/files/")


def test_g4_01_actions_stand_below_in_order_with_author_and_time(browse, teacher, dsl, anna, see):
    with time_machine.travel(MONDAY, tick=False) as clock:
        incident = make_incident(anna, text=TEXT, recipients=[teacher, anna])
        for author, text in ((dsl, "First step."), (anna, "Second step."), (dsl, "Third step.")):
            clock.shift(timedelta(hours=1))
            make_action(author, incident, text=text)
        page = see(browse(teacher), url(incident))
    trail = page.between(TEXT)
    assert trail.index("First step.") < trail.index("Second step.") < trail.index("Third step.")
    second = page.between("First step.", "Third step.")
    assert "Anna Cohen" in second
    assert "Monday 2 February 2026, 12:00" in second


def test_g4_01_a_whole_school_incident_says_so_in_the_students_place(browse, dsl, see):
    incident = make_incident(dsl, student=None, is_whole_school=True)
    assert "Whole School Incident" in see(browse(dsl), url(incident)).text


def test_g4_01_what_was_typed_is_shown_as_typed_and_is_no_markup(browse, dsl):
    typed = "<script>alert(1)</script> & “quoted”\nnext line {{ 7*7 }}"
    incident = make_incident(dsl, text=typed)
    answer = browse(dsl).get(url(incident))
    assert "<script>alert" not in answer.content.decode()
    assert typed.replace("\n", " ") in Page(answer).text


def test_g4_01_opening_an_incident_is_on_the_record(browse, teacher, anna):
    incident = make_incident(anna, recipients=[teacher])
    browse(teacher).get(url(incident))
    entry = AuditEntry.objects.get(verb="incident.viewed")
    assert (entry.user_id, entry.subject_ref) == (teacher.user_id, incident.ref)
    assert entry.facts == {"whole": True}


# The page's order


def test_g4_02_add_action_is_below_the_content_and_mark_as_read_is_last(browse, teacher, anna, see):
    incident = make_incident(anna, text=TEXT, recipients=[teacher])
    page = see(browse(teacher), url(incident))
    assert page.headings[-3:-1] == ["Add Action", "Mark as read"]
    assert page.text.index(TEXT) < page.text.index("Action Taken")
    assert page.form("Add Action").captions[-1] == "Add Action"
    assert page.form("Mark as read").captions == ["Mark as read"]


def test_g4_02_mark_as_read_takes_down_who_and_when(browse, teacher, anna):
    with time_machine.travel(MONDAY, tick=False):
        incident = make_incident(anna, recipients=[teacher])
        answer = read(browse(teacher), incident)
    assert answer.url == "/"
    alert = Alert.objects.get(incident=incident)
    assert (alert.recipient_id, alert.read_at) == (teacher.staff_id, MONDAY)
    entry = AuditEntry.objects.get(verb="alert.read")
    assert (entry.user_id, entry.subject_ref) == (teacher.user_id, incident.ref)


def test_g4_02_one_mark_covers_the_incident_and_its_actions(browse, teacher, dsl, anna):
    incident = make_incident(anna, recipients=[teacher])
    make_action(dsl, incident, recipients=[teacher])
    assert Alert.objects.filter(read_at=None).count() == 2
    read(browse(teacher), incident)
    assert not Alert.objects.filter(read_at=None).exists()


def test_g4_02_who_has_no_unread_alert_is_not_offered_to_mark_it(browse, dsl, anna, see):
    incident = make_incident(anna)
    assert "Mark as read" not in see(browse(dsl), url(incident)).text


# Who was alerted and who has read


def test_g4_05_key_holders_see_who_alerted_whom_and_who_has_read_it_when(
    browse, teacher, anna, see
):
    dsl = make_staff(kind="key_holder", given_name="Dee", family_name="Hessel")
    with time_machine.travel(MONDAY, tick=False) as clock:
        late = make_staff(given_name="Lee", family_name="Later")
        incident = make_incident(anna, recipients=[teacher, late])
        make_action(dsl, incident, recipients=[late])
        clock.shift(timedelta(hours=3))
        mark_as_read(actor=teacher, ref=incident.ref)
        readers = see(browse(dsl), url(incident)).between("Who was alerted", "Status and who")
    name = staff_row(teacher).display_name
    assert f"{name} Anna Cohen Incident" in readers
    assert "Lee Later Anna Cohen Incident" in readers
    assert "Lee Later Dee Hessel Action" in readers
    assert readers.count("Not yet") == 2
    read_at = "Monday 2 February 2026, 13:00"
    assert read_at in readers.partition(name)[2].partition("Lee Later")[0]


def test_g4_05_nobody_else_sees_who_has_read(browse, teacher, anna, dsl, see):
    incident = make_incident(anna, recipients=[teacher])
    assert "Who was alerted" in see(browse(dsl), url(incident)).text
    for actor in (teacher, anna):
        page = see(browse(actor), url(incident))
        assert "Who was alerted" not in page.text
        assert "Status and who deals with it" not in page.text


# How many queries it takes


def test_g4_incident_page_takes_the_same_queries_for_1_3_and_100_rows(browse, dsl, statements):
    deputies = [make_staff(kind="key_holder") for _ in range(3)]
    counted = {}
    for number in (1, 3, 100):
        (incident,) = rows.incidents(1, dsl)
        rows.actions(number, dsl, [incident])
        rows.links(number, incident, dsl)
        rows.alerts([incident], deputies[: min(number, 3)], dsl)
        client = browse(dsl)
        with statements() as heard:
            assert client.get(url(incident)).status_code == 200
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 31)


def test_g4_incident_list_takes_the_same_queries_for_1_3_and_100_rows(browse, dsl, statements):
    client, counted = browse(dsl), {}
    for number, more in ((1, 1), (3, 2), (100, 97)):
        rows.actions(2, dsl, rows.incidents(more, dsl))
        with statements() as heard:
            assert client.get("/incidents/").status_code == 200
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 12)


def test_g4_student_page_takes_the_same_queries_for_1_3_and_100_rows(browse, dsl, statements):
    student, client, counted = make_student(), browse(dsl), {}
    for number, more in ((1, 1), (3, 2), (100, 97)):
        rows.actions(2, dsl, rows.incidents(more, dsl, student=student))
        with statements() as heard:
            assert client.get(f"/students/{student.ref}/").status_code == 200
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 18)


def test_g4_student_list_takes_the_same_queries_for_1_3_and_100_rows(browse, dsl, statements):
    client, counted = browse(dsl), {}
    for number, more in ((1, 1), (3, 2), (100, 97)):
        rows.incidents(more, dsl)
        with statements() as heard:
            assert client.get("/students/").status_code == 200
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 9)
