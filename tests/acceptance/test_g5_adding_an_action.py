"""Adding an action (acceptance G5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.models import User
from safeguarding.models import Action, Alert
from safeguarding.services.incidents import Link
from schools.models import AlertGroup, Staff
from tests.acceptance.page import Form, Page, in_order
from tests.acceptance.steps import url
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)

MONDAY = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
RECIPIENTS = "Add incident alert recipients"
IN_ORDER = [
    "Action Taken",
    "Add Categories",
    "Add action to linked students",
    "Share documents?",
    "Agency Involved",
    "Date/Time",
    "Files",
    "Alert Staff Members",
    RECIPIENTS,
    "Add Action",
]


def form_of(client: Any, incident: Any, query: str = "") -> Form:
    return Page(client.get(url(incident) + query)).form("Add Action")


@pytest.fixture
def incident(anna, teacher):
    return make_incident(anna, recipients=[teacher])


# The form


def test_g5_01_the_fields_stand_in_the_guides_order(browse, teacher, incident):
    captions = form_of(browse(teacher), incident).captions
    captions = [RECIPIENTS if one.startswith(RECIPIENTS) else one for one in captions]
    assert list(dict.fromkeys(in_order(captions, IN_ORDER))) == IN_ORDER


@pytest.mark.parametrize("text", ["", "  \n "])
def test_g5_01_the_text_is_required_and_all_else_stays(browse, teacher, incident, text):
    client = browse(teacher)
    medical = str(categories("Medical")[0].ref)
    typed = {"categories": medical, "on_linked_students": "on", "agencies": "Police"}
    answer = form_of(client, incident).submit(client, text=text, **typed)
    page = Page(answer)
    assert "Write down what was done." in page.text
    kept = page.form("Add Action").fields
    assert {name: kept[name] for name in typed} == {n: [value] for n, value in typed.items()}
    assert not Action.objects.exists()


def test_g5_01_now_is_the_time_unless_another_is_said(browse, teacher, incident):
    with time_machine.travel(datetime(2026, 12, 7, 9, 30, tzinfo=UTC), tick=False):
        client = browse(teacher)
        fields = form_of(client, incident).fields
        assert fields["occurred_at_0"] == ["2026-12-07"]
        assert fields["occurred_at_1"] == ["09:30"]
        form_of(client, incident).submit(
            client, text="Rang.", occurred_at_0="2026-12-01", occurred_at_1="08:15"
        )
        action = Action.objects.get()
        assert action.occurred_at == datetime(2026, 12, 1, 8, 15, tzinfo=UTC)
        assert action.recorded_at == datetime(2026, 12, 7, 9, 30, tzinfo=UTC)


def test_g5_01_an_action_has_not_happened_in_the_future(browse, teacher, incident):
    client = browse(teacher)
    answer = form_of(client, incident).submit(client, text="Rang.", occurred_at_0="2999-01-01")
    assert "This is in the future." in Page(answer).text
    assert not Action.objects.exists()


def test_g5_01_a_file_that_comes_with_the_form_is_on_the_action(
    browse, teacher, dsl, incident, see
):
    client = browse(teacher)
    letter = SimpleUploadedFile("letter.txt", b"Dear all\n")
    answer = form_of(client, incident).submit(client, text="Wrote.", new_files=letter)
    assert answer.status_code == 302
    page = see(browse(dsl), url(incident))
    opened = browse(dsl).get(page.link("letter.txt"))
    assert b"".join(opened.streaming_content) == b"Dear all\n"


def test_g5_01_after_adding_the_page_shows_the_action(browse, teacher, incident, see):
    client = browse(teacher)
    answer = form_of(client, incident).submit(client, text="I rang her mother.")
    action = Action.objects.get()
    assert answer.url == f"{url(incident)}#action-{action.ref}"
    assert "I rang her mother." in see(client, answer.url).text


def test_g5_01_the_forms_own_address_leads_back_to_the_incident(browse, teacher, incident):
    client = browse(teacher)
    answer = client.get(form_of(client, incident).url)
    assert (answer.status_code, answer.url) == (302, url(incident))


# Categories


def test_g5_02_added_categories_show_against_the_original_incident(
    browse, teacher, dsl, incident, see
):
    client = browse(teacher)
    both = [str(one.ref) for one in categories("Attendance", "SEND")]
    form_of(client, incident).submit(client, text="Rang.", categories=both)
    for actor, page in (
        (teacher, url(incident)),
        (teacher, "/"),
        (dsl, "/incidents/"),
        (dsl, f"/students/{incident.student.ref}/"),
    ):
        said = see(browse(actor), page).text
        for name in ("Medical", "Attendance", "SEND"):
            assert name in said


# Linked students


@pytest.mark.parametrize(
    ("ticked", "text_is_there", "file_is_there"),
    [
        ({}, False, False),
        ({"shares_documents": "on"}, False, False),
        ({"on_linked_students": "on"}, True, False),
        ({"on_linked_students": "on", "shares_documents": "on"}, True, True),
    ],
)
def test_g5_03_ticked_the_action_and_if_shared_its_files_are_on_linked_records(
    browse, dsl, see, sealed_file, ticked, text_is_there, file_is_there
):
    elsie, maddy = make_student("Elsie", "Davies"), make_student()
    incident = make_incident(dsl, student=maddy, links=[Link(student=elsie)])
    client = browse(dsl)
    file = str(sealed_file(dsl, "minutes.txt").ref)
    form_of(client, incident).submit(client, text="Held a meeting.", files=file, **ticked)
    linked, own = (see(client, f"/students/{one.ref}/").text for one in (elsie, maddy))
    assert "A quiet text." in linked
    assert ("Held a meeting." in linked, "minutes.txt" in linked) == (text_is_there, file_is_there)
    assert "Held a meeting." in own
    assert "minutes.txt" in own


# Add incident alert recipients


def test_g5_04_the_button_adds_exactly_who_was_alerted_to_the_original_incident(
    browse, teacher, dsl, anna
):
    deputy, later, group_member = make_staff(kind="key_holder"), make_staff(), make_staff()
    incident = make_incident(anna, recipients=[teacher, deputy])
    make_action(dsl, incident, recipients=[later, group_member])
    client = browse(teacher)
    form = form_of(client, incident)
    assert form.offered["incident_recipients"] == ["original"]
    form.submit(client, text="Rang.", incident_recipients="original")
    told = Alert.objects.filter(action__author_id=teacher.staff_id)
    assert {one.recipient_id for one in told} == {teacher.staff_id, deputy.staff_id}


def test_g5_04_each_of_them_is_removable(browse, teacher, dsl, anna):
    """With JavaScript people are posted, not the button: whoever was taken out is not among them."""
    incident = make_incident(anna, recipients=[teacher, dsl])
    client = browse(teacher)
    form_of(client, incident).submit(client, text="Rang.", recipients=str(dsl.staff_ref))
    assert Alert.objects.get(action__isnull=False).recipient_id == dsl.staff_id


def test_g5_04_who_has_left_since_is_not_added(browse, teacher, anna):
    leaver = make_staff()
    incident = make_incident(anna, recipients=[teacher, leaver])
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    client = browse(teacher)
    form_of(client, incident).submit(client, text="Rang.", incident_recipients="original")
    assert Alert.objects.get(action__isnull=False).recipient_id == teacher.staff_id


def test_g5_04_where_nobody_was_alerted_there_is_no_such_button(browse, dsl, see):
    incident = make_incident(dsl)
    assert "Add incident alert recipients" not in see(browse(dsl), url(incident)).text


def test_g5_04_the_button_stays_pressed_when_the_form_comes_back(browse, teacher, incident):
    client = browse(teacher)
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(teacher)])
    ticked = {"incident_recipients": "original", "alert_groups": str(group.ref)}
    answer = form_of(client, incident).submit(client, text="", **ticked)
    kept = Page(answer).form("Add Action").fields
    assert {name: kept.get(name) for name in ticked} == {n: [one] for n, one in ticked.items()}


def test_g5_04_the_plain_list_stays_a_list_when_the_form_comes_back(browse, teacher, dsl, incident):
    client = browse(teacher)
    form = form_of(client, incident, "?list=1")
    assert str(dsl.staff_ref) in form.offered["recipients"]
    answer = form.submit(client, text="", recipients=[str(dsl.staff_ref)])
    again = Page(answer).form("Add Action")
    assert again.fields["recipients"] == [str(dsl.staff_ref)]
    assert str(teacher.staff_ref) in again.offered["recipients"]


# Emails


def test_g5_05_everyone_selected_is_emailed_about_a_newly_added_action(
    browse, teacher, dsl, incident, send_mails
):
    send_mails()
    deputy = make_staff(kind="key_holder")
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(deputy)])
    client = browse(teacher)
    form_of(client, incident).submit(
        client, text="Rang.", recipients=str(dsl.staff_ref), alert_groups=str(group.ref)
    )
    mails = send_mails()
    expected = User.objects.filter(pk__in=[dsl.user_id, deputy.user_id])
    assert {letter.to[0] for letter in mails} == {user.email for user in expected}
    for letter in mails:
        said = " ".join(letter.body.split())
        assert "You need to log in to look at a newly added action" in said
        assert staff_row(teacher).display_name in said
        assert "Rang." not in said


# The trail


def test_g5_06_the_trail_tells_what_was_done_by_whom_when_it_happened_and_was_recorded(
    browse, teacher, anna, see
):
    with time_machine.travel(MONDAY, tick=False) as clock:
        incident = make_incident(anna, recipients=[teacher, anna])
        clock.shift(timedelta(hours=1))
        make_action(anna, incident, text="Recorded first.", occurred_at=MONDAY)
        clock.shift(timedelta(hours=1))
        make_action(
            teacher,
            incident,
            text="Recorded second.",
            occurred_at=MONDAY - timedelta(days=3),
            agencies=["Police"],
        )
        page = see(browse(teacher), url(incident))
    second = page.between("Recorded second.", "Add Action")
    assert page.text.index("Recorded first.") < page.text.index("Recorded second.")
    assert staff_row(teacher).display_name in page.between("Recorded first.", "Recorded second.")
    assert "Happened Friday 30 January 2026, 10:00." in second
    assert "Recorded Monday 2 February 2026, 12:00." in second
    assert "Police" in second


def test_g5_06_who_may_not_read_an_incident_adds_nothing_to_it(browse, teacher, incident):
    stranger = make_staff()
    form = form_of(browse(teacher), incident)
    assert form.submit(browse(stranger), text="Rang.").status_code == 404
    assert not Action.objects.exists()
