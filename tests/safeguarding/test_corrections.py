"""Amending the record: the original stays readable beneath, who, when and why."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.utils import timezone

from core.identifiers import uuid7
from core.refusals import Refused
from safeguarding.models import Amendment, CategoryChange, Incident
from safeguarding.services import corrections
from safeguarding.services.corrections import NewAmendment
from safeguarding.services.incidents import Link
from schools.services.staff import deactivate_staff
from tests.factories import (
    categories,
    entries_about,
    make_action,
    make_incident,
    make_staff,
    make_student,
)

FIRST, SECOND = "She said Tuesday.", "She said Wednesday."


@pytest.fixture
def incident(dsl: Any, teacher: Any) -> Any:
    return make_incident(teacher, text=FIRST, recipients=[teacher])


def form(row: Any, version: int = 0, **said: Any) -> dict[str, Any]:
    at = timezone.localtime(row.occurred_at)
    return {
        "submission": str(uuid7()),
        "version": str(version),
        "text": SECOND,
        "occurred_at_0": at.strftime("%Y-%m-%d"),
        "occurred_at_1": at.strftime("%H:%M"),
        "reason": "The day was wrong.",
        **said,
    }


def test_g4_05_a_key_holder_amends_the_text_and_the_original_stays_readable(
    browse, dsl, teacher, incident
):
    client, path = browse(dsl), f"/incidents/{incident.ref}/"
    assert client.post(f"{path}amend/", form(incident)).status_code == 302
    page = client.get(path).content.decode()
    assert page.index(SECOND) < page.index(FIRST)
    for words in ("Amended by", "The day was wrong.", dsl.name):
        assert words in page
    readers = browse(teacher).get(path).content.decode()
    assert SECOND in readers
    assert FIRST not in readers
    assert "Amended by a key holder" in readers
    was = incident.occurred_at
    incident.refresh_from_db()
    assert incident.occurred_at == was, "seconds that no form shows are no amendment"
    assert entries_about(incident.ref).filter(verb="incident.amended").count() == 1


def test_g5_06_an_action_is_amended_likewise_and_once_for_a_double_click(browse, dsl, incident):
    action = make_action(dsl, incident, text=FIRST)
    client, said = browse(dsl), form(action)
    for _ in range(2):
        assert client.post(f"/actions/{action.ref}/amend/", said).status_code == 302
    assert Amendment.objects.filter(action=action).count() == 1
    action.refresh_from_db()
    assert action.text == SECOND
    assert (
        "Amended by a key holder"
        in client.get(f"/students/{incident.student.ref}/").content.decode()
    )


def test_g4_05_whoever_amends_second_is_shown_the_newer_text_and_loses_nothing(
    browse, dsl, incident
):
    other = make_staff("other", kind="key_holder")
    path = f"/incidents/{incident.ref}/amend/"
    browse(dsl).post(path, form(incident))
    second = form(incident, text="She said Thursday.", reason="I was there.")
    client = browse(other)
    page = client.post(path, second).content.decode()
    for words in ("Somebody amended this", SECOND, "She said Thursday.", "I was there.", dsl.name):
        assert words in page
    assert 'name="version" value="1"' in page
    incident.refresh_from_db()
    assert incident.text == SECOND
    client.post(path, {**second, "version": "1"})
    incident.refresh_from_db()
    assert incident.text == "She said Thursday."
    texts = (
        Amendment.objects.filter(incident=incident).order_by("id").values_list("text", flat=True)
    )
    assert list(texts) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": " "}, "Say why it is corrected."),
        ({"text": " "}, "It must say something."),
        ({"text": FIRST}, "Nothing is different."),
        ({"occurred_at_0": "2090-01-01"}, "This is after it was recorded here."),
    ],
)
def test_g4_05_an_amendment_without_sense_is_refused_at_its_field(
    browse, dsl, incident, said, words
):
    page = browse(dsl).post(f"/incidents/{incident.ref}/amend/", form(incident, **said))
    assert words in page.content.decode()
    assert not Amendment.objects.exists()


def test_g4_05_the_time_is_corrected_and_the_earlier_one_kept(browse, dsl, incident):
    earlier = timezone.localtime(incident.occurred_at - timedelta(hours=3))
    was = incident.occurred_at
    said = form(
        incident,
        text=FIRST,
        occurred_at_0=earlier.strftime("%Y-%m-%d"),
        occurred_at_1=earlier.strftime("%H:%M"),
    )
    client = browse(dsl)
    client.post(f"/incidents/{incident.ref}/amend/", said)
    incident.refresh_from_db()
    assert incident.occurred_at == earlier.replace(second=0, microsecond=0)
    assert Amendment.objects.get().occurred_at == was
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert "Until then it said that it happened" in page


def test_t30_nobody_without_the_key_amends_even_their_own_incident(browse, teacher, dsl, incident):
    for page in ("amend", "student", "categories"):
        path = f"/incidents/{incident.ref}/{page}/"
        assert browse(dsl).get(path).status_code == 200
        assert browse(teacher).get(path).status_code == 403
        assert browse(teacher).post(path, form(incident)).status_code == 403


@pytest.mark.parametrize("correct", ["amend", "student", "categories"])
def test_t30_the_services_refuse_an_author_without_the_key_by_themselves(
    correct, dsl, teacher, incident
):
    new = NewAmendment(
        submission=uuid7(), version=0, text=SECOND, occurred_at=incident.occurred_at, reason="Why"
    )
    said = {
        "amend": lambda actor: corrections.amend_incident(actor=actor, ref=incident.ref, new=new),
        "student": lambda actor: corrections.correct_student(
            actor=actor, ref=incident.ref, student=other, reason="Why", submission=uuid7()
        ),
        "categories": lambda actor: corrections.change_categories(
            actor=actor, ref=incident.ref, added=categories("SEND"), removed=[]
        ),
    }
    other = make_student("Elsie")
    with pytest.raises(Refused):
        said[correct](teacher)
    said[correct](dsl)


def test_g4_05_what_it_said_before_cannot_be_changed_or_deleted(browse, dsl, incident):
    browse(dsl).post(f"/incidents/{incident.ref}/amend/", form(incident))
    kept = Amendment.objects.all()
    for attempt in (lambda: kept.update(text="Nothing."), lambda: kept._raw_delete("default")):
        with pytest.raises((InternalError, ProgrammingError)) as refused, transaction.atomic():
            attempt()
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert kept.get().text == FIRST


def test_g6_01_the_wrong_student_is_corrected_and_both_records_say_so(browse, dsl, incident):
    wrong, right = incident.student, make_student("Ana", "Right")
    client = browse(dsl)
    said = {"submission": str(uuid7()), "student": str(right.ref), "reason": "A namesake."}
    for _ in range(2):
        client.post(f"/incidents/{incident.ref}/student/", said)
    incident.refresh_from_db()
    assert incident.student == right
    assert Amendment.objects.get().student == wrong
    theirs = client.get(f"/students/{wrong.ref}/").content.decode()
    assert "moved an incident that was not about this student" in theirs
    assert FIRST not in theirs
    assert FIRST in client.get(f"/students/{right.ref}/").content.decode()
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert "Student corrected by" in page
    assert "A namesake." in page
    entry = entries_about(incident.ref).get(verb="incident.moved")
    assert {wrong.ref, right.ref} <= set(entry.students)


def test_g6_03_a_linked_student_who_is_the_right_one_is_linked_no_more(browse, dsl, in_school_a):
    right = make_student("Ana", "Right")
    incident = make_incident(dsl, links=[Link(student=right)])
    said = {"submission": str(uuid7()), "student": str(right.ref), "reason": "It was her."}
    browse(dsl).post(f"/incidents/{incident.ref}/student/", said)
    incident = Incident.objects.get(pk=incident.pk)
    assert incident.student == right
    assert not incident.links.exists()


def test_g4_01_categories_are_put_on_and_taken_off_with_who_and_when(browse, dsl, incident):
    medical, send = categories("Medical")[0], categories("SEND")[0]
    make_action(dsl, incident, categories=categories("Attendance"))
    client, path = browse(dsl), f"/incidents/{incident.ref}/categories/"
    client.post(path, {"shown": str(medical.ref), "categories": [str(send.ref)]})
    assert list(incident.categories.all()) == [send]
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert "taken off by" in page
    assert "added by" in page
    assert "Attendance" in page, "what an action added stays"
    assert CategoryChange.objects.filter(author_id=dsl.staff_id).count() == 2
    refused = client.post(path, {"shown": str(send.ref), "categories": []})
    assert "Every incident has at least one category" in refused.content.decode()
    assert list(incident.categories.all()) == [send]


def test_g4_01_two_who_change_different_categories_do_not_undo_each_other(browse, dsl, incident):
    medical, send, attendance = (categories(n)[0] for n in ("Medical", "SEND", "Attendance"))
    path, shown = f"/incidents/{incident.ref}/categories/", str(medical.ref)
    for other in (send, attendance):
        said = {"shown": shown, "categories": [str(medical.ref), str(other.ref)]}
        browse(dsl).post(path, said)
    assert set(incident.categories.all()) == {medical, send, attendance}


def test_g2_03_reassigning_takes_it_from_one_and_gives_it_to_the_other(browse, dsl, incident):
    other = make_staff("other", kind="key_holder")
    path = f"/incidents/{incident.ref}/case/"
    for assignee in (dsl, other):
        browse(dsl).post(path, {"status": "active", "assignee": str(assignee.staff_ref)})
    assert str(incident.ref) not in browse(dsl).get("/").content.decode()
    assert str(incident.ref) in browse(other).get("/").content.decode()
    browse(dsl).post(path, {"status": "active", "assignee": ""})
    incident.refresh_from_db()
    assert incident.assignee is None
    assert str(incident.ref) not in browse(other).get("/").content.decode()


def test_g2_03_open_incidents_of_who_left_are_pointed_out_to_who_may_assign(
    browse, dsl, administrator, incident
):
    leaver = make_staff("leaver", kind="key_holder")
    client, path = browse(dsl), f"/incidents/{incident.ref}/case/"
    client.post(path, {"status": "active", "assignee": str(leaver.staff_ref)})
    assert "who left" not in client.get("/").content.decode()
    deactivate_staff(actor=administrator, ref=leaver.staff_ref)
    assert "1 open incident is assigned to somebody who left" in client.get("/").content.decode()
    assert str(incident.ref) in client.get("/incidents/?assigned=left").content.decode()
    assert (
        "Nobody deals with this incident"
        in client.get(f"/incidents/{incident.ref}/").content.decode()
    )
    client.post(path, {"status": "active", "assignee": str(dsl.staff_ref)})
    assert "who left" not in client.get("/").content.decode()


def test_g4_05_the_list_is_narrowed_by_status_category_assignee_year_and_day(
    browse, dsl, in_school_a
):
    one = make_incident(dsl, student=make_student(year_group="1"))
    two = make_incident(dsl, student=make_student(year_group="4"), categories=categories("SEND"))
    client = browse(dsl)
    client.post(f"/incidents/{two.ref}/case/", {"status": "closed", "assignee": str(dsl.staff_ref)})
    send = categories("SEND")[0].ref
    for query in (
        "status=closed", f"category={send}", f"assigned={dsl.staff_ref}", "year_group=4"
    ):  # fmt: skip
        page = client.get(f"/incidents/?{query}").content.decode()
        assert str(two.ref) in page, query
        assert str(one.ref) not in page, query
    assert str(one.ref) in client.get("/incidents/?assigned=nobody").content.decode()
    day = timezone.localtime(one.recorded_at).date()
    assert str(one.ref) in client.get(f"/incidents/?since={day}&until={day}").content.decode()
    gone = client.get(f"/incidents/?until={day - timedelta(days=1)}").content.decode()
    assert "No incident is like that." in gone
