"""The dashboard (acceptance G2)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from safeguarding.models import Alert
from safeguarding.services.alerts import mark_as_read
from safeguarding.services.incidents import settle_case
from safeguarding.terms import Status
from schools.models import AccessGroup
from tests.acceptance import rows
from tests.acceptance.page import Page
from tests.factories import (
    acting,
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)

MONDAY = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
MOST_STATEMENTS = 12


def alert_lines(page: Page) -> str:
    return page.between("Alert", "My ")


def assigned_lines(page: Page) -> str:
    return page.between("My Assigned", "My History")


def history_lines(page: Page) -> str:
    return page.between("My History")


# Sections and navigation


def test_g2_01_a_user_without_key_has_alert_and_my_history(browse, teacher, see):
    assert see(browse(teacher), "/").headings == ["Dashboard", "Alert", "My History"]


def test_g2_01_a_key_holder_has_my_assigned_too(browse, dsl, see):
    assert see(browse(dsl), "/").headings == ["Dashboard", "Alert", "My Assigned", "My History"]


def test_g2_01_add_incident_is_at_the_top_before_the_content(browse, teacher, see):
    page = see(browse(teacher), "/")
    assert page.link("Add Incident") == "/incidents/add/"
    assert page.text.index("Add Incident") < page.text.index("My History")


def test_g2_01_the_left_hand_panel_offers_what_the_person_may_open(
    browse, teacher, dsl, administrator, see
):
    offered = {
        name: [words for words, _ in see(browse(actor), "/").links[1:] if words in KNOWN]
        for name, actor in (("teacher", teacher), ("dsl", dsl), ("admin", administrator))
    }
    assert offered == {
        "teacher": ["Dashboard"],
        "dsl": ["Dashboard", "Incidents", "Students"],
        "admin": ["Dashboard", "Administration"],
    }


KNOWN = {"Dashboard", "Incidents", "Students", "Administration"}


# Alert


def test_g2_02_an_alert_says_who_about_whom_every_category_and_when(browse, teacher, anna, see):
    with time_machine.travel(MONDAY, tick=False) as clock:
        incident = make_incident(
            anna,
            student=make_student("Maddy", "Greenwood", year_group="1"),
            categories=categories("Medical", "Home Issues"),
            recipients=[teacher],
        )
        clock.shift(timedelta(hours=7, minutes=20))
        page = see(browse(teacher), "/")
    line = alert_lines(page)
    for words in ("Maddy Greenwood, Year 1", "Medical", "Home Issues", "Anna Cohen", "7 hours ago"):
        assert words in line
    assert page.link("Incident") == f"/incidents/{incident.ref}/"


def test_g2_02_the_exact_time_is_there_on_hover_and_to_a_screen_reader(browse, teacher, anna, see):
    with time_machine.travel(MONDAY, tick=False):
        make_incident(anna, recipients=[teacher])
        page = see(browse(teacher), "/")
    assert page.titles["Monday 2 February 2026, 10:00"] == "2026-02-02T10:00:00+00:00"
    assert "Monday 2 February 2026, 10:00" in alert_lines(page)


def test_g2_02_times_are_those_of_the_school(browse, teacher, anna, see):
    with time_machine.travel(datetime(2026, 7, 6, 9, 30, tzinfo=UTC), tick=False):
        make_incident(anna, recipients=[teacher])
        page = see(browse(teacher), "/")
    assert page.titles["Monday 6 July 2026, 10:30"] == "2026-07-06T10:30:00+01:00"


def test_g2_02_an_alert_to_an_action_has_the_word_action_and_leads_to_the_incident(
    browse, teacher, dsl, anna, see
):
    incident = make_incident(anna)
    make_action(dsl, incident, recipients=[teacher])
    page = see(browse(teacher), "/")
    assert page.link("Action") == f"/incidents/{incident.ref}/"
    assert staff_row(dsl).display_name in alert_lines(page)
    assert staff_row(anna).display_name not in alert_lines(page)
    assert "Incident" not in [words for words, _ in page.links]


def test_g2_02_the_newest_alert_is_first_and_read_ones_are_gone(browse, teacher, anna, see):
    with time_machine.travel(MONDAY, tick=False) as clock:
        told = []
        for name in ("First", "Second", "Third"):
            told.append(make_incident(anna, student=make_student(name), recipients=[teacher]))
            clock.shift(timedelta(minutes=1))
        line = alert_lines(see(browse(teacher), "/"))
        assert line.index("Third") < line.index("Second") < line.index("First")
        mark_as_read(actor=teacher, ref=told[1].ref)
        line = alert_lines(see(browse(teacher), "/"))
    assert "Second" not in line
    assert "First" in line


def test_g2_02_nobody_sees_a_colleagues_alerts(browse, teacher, dsl, anna, see):
    make_incident(anna, recipients=[teacher])
    assert "Maddy" in alert_lines(see(browse(teacher), "/"))
    for other in (make_staff(), dsl, anna):
        assert "Maddy" not in alert_lines(see(browse(other), "/"))


# My Assigned


def test_g2_03_an_incident_stays_in_my_assigned_until_it_is_closed(browse, dsl, anna, see):
    incident = make_incident(anna)
    assert "Maddy" not in assigned_lines(see(browse(dsl), "/"))
    settle_case(actor=dsl, ref=incident.ref, status=Status.ACTIVE, assignee=staff_row(dsl))
    line = assigned_lines(see(browse(dsl), "/"))
    assert "Maddy Greenwood, Year 1" in line
    assert "Anna Cohen" in line
    settle_case(actor=dsl, ref=incident.ref, status=Status.CLOSED, assignee=staff_row(dsl))
    assert "Maddy" not in assigned_lines(see(browse(dsl), "/"))
    settle_case(actor=dsl, ref=incident.ref, status=Status.ACTIVE, assignee=staff_row(dsl))
    assert "Maddy" in assigned_lines(see(browse(dsl), "/"))


def test_g2_03_a_colleagues_assigned_incidents_are_not_mine(browse, dsl, anna, see):
    deputy = make_staff(kind="key_holder")
    make_incident(dsl, assignee=staff_row(deputy), student=make_student("Elsie"))
    assert "Elsie" in assigned_lines(see(browse(deputy), "/"))
    assert "Elsie" not in assigned_lines(see(browse(dsl), "/"))


def test_g2_03_who_no_longer_holds_the_key_has_no_my_assigned(browse, dsl, see):
    make_incident(make_staff(kind="key_holder"), assignee=staff_row(dsl))
    assert "Maddy" in assigned_lines(see(browse(dsl), "/"))
    staff = staff_row(dsl)
    staff.access_group = AccessGroup.objects.get(is_default=True)
    staff.save()
    page = see(browse(acting(staff)), "/")
    assert "My Assigned" not in page.headings
    assert "Maddy" not in page.text


# My History


def test_g2_04_my_history_lists_my_additions_newest_first(browse, teacher, dsl, see):
    with time_machine.travel(MONDAY, tick=False) as clock:
        first = make_incident(teacher, student=make_student("First"))
        clock.shift(timedelta(hours=1))
        told = make_incident(dsl, student=make_student("Second"), recipients=[teacher])
        clock.shift(timedelta(hours=1))
        action = make_action(teacher, told)
        clock.shift(timedelta(hours=1))
        make_incident(teacher, student=make_student("Third"))
        page = see(browse(teacher), "/")
    lines = history_lines(page)
    assert lines.index("Third") < lines.index("Second") < lines.index("First")
    assert f"/incidents/{first.ref}/" in [url for _, url in page.links]
    assert page.link("Action") == f"/actions/{action.ref}/"


def test_g2_04_my_history_lists_nothing_that_others_added(browse, teacher, dsl, see):
    incident = make_incident(teacher, student=make_student("Mine"))
    make_incident(dsl, student=make_student("Theirs"))
    make_action(dsl, incident)
    page = see(browse(teacher), "/")
    assert "Mine" in history_lines(page)
    assert "Theirs" not in page.text
    assert "Action" not in [words for words, _ in page.links]


@pytest.mark.parametrize("kind", ["staff", "key_holder"])
def test_g2_04_my_history_goes_back_seven_days(browse, in_school_a, see, kind):
    with time_machine.travel(MONDAY, tick=False) as clock:
        author = make_staff(kind=kind)
        incident = make_incident(author)
        make_action(author, incident)
        clock.move_to(MONDAY + timedelta(days=7))
        page = see(browse(author), "/")
        assert history_lines(page).count("Maddy") == 2
        clock.shift(timedelta(seconds=1))
        assert "You have added nothing in the last seven days." in see(browse(author), "/").text


def test_g2_04_what_happened_long_ago_is_history_from_when_it_was_added(browse, teacher, see):
    make_incident(teacher, occurred_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert "Maddy" in history_lines(see(browse(teacher), "/"))


def test_g2_04_a_whole_school_incident_has_no_student(browse, teacher, see):
    make_incident(teacher, student=None, is_whole_school=True)
    assert "Whole School Incident" in history_lines(see(browse(teacher), "/"))


# Empty and long sections


def test_g2_05_empty_sections_say_so_in_words(browse, dsl, see):
    page = see(browse(dsl), "/")
    assert "Nobody has alerted you to anything that you have not read." in alert_lines(page)
    assert "No open incident is assigned to you." in assigned_lines(page)
    assert "You have added nothing in the last seven days." in history_lines(page)


def test_g2_05_long_lists_page_each_by_itself_and_say_how_many_there_are(browse, dsl, see):
    rows.alerts(rows.incidents(60, dsl, assignee_id=dsl.staff_id), [dsl], dsl)
    client = browse(dsl)
    page = see(client, "/")
    assert "60 unread" in alert_lines(page)
    assert "60 open" in assigned_lines(page)
    found: dict[str, set[str]] = {name: set() for name in ("alerts", "assigned", "history")}
    for name in found:
        for number in (1, 2):
            page = see(client, f"/?{name}={number}")
            part = {"alerts": alert_lines, "assigned": assigned_lines, "history": history_lines}
            words = part[name](page).split()
            found[name] |= {word.rstrip(",") for word in words if word.startswith("Row")}
    assert {name: len(seen) for name, seen in found.items()} == {
        "alerts": 60,
        "assigned": 60,
        "history": 60,
    }
    assert "/?alerts=2&history=2" in [
        f"/{url}" for _, url in see(client, "/?alerts=1&history=2").links
    ]


@pytest.mark.parametrize("number", ["3", "9999", "0", "-1", "x", "1" * 30])
def test_g2_05_a_page_that_is_not_there_is_the_nearest_one(browse, dsl, see, number):
    rows.alerts(rows.incidents(60, dsl), [dsl], dsl)
    page = see(browse(dsl), f"/?alerts={number}&history={number}")
    assert "60 unread" in page.text
    assert "Row" in alert_lines(page)
    assert "Row" in history_lines(page)


# How many queries it takes


def test_g2_dashboard_takes_the_same_queries_for_1_3_100_and_200_rows(
    browse, dsl, teacher, statements
):
    counted = {}
    for actor in (dsl, teacher):
        client = browse(actor)
        for number, more in ((1, 1), (3, 2), (100, 97), (200, 100)):
            assigned = {"assignee_id": actor.staff_id} if actor is dsl else {}
            added = rows.incidents(more, actor, **assigned)
            rows.actions(1, actor, added)
            rows.alerts(added, [actor], dsl)
            with statements() as heard:
                assert client.get("/").status_code == 200
            assert Alert.objects.filter(recipient_id=actor.staff_id).count() == number
            counted[actor is dsl, number] = len(heard)
    assert counted == {
        (is_dsl, number): 14 if is_dsl else 11
        for is_dsl in (True, False)
        for number in (1, 3, 100, 200)
    }
    assert max(counted.values()) <= MOST_STATEMENTS
