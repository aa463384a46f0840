"""Bringing schools on at the ops face: found in the register, asked for, watched."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEntry
from core.tenancy import in_control_plane
from schools.tasks import bring_on
from tenants.models import Establishment, Onboarding, School
from tenants.terms import Step
from tests.control_plane import at, forget_people, make_operator
from tests.factories import forget_school
from tests.tenants.registers import line, write

NEW = {
    "urn": "850001",
    "name": "Console Ash School",
    "slug": "console-ash",
    "plan": "trust",
    "admin_given_name": "Ada",
    "admin_family_name": "Ash",
    "admin_email": "head@ash.example",
    "mis_source": "oneroster",
}


@pytest.fixture
def ops(db, tmp_path):
    """An operator's browser, and a register of three schools of one trust."""
    lines = [
        line(f"85000{n}", f"Console {name} School")
        for n, name in enumerate(("Ash", "Elm", "Oak"), 1)
    ]
    call_command("load_gias", str(write(tmp_path / "gias.csv", *lines)), stdout=StringIO())
    return at(make_operator())


def rows():
    with in_control_plane():
        return list(Onboarding.objects.order_by("urn"))


def test_a_school_is_found_by_words_or_urn_and_offered_with_what_the_register_knows(ops):
    for words in ("console ash", "850001", "rutland ASH"):
        found = ops.get("/onboarding/", {"words": words}).content.decode()
        assert 'href="/onboarding/new/?urn=850001"' in found, words
        assert "850002" not in found
    assert (
        "Nothing in the register" in ops.get("/onboarding/", {"words": "nowhere"}).content.decode()
    )
    page = ops.get("/onboarding/new/", {"urn": "850001"}).content.decode()
    assert 'value="console-ash"' in page
    assert "Rutland" in page
    assert "1 High Street, Oakham, LE15 6AA" in page
    assert ops.get("/onboarding/new/", {"urn": "000000"})["Location"] == "/onboarding/"


def test_what_is_asked_for_is_taken_down_and_its_page_looks_again_by_itself(ops):
    answer = ops.post("/onboarding/new/", NEW)
    (row,) = rows()
    assert answer["Location"] == f"/onboarding/{row.batch}/"
    assert {name: getattr(row, name) for name in NEW} == NEW
    page = ops.get(answer["Location"]).content.decode()
    assert "0 of 1 school are open" in page
    assert "Waiting" in page
    assert 'http-equiv="refresh"' in page
    with in_control_plane():
        Onboarding.objects.update(step=Step.OPENED, opened_at=row.asked_at)
    page = ops.get(answer["Location"]).content.decode()
    assert "1 of 1 school is open" in page
    assert 'http-equiv="refresh"' not in page
    assert ops.get("/onboarding/01a21093-b92a-7255-a6f9-43025722bc06/").status_code == 404
    with in_control_plane():
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"onboarding.asked", "onboarding.viewed", "register.searched"} >= verbs & {
        "onboarding.asked"
    }
    assert {"onboarding.asked", "onboarding.viewed"} <= verbs


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("slug", "he1pdesk", "looks like, a name of the platform"),
        ("slug", "", "This field is required"),
        ("slug", "Ash", "Use lower-case letters"),
        ("admin_email", "head", "Give the administrator’s full email address."),
        ("name", "", "This field is required"),
    ],
)
def test_an_error_is_said_at_its_field_and_what_was_typed_stays(ops, field, value, said):
    page = ops.post("/onboarding/new/", NEW | {field: value}).content.decode()
    assert said in page.replace("&#x27;", "’").replace("'", "’")
    assert f'id="id_{field}-error"' in page or f'href="#id_{field}"' in page
    assert 'value="Ada"' in page
    assert rows() == []


