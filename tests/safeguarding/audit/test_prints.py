"""A printed page is on record with the students whom that very page showed."""

from datetime import timedelta

import pytest
import time_machine

from core.audit.models import AuditEntry
from safeguarding.services.alerts import mark_as_read
from safeguarding.services.incidents import Link
from tests.acceptance.page import Page
from tests.factories import make_incident, make_staff, make_student
from tests.safeguarding.audit.entries import NOON


def opened(client, url, **posted):
    """Open a page; return what its script would say when it is printed."""
    answer = client.post(url, posted) if posted else client.get(url)
    assert answer.status_code == 200
    (told,) = [part for part in answer.text.split("<meta ") if part.startswith('name="page-id"')]
    assert 'data-printed-url="/printed/"' in told
    return {"page": told.split('content="')[1].split('"')[0]}


def last():
    return AuditEntry.objects.latest("id")


def test_a_printed_incident_names_its_students_and_who_printed_it(browse, dsl, teacher):
    maddy, elsie = make_student("Maddy", "Plover"), make_student("Elsie", "Sandpiper")
    links = [Link(student=elsie)]
    incident = make_incident(dsl, student=maddy, links=links, recipients=[teacher])
    client = browse(teacher)
    told = opened(client, f"/incidents/{incident.ref}/")
    shown = last()
    assert client.post("/printed/", told).status_code == 204
    printed = last()
    assert (printed.verb, printed.user_id) == ("page.printed", teacher.user_id)
    assert (printed.subject_kind, printed.subject_ref) == ("safeguarding.incident", incident.ref)
    assert printed.students == [maddy.ref, elsie.ref]
    assert printed.facts == {"page": str(shown.ref), "shown": "incident.viewed"}


def test_a_printed_search_names_whom_it_found_and_no_others(browse, dsl):
    found, _other = make_student("Maddy", "Plover"), make_student("Elsie", "Sandpiper")
    client = browse(dsl)
    told = opened(client, "/students/", name="plover")
    client.get("/students/")
    client.post("/printed/", told)
    assert (last().verb, last().students) == ("page.printed", [found.ref])


def test_what_the_browser_says_of_students_is_not_listened_to(browse, dsl):
    found, other = make_student("Maddy", "Plover"), make_student("Elsie", "Sandpiper")
    client = browse(dsl)
    told = opened(client, f"/students/{found.ref}/")
    forged = {"students": str(other.ref), "subject": str(other.ref), "verb": "x"}
    client.post("/printed/", told | forged)
    assert last().students == [found.ref]
    assert last().subject_ref == found.ref


def test_a_page_that_was_never_shown_to_this_person_is_not_there(browse, dsl, teacher):
    incident = make_incident(dsl)
    told = opened(browse(dsl), f"/incidents/{incident.ref}/")
    others = (teacher, make_staff(kind="key_holder"))
    before = last()
    for actor in others:
        assert browse(actor).post("/printed/", told).status_code == 404
    for wrong in ({}, {"page": ""}, {"page": "x" * 300}, {"page": "0" * 32}):
        assert browse(dsl).post("/printed/", wrong).status_code == 404
    assert last() == before
    assert browse(dsl).post("/printed/", told).status_code == 204


def test_a_page_without_pupil_data_leaves_nothing(browse, administrator):
    client = browse(administrator)
    told = opened(client, "/administration/staff/")
    assert client.post("/printed/", told).status_code == 404


def test_a_page_still_open_after_it_was_marked_as_read_is_on_record_when_printed(
    browse, dsl, teacher
):
    incident = make_incident(dsl, recipients=[teacher])
    client = browse(teacher)
    told = opened(client, f"/incidents/{incident.ref}/")
    mark_as_read(actor=teacher, ref=incident.ref)
    assert client.get(f"/incidents/{incident.ref}/").status_code == 404
    assert client.post("/printed/", told).status_code == 204
    assert last().subject_ref == incident.ref


@pytest.mark.parametrize(("hours", "status"), [(8, 204), (9, 404)])
def test_a_page_is_known_for_as_long_as_a_session_lasts(hours, status, browse, dsl):
    with time_machine.travel(NOON, tick=False) as clock:
        told = opened(browse(dsl), f"/students/{make_student().ref}/")
        clock.shift(timedelta(hours=hours))
        assert browse(dsl).post("/printed/", told).status_code == status


def test_pages_of_nobody_carry_no_reference(browse, school_a):
    assert "page-id" not in browse().get("/login/").text
    assert Page(browse().get("/login/")).headings
