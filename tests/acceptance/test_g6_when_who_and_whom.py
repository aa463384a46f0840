"""Adding an incident: when, whose it is, who is told (acceptance G6.5–G6.7)."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from safeguarding.forms import IncidentForm
from safeguarding.models import Alert, Incident
from schools.models import AlertGroup, Staff
from tests.acceptance.page import Page, in_order
from tests.acceptance.steps import address_of, form_of, refs
from tests.factories import make_incident, make_staff, staff_row

# Date and time


def test_g6_05_now_in_the_schools_zone_is_the_time_unless_another_is_said(browse, teacher, add):
    with time_machine.travel(datetime(2026, 7, 6, 22, 45, tzinfo=UTC), tick=False):
        client = browse(teacher)
        fields = form_of(client).fields
        assert (fields["occurred_at_0"], fields["occurred_at_1"]) == (["2026-07-06"], ["23:45"])
        add(client, occurred_at_0="2026-07-06", occurred_at_1="08:30")
    incident = Incident.objects.get()
    assert incident.occurred_at == datetime(2026, 7, 6, 7, 30, tzinfo=UTC)
    assert incident.recorded_at == datetime(2026, 7, 6, 22, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "is_taken"),
    [
        ("2026-02-02", "10:00", True),
        ("2026-02-02", "10:01", True),
        ("2026-02-02", "10:02", False),
        ("2026-02-03", "09:00", False),
        ("2126-02-02", "10:00", False),
        ("1999-12-31", "23:59", True),
    ],
)
def test_g6_05_it_has_not_happened_in_the_future(browse, teacher, add, day, hour, is_taken):
    now = datetime(2026, 2, 2, 10, 0, 30, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        answer = add(browse(teacher), occurred_at_0=day, occurred_at_1=hour)
        assert Incident.objects.exists() is is_taken
        if is_taken:
            assert Incident.objects.get().occurred_at <= now
        else:
            assert "This is in the future. Enter when it happened." in Page(answer).text


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="half past one, the first time"),
        pytest.param(
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC), id="half past one, the second time"
        ),
        pytest.param(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), id="before the clocks go forward"),
        pytest.param(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), id="after the clocks went forward"),
    ],
)
def test_g6_05_now_is_taken_on_the_nights_on_which_the_clocks_change(browse, teacher, add, now):
    with time_machine.travel(now, tick=False):
        assert add(browse(teacher)).status_code == 302
    assert Incident.objects.get().occurred_at == now


def test_g6_05_a_time_that_never_was_is_refused_with_the_reason(browse, teacher, add):
    with time_machine.travel(datetime(2026, 3, 30, 9, 0, tzinfo=UTC), tick=False):
        answer = add(browse(teacher), occurred_at_0="2026-03-29", occurred_at_1="01:30")
    assert "The clocks went forward then" in Page(answer).text
    assert not Incident.objects.exists()


def test_g6_05_times_are_those_of_another_school_zone(browse, school_a, teacher, add, monkeypatch):
    monkeypatch.setattr(school_a, "time_zone", "Pacific/Auckland")
    with (
        timezone.override(ZoneInfo("Pacific/Auckland")),
        time_machine.travel(datetime(2026, 7, 6, 22, 45, tzinfo=UTC), tick=False),
    ):
        first = IncidentForm(actor=teacher).initial["occurred_at"]
    assert first.isoformat() == "2026-07-07T10:45:00+12:00"


# Status and assignee


def test_g6_06_an_incident_is_active_unless_closed_is_chosen(browse, teacher, add):
    client = browse(teacher)
    form = form_of(client)
    assert form.fields["status"] == ["active"]
    assert in_order(form.captions, ["Active", "Closed"]) == ["Active", "Closed"]
    add(client)
    add(client, status="closed")
    active, closed = Incident.objects.order_by("id")
    assert (active.status, active.closed_at, active.closed_by) == ("active", None, None)
    assert (closed.status, closed.closed_by_id) == ("closed", teacher.staff_id)
    assert closed.closed_at == closed.recorded_at


def test_g6_06_assign_to_offers_key_holders_only(browse, teacher, dsl, administrator):
    client = browse(dsl)
    assert form_of(client, "?list=1").offered["assignee"] == ["", str(dsl.staff_ref)]
    found = client.post(
        "/staff/suggest-key-holders/", {"query": "Tom"}, content_type="application/json"
    ).json()["results"]
    assert [one["ref"] for one in found] == [str(dsl.staff_ref)]


def test_g6_06_only_key_holders_assign(browse, teacher, dsl, add):
    client = browse(teacher)
    form = form_of(client)
    assert "assignee" not in form.fields | form.offered
    assert "DSL level to complete" in Page(client.get("/incidents/add/")).text
    answer = add(client, assignee=str(dsl.staff_ref))
    assert answer.status_code == 200
    assert not Incident.objects.exists()
    assert add(browse(dsl), assignee=str(dsl.staff_ref)).status_code == 302
    assert Incident.objects.get().assignee_id == dsl.staff_id


@pytest.mark.parametrize("kind", ["staff", "administrator"])
def test_g6_06_an_incident_is_assigned_to_nobody_but_a_key_holder(browse, dsl, add, kind):
    answer = add(browse(dsl), assignee=str(make_staff(kind=kind).staff_ref))
    assert "Choose a key holder." in Page(answer).text
    assert not Incident.objects.exists()


def test_g6_06_a_key_holder_who_has_left_is_neither_offered_nor_taken(browse, dsl, add):
    leaver = make_staff(kind="key_holder")
    assert str(leaver.staff_ref) in form_of(browse(dsl), "?list=1").offered["assignee"]
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    assert str(leaver.staff_ref) not in form_of(browse(dsl), "?list=1").offered["assignee"]
    assert add(browse(dsl), assignee=str(leaver.staff_ref)).status_code == 200
    assert not Incident.objects.exists()


def test_g6_06_the_assignee_is_emailed_and_has_it_in_my_assigned_until_closed(
    browse, dsl, add, see, send_mails
):
    deputy = make_staff(kind="key_holder")
    add(browse(dsl), assignee=str(deputy.staff_ref))
    (letter,) = send_mails()
    assert letter.to == [address_of(deputy)]
    assert letter.subject == "An incident is assigned to you: Medical"
    assert "Maddy" in see(browse(deputy), "/").between("My Assigned", "My History")
    settle(browse(deputy), status="closed")
    assert "Maddy" not in see(browse(deputy), "/").between("My Assigned", "My History")
    assert send_mails() == []


def settle(client: Any, **typed: Any) -> Any:
    """Fill in ‘Status and who deals with it’ on the one incident there is."""
    incident = Incident.objects.get()
    return Page(client.get(f"/incidents/{incident.ref}/")).form("Save").submit(client, **typed)


def test_g6_06_who_is_assigned_later_is_emailed_and_who_stays_is_not(browse, dsl, send_mails):
    deputy = make_staff(kind="key_holder")
    make_incident(dsl, assignee=staff_row(dsl))
    send_mails()
    settle(browse(dsl), status="closed")
    settle(browse(dsl), status="active")
    assert send_mails() == []
    settle(browse(dsl), assignee=str(deputy.staff_ref))
    assert [letter.to for letter in send_mails()] == [[address_of(deputy)]]
    settle(browse(dsl), assignee=None)
    assert send_mails() == []
    assert Incident.objects.get().assignee is None


def test_g6_06_a_user_without_key_settles_nothing(browse, teacher, dsl):
    incident = make_incident(teacher, recipients=[teacher])
    for person in (teacher, make_staff(kind="administrator")):
        answer = browse(person).post(f"/incidents/{incident.ref}/case/", {"status": "closed"})
        assert answer.status_code == 403
    assert Incident.objects.get().status == "active"
    assert settle(browse(dsl), status="closed").status_code == 302
    assert Incident.objects.get().closed_by_id == dsl.staff_id


@pytest.mark.parametrize("typed", [{"status": ""}, {"status": "x"}, {"assignee": "x"}])
def test_g6_06_what_cannot_be_is_refused_on_the_incidents_page(browse, dsl, typed):
    make_incident(dsl)
    answer = settle(browse(dsl), **typed)
    assert answer.status_code == 200
    assert "There is a problem" in Page(answer).text or "Error" in Page(answer).text
    assert Incident.objects.get().status == "active"


# Alerting


def test_g6_07_a_name_filters_registered_staff(browse, teacher):
    make_staff(given_name="Anaïs", family_name="Cohen")
    leaver = make_staff(given_name="Anaïs", family_name="Leaver")
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    answer = browse(teacher).post(
        "/staff/suggest/", {"query": "anais"}, content_type="application/json"
    )
    assert [one["label"] for one in answer.json()["results"]] == ["Anaïs Cohen"]
    offered = form_of(browse(teacher), "?list=1").offered["recipients"]
    assert answer.json()["results"][0]["ref"] in offered
    assert str(leaver.staff_ref) not in offered


def test_g6_07_an_alert_groups_button_alerts_its_members_without_javascript(
    browse, teacher, dsl, add
):
    leaver, retired_member = make_staff(), make_staff()
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(one) for one in (dsl, leaver)])
    retired = AlertGroup.objects.create(name="Old team", is_active=False)
    retired.members.set([staff_row(retired_member)])
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    client = browse(teacher)
    form = form_of(client)
    assert form.offered["alert_groups"] == [str(group.ref)]
    assert any(one.startswith("Safeguarding team") for one in form.captions)
    other = make_staff()
    add(client, recipients=str(other.staff_ref), alert_groups=refs(group, retired))
    assert {one.recipient_id for one in Alert.objects.all()} == {dsl.staff_id, other.staff_id}


def test_g6_07_chosen_names_are_shown_and_removable(browse, teacher, dsl, add):
    form = Page(add(browse(teacher), text="", recipients=str(dsl.staff_ref))).form("Add Incident")
    assert form.fields["recipients"] == [str(dsl.staff_ref)]
    assert f"Remove {staff_row(dsl).display_name}" in form.captions


def test_g6_07_who_has_left_since_they_were_chosen_is_not_alerted(browse, teacher, dsl, add):
    leaver = make_staff()
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    client = browse(teacher)
    answer = add(client, recipients=[str(leaver.staff_ref), str(dsl.staff_ref)])
    page = Page(answer)
    assert "Somebody you chose no longer works here" in page.text
    form = page.form("Add Incident")
    assert form.fields["recipients"] == [str(dsl.staff_ref)]
    form.submit(client)
    assert Alert.objects.get().recipient_id == dsl.staff_id


def test_g6_07_a_group_whose_members_have_all_left_says_so_and_alerts_nobody(browse, teacher, add):
    leaver = make_staff()
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(leaver)])
    client = browse(teacher)
    assert "nobody is left in it" not in client.get("/incidents/add/").text
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    assert "nobody is left in it" in client.get("/incidents/add/").text
    add(client, alert_groups=str(group.ref))
    assert Incident.objects.exists()
    assert not Alert.objects.exists()