def test_a_list_of_schools_is_asked_for_as_a_whole_or_refused_line_by_line(ops):
    def send(text):
        return ops.post("/onboarding/list/", {"lines": text})

    page = send("urn,admin_email\n850001,head@ash.example\n999999,head\n").content.decode()
    assert "Line 3, urn: No establishment has this URN" in page
    assert "Line 3, admin_email" in page
    assert "850001,head@ash.example" in page
    assert rows() == []
    assert "Columns are missing: admin_email" in send("urn\n850001\n").content.decode()
    assert "Paste the list" in send("").content.decode()
    answer = send("urn,admin_email\n850001,head@ash.example\n850002,head@elm.example\n")
    assert answer["Location"] == f"/onboarding/{rows()[0].batch}/"
    assert [row.slug for row in rows()] == ["console-ash", "console-elm"]


def test_a_trusts_schools_come_as_a_list_to_fill_in(ops):
    answer = ops.get("/onboarding/trust/", {"trust": "5000"})
    told = answer.content.decode("utf-8-sig").splitlines()
    assert told[0].startswith("urn,admin_email,slug,name")
    assert told[1].startswith("850001,,console-ash,Console Ash School,,,trust,none")
    assert len(told) == 4
    filled = "\n".join([told[0], *(one.replace(",,", ",head@x.example,", 1) for one in told[1:])])
    assert ops.post("/onboarding/list/", {"lines": filled}).status_code == 302
    assert len(rows()) == 3
    assert ops.get("/onboarding/trust/", {"trust": "1"}).status_code == 302


def test_no_cell_of_a_trusts_list_is_a_formula(ops):
    with in_control_plane():
        Establishment.objects.filter(urn="850001").update(name="=HYPERLINK(1)")
    told = ops.get("/onboarding/trust/", {"trust": "5000"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in told
    assert ",=HYPERLINK" not in told


def test_the_same_school_asked_for_twice_is_one(ops):
    first = ops.post("/onboarding/new/", NEW)["Location"]
    second = ops.post("/onboarding/new/", NEW)["Location"]
    assert len(rows()) == 1
    assert ops.get(second).status_code == 200
    assert first != second


def test_pages_ask_the_same_questions_of_one_row_and_of_a_hundred(ops):
    def questions(address, **data):
        ops.get(address, data)
        with CaptureQueriesContext(connection) as asked:
            assert ops.get(address, data).status_code == 200
        return len(asked)

    def both():
        first = rows()[0]
        return questions("/onboarding/", words="console"), questions(f"/onboarding/{first.batch}/")

    ops.post("/onboarding/new/", NEW)
    few = both()
    with in_control_plane():
        batch = rows()[0].batch
        for number in range(100):
            urn = f"84{number:04}"
            Onboarding.objects.create(
                batch=batch,
                urn=urn,
                slug=f"many-{urn}",
                name="Many",
                admin_email="a@b.example",
                plan="trial",
                mis_source="none",
            )
            Establishment.objects.create(
                urn=urn, name=f"Console {urn}", loaded_at=rows()[0].asked_at
            )
    assert both() == few


def test_the_fleets_worker_brings_on_what_was_asked_for(
    django_db_setup, django_db_blocker, tmp_path
):
    with django_db_blocker.unblock():
        path = write(tmp_path / "gias.csv", line("850001", "Console Ash School"))
        call_command("load_gias", str(path), stdout=StringIO())
        operator = make_operator("fleet@platform.example")
        try:
            ops = at(operator)
            address = ops.post("/onboarding/new/", NEW)["Location"]
            assert bring_on() == 1
            assert bring_on() == 0
            assert "1 of 1 school is open" in ops.get(address).content.decode()
            assert Client(HTTP_HOST="console-ash.localhost").get("/login/").status_code == 200
            found = ops.get("/onboarding/", {"words": "850001"}).content.decode()
            assert "Here already" in found
        finally:
            with in_control_plane():
                for school in School.objects.filter(urn="850001"):
                    forget_school(school)
                Onboarding.objects.all().delete()
                Establishment.objects.all().delete()
            forget_people()
