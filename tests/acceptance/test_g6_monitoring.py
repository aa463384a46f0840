"""Linked students: monitored, with documents shared or not (acceptance G6.3)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist

from core import clock
from core.refusals import Refused
from safeguarding.models import Monitoring
from safeguarding.services.incidents import Link
from safeguarding.services.monitoring import stop_monitoring
from tests.acceptance import rows
from tests.acceptance.page import Page
from tests.acceptance.steps import status
from tests.factories import categories, entries_about, make_incident, make_student, staff_row


@pytest.fixture
def zoe(in_school_a):
    return make_student("Zoë", "Bailey")


@pytest.fixture
def monitor(teacher, student):
    def begin(whom, *names):
        links = [Link(student=whom, is_monitored=True)]
        return make_incident(teacher, student=student, links=links, categories=categories(*names))

    return begin


def record(student):
    return f"/students/{student.ref}/"


def test_g6_03_a_linked_student_is_monitored_under_the_same_categories(
    browse, dsl, teacher, add, zoe, see
):
    chosen = categories("Medical", "SEND")
    add(
        browse(teacher),
        linked=str(zoe.ref),
        monitor=str(zoe.ref),
        categories=[str(one.ref) for one in chosen],
    )
    assert {one.category for one in Monitoring.objects.filter(student=zoe)} == set(chosen)
    said = see(browse(dsl), record(zoe)).text
    assert "Stop monitoring under Medical" in said
    assert "Stop monitoring under SEND" in said
    assert staff_row(teacher).display_name in said


def test_g6_03_the_list_of_students_shows_who_is_monitored_and_only_those_if_asked(
    browse, dsl, student, zoe, monitor, see
):
    client = browse(dsl)
    assert "No student on roll is monitored." in see(client, "/students/?monitored=1").text
    monitor(zoe, "Medical")
    said = see(client, "/students/").text
    assert "Monitored: Medical" in said
    assert student.display_name in said
    said = see(client, "/students/?monitored=1").text
    assert zoe.display_name in said
    assert student.display_name not in said
    said = see(client.post("/students/", {"name": "", "is_monitored": "on"})).text
    assert student.display_name not in said
    assert zoe.display_name in said


def test_g6_03_a_dsl_stops_monitoring_and_the_record_says_who_and_when(
    browse, dsl, zoe, monitor, see
):
    monitor(zoe, "Medical")
    client = browse(dsl)
    page = Page(client.get(record(zoe)))
    answer = page.form("Stop monitoring under Medical").submit(client)
    assert answer["Location"] == record(zoe)
    said = see(client, record(zoe)).text
    assert "no longer monitored under Medical" in said
    assert "Stop monitoring under" not in said
    assert "stopped by" in said
    assert staff_row(dsl).display_name in said
    one = Monitoring.objects.get()
    assert (one.ended_by_id, entries_about(one.ref).get().students) == (dsl.staff_id, [zoe.ref])
    assert "Monitored: Medical" not in see(client, "/students/").text


def test_g6_03_stopping_twice_is_the_same_as_once(dsl, zoe, monitor):
    monitor(zoe, "Medical")
    ref = Monitoring.objects.get().ref
    ended_at = stop_monitoring(actor=dsl, ref=ref).ended_at
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        assert stop_monitoring(actor=dsl, ref=ref).ended_at == ended_at
    assert entries_about(ref).count() == 1


def test_g6_03_monitoring_may_begin_again_and_not_twice_at_a_time(dsl, zoe, monitor):
    first = monitor(zoe, "Medical")
    monitor(zoe, "Medical")
    assert Monitoring.objects.get().incident == first
    stop_monitoring(actor=dsl, ref=Monitoring.objects.get().ref)
    again = monitor(zoe, "Medical")
    assert Monitoring.objects.get(ended_at__isnull=True).incident == again


def test_g6_03_who_holds_no_key_stops_nothing(browse, dsl, teacher, zoe, monitor):
    monitor(zoe, "Medical")
    one = Monitoring.objects.get()
    with pytest.raises(Refused):
        stop_monitoring(actor=teacher, ref=one.ref)
    assert browse(teacher).post(f"/monitoring/{one.ref}/stop/").status_code == 403
    assert browse(dsl).post(f"/monitoring/{zoe.ref}/stop/").status_code == 404
    with pytest.raises(ObjectDoesNotExist):
        stop_monitoring(actor=dsl, ref=zoe.ref)
    assert Monitoring.objects.get().ended_at is None
    assert browse(dsl).post(f"/monitoring/{one.ref}/stop/").status_code == 302


@pytest.mark.parametrize("shares", [True, False])
def test_g6_03_documents_are_shared_for_each_linked_student_by_itself(
    browse, dsl, teacher, student, zoe, sealed_file, see, shares
):
    other = make_student("Ada", "Quist")
    file = sealed_file(teacher)
    make_incident(
        teacher,
        student=student,
        files=[file.ref],
        links=[
            Link(student=zoe, shares_documents=shares),
            Link(student=other, shares_documents=not shares),
        ],
    )
    client = browse(dsl)
    assert ("letter.txt" in see(client, record(zoe)).text) is shares
    assert ("letter.txt" in see(client, record(other)).text) is not shares
    assert "letter.txt" in see(client, record(student)).text
    # A key holder may read the incident itself, and so its file.
    assert status(client, f"/files/{file.ref}/") == 200


@pytest.mark.parametrize("number", [1, 100])
def test_g6_03_the_list_asks_the_same_questions_however_many_are_monitored(
    browse, dsl, teacher, student, number, statements
):
    incident = make_incident(teacher, student=student)
    rows.links(number, incident, teacher)
    client = browse(dsl)
    client.get("/students/?monitored=1")
    with statements() as heard:
        client.get("/students/?monitored=1")
    assert len(heard) == LIST_QUERIES


LIST_QUERIES = 9
