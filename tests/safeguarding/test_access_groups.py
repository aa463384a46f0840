"""A key holder sees within their access group and does what it lets them do."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.tenancy import in_school
from safeguarding.models import Incident
from safeguarding.services.incidents import Link
from schools.models import Category
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)
from tests.safeguarding.scope import member_of, narrowed

MARK = "Quillfeather"


@pytest.fixture
def hidden(in_school_a: Any, dsl: Any) -> Any:
    """A Child Protection incident of Year 4, which a deputy for Medical and Year 1 may not see."""
    student = make_student("Zebedee", MARK, year_group="4")
    incident = make_incident(
        dsl, student=student, categories=categories("Child Protection"), text=f"{MARK} said."
    )
    incident.action = make_action(dsl, incident, text=f"Telephoned {MARK}.")
    return incident


@pytest.fixture(params=["category", "year"])
def outsider(request: Any, hidden: Any) -> Any:
    """A key holder without the category, or without the year group."""
    scope = {"categories": categories("Medical")} if request.param == "category" else {}
    if request.param == "year":
        scope = {"years": ["1", "2"]}
    return member_of(narrowed(**scope))


def told(response: Any) -> tuple[int, str]:
    body = re.sub(
        r'(csrf\w*(" value="|-token" content="))[A-Za-z0-9]+', r"\1", str(response.content)
    )
    return response.status_code, re.sub(r"[0-9a-f-]{36}", "", body)


def test_t32_without_the_category_or_year_every_address_answers_as_if_it_never_existed(
    browse, hidden, outsider, dsl
):
    reader, colleague, absent = browse(outsider), browse(dsl), uuid4()
    by_ref = [
        ("get", "/incidents/{}/", hidden.ref),
        ("get", "/incidents/{}/amend/", hidden.ref),
        ("get", "/incidents/{}/student/", hidden.ref),
        ("get", "/incidents/{}/categories/", hidden.ref),
        ("get", "/actions/{}/", hidden.action.ref),
        ("get", "/actions/{}/amend/", hidden.action.ref),
        ("post", "/incidents/{}/actions/", hidden.ref),
        ("post", "/incidents/{}/case/", hidden.ref),
        ("post", "/incidents/{}/amend/", hidden.ref),
        ("post", "/incidents/{}/read/", hidden.ref),
        ("post", "/incidents/{}/student/", hidden.ref),
        ("post", "/incidents/{}/categories/", hidden.ref),
        ("post", "/actions/{}/amend/", hidden.action.ref),
    ]
    for method, path, ref in by_ref:
        if method == "get":
            assert colleague.get(path.format(ref)).status_code in (200, 302), path
        answer = getattr(reader, method)(path.format(ref))
        assert answer.status_code == 404, (method, path)
        assert told(answer) == told(getattr(reader, method)(path.format(absent))), path


def test_t32_what_is_hidden_is_on_no_list_in_no_count_and_not_in_the_audit(
    browse, hidden, outsider, dsl
):
    browse(dsl).get(f"/incidents/{hidden.ref}/")
    reader, colleague = browse(outsider), browse(dsl)
    for path in ("/incidents/", "/audit/"):
        assert str(hidden.ref) in colleague.get(path).content.decode(), path
        assert str(hidden.ref) not in reader.get(path).content.decode(), path
    students = reader.get("/students/").content.decode()
    assert MARK not in students or "0 incidents" in students
    record = reader.get(f"/students/{hidden.student.ref}/")
    assert record.status_code == 404 or f"{MARK} said." not in record.content.decode()
    assert record.status_code == 404 or str(hidden.ref) not in record.content.decode()
    export = reader.get("/audit/export/")
    body = b"".join(export.streaming_content).decode()
    assert str(hidden.ref) not in body
    assert str(hidden.ref) in b"".join(colleague.get("/audit/export/").streaming_content).decode()


def test_g4_04_an_unread_alert_opens_what_the_group_does_not_until_it_is_read(
    browse, hidden, outsider, dsl
):
    make_action(dsl, hidden, text="Please look.", recipients=[outsider])
    reader = browse(outsider)
    page = reader.get(f"/incidents/{hidden.ref}/").content.decode()
    assert f"{MARK} said." in page
    assert "You will not be able to read it again" in page
    reader.post(f"/incidents/{hidden.ref}/read/")
    assert reader.get(f"/incidents/{hidden.ref}/").status_code == 404


def test_g2_03_what_is_assigned_stays_open_to_its_assignee_until_it_is_closed(
    browse, hidden, outsider, in_school_a
):
    Incident.objects.filter(pk=hidden.pk).update(assignee_id=outsider.staff_id)
    reader = browse(outsider)
    assert f"{MARK} said." in reader.get(f"/incidents/{hidden.ref}/").content.decode()
    assert MARK in reader.get("/").content.decode()
    reader.post(
        f"/incidents/{hidden.ref}/case/",
        {"status": "closed", "assignee": str(outsider.staff_ref)},
    )
    assert reader.get(f"/incidents/{hidden.ref}/").status_code == 404
    assert MARK not in reader.get("/").content.decode()


def test_t32_a_category_stands_for_its_sub_categories_and_one_other_hides_the_incident(
    browse, dsl, in_school_a
):
    medical, protection = categories("Medical")[0], categories("Child Protection")[0]
    asthma = Category.objects.create(name="Asthma", parent=medical)
    deputy = member_of(narrowed(categories=[medical]))
    mine = make_incident(dsl, categories=[asthma])
    reader = browse(deputy)
    assert reader.get(f"/incidents/{mine.ref}/").status_code == 200
    make_action(dsl, mine, categories=[protection])
    assert reader.get(f"/incidents/{mine.ref}/").status_code == 404


def test_t32_a_linked_student_of_the_year_group_opens_the_incident_not_the_others_record(
    browse, dsl, in_school_a
):
    here, there = make_student(year_group="1"), make_student("Ana", "Other", year_group="9")
    incident = make_incident(dsl, student=there, links=[Link(student=here)])
    reader = browse(member_of(narrowed(years=["1"])))
    assert reader.get(f"/incidents/{incident.ref}/").status_code == 200
    assert reader.get(f"/students/{here.ref}/").status_code == 200
    assert reader.get(f"/students/{there.ref}/").status_code == 404
    answer = reader.post("/students/suggest/", {"query": "Other"}, content_type="application/json")
    assert answer.json()["results"], "everybody may name any student when adding an incident"


def test_t32_without_the_right_to_add_there_is_no_button_no_form_and_no_post(
    browse, dsl, in_school_a
):
    incident = make_incident(dsl)
    may, may_not = member_of(narrowed()), member_of(narrowed(can_add=False))
    assert "/incidents/add/" in browse(may).get("/").content.decode()
    reader = browse(may_not)
    assert "/incidents/add/" not in reader.get("/").content.decode()
    assert 'id="add-action"' in browse(may).get(f"/incidents/{incident.ref}/").content.decode()
    assert 'id="add-action"' not in reader.get(f"/incidents/{incident.ref}/").content.decode()
    for path in ("/incidents/add/", f"/incidents/{incident.ref}/actions/"):
        assert reader.post(path).status_code == 403
    assert reader.get("/incidents/add/").status_code == 403


def test_t32_without_the_right_to_assign_the_status_is_set_and_the_assignee_stays(
    browse, dsl, in_school_a
):
    incident = make_incident(dsl, assignee=staff_row(dsl))
    other = make_staff("other", kind="key_holder")
    reader = browse(member_of(narrowed(can_assign=False)))
    reader.post(
        f"/incidents/{incident.ref}/case/", {"status": "closed", "assignee": str(other.staff_ref)}
    )
    incident.refresh_from_db()
    assert (incident.status, incident.assignee_id) == ("closed", dsl.staff_id)
    browse(dsl).post(
        f"/incidents/{incident.ref}/case/", {"status": "active", "assignee": str(other.staff_ref)}
    )
    incident.refresh_from_db()
    assert (incident.status, incident.assignee_id) == ("active", other.staff_id)


def test_t32_without_the_right_to_export_nothing_is_exported(browse, dsl, in_school_a):
    reader = browse(member_of(narrowed(can_export=False)))
    assert "Export as CSV" in browse(dsl).get("/audit/").content.decode()
    assert "Export as CSV" not in reader.get("/audit/").content.decode()
    assert browse(dsl).get("/audit/export/").status_code == 200
    assert reader.get("/audit/export/").status_code == 403


def test_g6_06_an_assignee_whose_group_does_not_see_the_incident_is_refused_at_the_field(
    browse, dsl, in_school_a
):
    incident = make_incident(dsl, categories=categories("Child Protection"))
    outside = member_of(narrowed(categories=categories("Medical")))
    inside = member_of(narrowed(categories=categories("Child Protection")))
    client, path = browse(dsl), f"/incidents/{incident.ref}/case/"
    page = client.post(path, {"status": "active", "assignee": str(outside.staff_ref)})
    assert "Their access group does not see this incident" in page.content.decode()
    incident.refresh_from_db()
    assert incident.assignee_id is None
    client.post(path, {"status": "active", "assignee": str(inside.staff_ref)})
    incident.refresh_from_db()
    assert incident.assignee_id == inside.staff_id


def _many(dsl: Any, number: int) -> None:
    for _ in range(number):
        make_incident(dsl, categories=categories("Medical"))


@pytest.mark.parametrize("path", ["/incidents/", "/students/", "/"])
def test_t32_a_narrowed_list_asks_as_much_for_one_row_as_for_many(browse, dsl, in_school_a, path):
    reader = browse(member_of(narrowed(categories=categories("Medical"), years=["1"])))
    _many(dsl, 1)
    reader.get(path)
    with CaptureQueriesContext(connection) as one:
        reader.get(path)
    with in_school(in_school_a):
        _many(dsl, 40)
    with CaptureQueriesContext(connection) as many:
        reader.get(path)
    assert len(one) == len(many)


def test_t32_a_key_holder_of_everything_adds_no_condition(in_school_a, dsl):
    assert "WHERE" not in str(Incident.objects.visible_to(dsl.reader).query)
