"""The audit as a file: all of it, harmless to spreadsheets, and itself on record."""

import csv
import io
import tracemalloc
from datetime import timedelta

import pytest
import time_machine

from core.audit.models import AuditEntry
from core.spreadsheets import neutral
from core.tenancy import in_school
from safeguarding.selectors.audit import AuditFilter
from safeguarding.services import audit_export
from safeguarding.services.audit_export import export_audit
from tests.factories import make_incident, make_staff, make_student
from tests.safeguarding.audit.entries import NOON, entries, entry, forget_entries


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def maddy(in_school_a):
    return make_student("Maddy", "Plover")


def test_the_file_holds_every_entry_that_was_asked_for_oldest_first(
    browse, dsl, maddy, monkeypatch
):
    forget_entries()
    monkeypatch.setattr(audit_export, "_AT_ONCE", 25)
    entries(53, verb="students.listed", user_id=dsl.user_id, students=[maddy.ref])
    entry(dsl, "incident.viewed", make_incident(dsl, student=maddy))
    rows = rows_of(browse(dsl).get("/audit/export/?kind=list&page=2"))
    assert len(rows) == 53
    assert [row["When (UTC)"] for row in rows] == sorted(row["When (UTC)"] for row in rows)
    first = rows[0]
    assert first["Who"].startswith("Tom Dsl")
    assert first["What"] == "students.listed"
    assert first["In words"] == "opened the list of students"
    assert first["Students"] == "Maddy Plover"
    assert first["Student references"] == str(maddy.ref)
    assert first["When (UTC)"] == "2026-03-16T12:00:00.000+00:00"


def test_the_file_is_for_spreadsheets_and_its_name_names_no_pupil(browse, dsl, maddy):
    with time_machine.travel(NOON, tick=False):
        answer = browse(dsl).get(f"/audit/export/?student={maddy.ref}")
    assert answer["Content-Disposition"] == 'attachment; filename="audit-greenwood-2026-03-16.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbfWhen (UTC),Who,")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1"])
def test_t42_a_cell_is_never_a_formula(cell):
    assert neutral(cell) == f"'{cell}"
    assert neutral(f"x{cell}") == f"x{cell}"


def test_t42_names_that_begin_like_formulas_come_out_as_text(browse, dsl):
    one = make_student("=HYPERLINK(1)", "Plover")
    eve = make_staff(given_name="@Eve", family_name="Cell", kind="key_holder")
    entry(eve, "student.viewed", one, students=[one.ref])
    row = next(r for r in rows_of(browse(dsl).get("/audit/export/?kind=record")))
    assert (row["Who"], row["Students"]) == ("'@Eve Cell", "'=HYPERLINK(1) Plover")


def test_the_export_is_on_record_with_its_rows_and_students_before_a_byte_leaves(
    browse, dsl, maddy
):
    elsie = make_student("Elsie", "Sandpiper")
    entry(dsl, "students.listed", students=[maddy.ref, elsie.ref])
    entry(dsl, "student.viewed", maddy, students=[maddy.ref])
    answer = browse(dsl).get(f"/audit/export/?kind=record&person={dsl.staff_ref}")
    written = AuditEntry.objects.latest("id")
    assert (written.verb, written.user_id) == ("audit.exported", dsl.user_id)
    assert written.facts == {"rows": 1, "kind": "record", "person": str(dsl.staff_ref)}
    assert written.students == [maddy.ref]
    assert len(rows_of(answer)) == 1
    whole = browse(dsl).get("/audit/export/")
    written = AuditEntry.objects.latest("id")
    assert set(written.students) == {maddy.ref, elsie.ref}
    rows = rows_of(whole)
    assert len(rows) == written.facts["rows"]
    assert rows[-1]["Entry"] != str(written.ref)


def test_an_export_that_cannot_be_recorded_does_not_begin(browse, dsl, monkeypatch):
    client = browse(dsl)
    assert client.get("/audit/export/").status_code == 200

    def full_disk(*_args, **_kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr("core.audit.services.record", full_disk)
    client.raise_request_exception = False
    assert client.get("/audit/export/").status_code == 500


def test_an_export_asks_for_the_key_again_after_five_minutes_and_leads_back(browse, dsl):
    url = "/audit/export/?kind=record"
    with time_machine.travel(NOON, tick=False) as clock:
        client = browse(dsl)
        clock.shift(timedelta(minutes=5, seconds=-1))
        assert client.get(url).status_code == 200
        clock.shift(timedelta(seconds=1))
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer["Location"] == "/account/key/?next=%2Faudit%2Fexport%2F%3Fkind%3Drecord"
        assert client.get("/audit/?kind=record").status_code == 200


def test_nobody_else_exports(browse, dsl, teacher, administrator):
    assert browse(dsl).get("/audit/export/").status_code == 200
    for actor in (teacher, administrator):
        assert browse(actor).get("/audit/export/").status_code == 403
        pieces = export_audit(actor=actor, chosen=AuditFilter())
        assert b"".join(pieces).decode().count("\r\n") == 1


def test_the_file_is_of_the_school_that_was_asked_whatever_comes_between(
    browse, school_b, dsl, maddy, monkeypatch
):
    monkeypatch.setattr(audit_export, "_AT_ONCE", 1)
    for _ in range(3):
        entry(dsl, "student.viewed", maddy, students=[maddy.ref])
    answer = browse(dsl).get("/audit/export/?kind=record")
    text = b""
    for piece in answer.streaming_content:
        with in_school(school_b):
            AuditEntry.objects.count()
        text += piece
    assert text.decode().count("Maddy Plover") == 3


def test_memory_does_not_grow_with_the_file(dsl, maddy, monkeypatch):
    monkeypatch.setattr(audit_export, "_AT_ONCE", 100)
    forget_entries()
    peaks = {}
    for number in (200, 1_000):
        entries(number, verb="students.listed", user_id=dsl.user_id, students=[maddy.ref] * 20)
        tracemalloc.start()
        size = sum(len(piece) for piece in export_audit(actor=dsl, chosen=AuditFilter()))
        peaks[number] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert size > 1_000_000
    assert peaks[1_000] < peaks[200] * 1.5
