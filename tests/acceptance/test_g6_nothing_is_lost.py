"""Nothing typed is lost, and nothing is added twice (acceptance G6.9)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from psycopg import sql

from core.tenancy import in_school
from safeguarding.models import Alert, Draft, Incident
from safeguarding.services.drafts import author_pass
from schools.models import AccessGroup, AlertGroup, Staff
from tests.acceptance.accounts import GOOD, give_password
from tests.acceptance.page import Page
from tests.acceptance.steps import form_of, refs
from tests.factories import categories, make_incident, make_staff, make_student, staff_row

# Nothing typed is lost


def test_g6_09_an_invalid_field_leaves_everything_else_as_it_was_typed(
    browse, teacher, dsl, student, add, sealed_file
):
    elsie = make_student("Elsie")
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(dsl)])
    typed = {
        "student": refs(student),
        "text": ["One line.\nAnother."],
        "categories": [],
        "linked": refs(elsie),
        "monitor": refs(elsie),
        "share_documents": refs(elsie),
        "occurred_at_0": ["2026-02-02"],
        "occurred_at_1": ["08:30"],
        "status": ["closed"],
        "files": refs(sealed_file(teacher)),
        "recipients": [str(dsl.staff_ref)],
        "alert_groups": refs(group),
        "agencies": ["Police, Early Help"],
    }
    page = Page(add(browse(teacher), **typed))
    assert "Choose at least one category." in page.text
    kept = page.form("Add Incident").fields
    assert {name: kept.get(name, []) for name in typed} == typed


def test_g6_09_a_double_click_submits_once(browse, teacher, dsl, sealed_file, student, send_mails):
    client = browse(teacher)
    form = form_of(client)
    typed = {
        "student": str(student.ref),
        "text": "She was not collected.",
        "categories": str(categories()[0].ref),
        "recipients": str(dsl.staff_ref),
        "files": str(sealed_file(teacher).ref),
    }
    answers = [form.submit(client, **typed) for _ in range(3)]
    assert [(one.status_code, one.url) for one in answers] == [(302, "/")] * 3
    assert (Incident.objects.count(), Alert.objects.count()) == (1, 1)
    assert len(send_mails()) == 1


def test_g6_09_a_double_click_on_add_action_adds_once(browse, teacher, dsl, sealed_file):
    incident = make_incident(dsl, recipients=[teacher])
    client = browse(teacher)
    form = Page(client.get(f"/incidents/{incident.ref}/")).form("Add Action")
    typed = {
        "text": "Rang.",
        "files": str(sealed_file(teacher).ref),
        "recipients": str(dsl.staff_ref),
    }
    answers = [form.submit(client, **typed) for _ in range(2)]
    action = incident.actions.get()
    assert {one.url for one in answers} == {f"/incidents/{incident.ref}/#action-{action.ref}"}
    assert action.alerts.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"text": "Something else happened."}, {"new_files": "b.txt"}, {"agencies": "Police"}],
)
def test_g6_09_a_form_sent_again_with_changes_is_another_incident(
    browse, teacher, student, changed
):
    client = browse(teacher)
    form = form_of(client)
    typed = {
        "student": str(student.ref),
        "text": "She was not collected.",
        "categories": str(categories()[0].ref),
    }
    form.submit(client, **typed, new_files=SimpleUploadedFile("a.txt", b"A\n"))
    if "new_files" in changed:
        changed = {"new_files": SimpleUploadedFile(changed["new_files"], b"A\n")}
    form.submit(client, **typed | changed)
    assert Incident.objects.count() == 2


def test_g6_09_one_persons_submission_does_not_stand_in_for_anothers(browse, teacher, student, add):
    other = make_staff()
    form = form_of(browse(teacher))
    typed = {
        "student": str(student.ref),
        "text": "She was not collected.",
        "categories": str(categories()[0].ref),
    }
    form.submit(browse(teacher), **typed)
    answer = form_of(browse(other)).submit(browse(other), **typed)
    assert answer.status_code == 302
    assert set(Incident.objects.values_list("author_id", flat=True)) == {
        teacher.staff_id,
        other.staff_id,
    }


def test_g6_09_each_form_that_is_opened_is_a_submission_of_its_own(browse, teacher, add):
    client = browse(teacher)
    assert form_of(client).fields["submission"] != form_of(client).fields["submission"]
    add(client)
    add(client)
    assert Incident.objects.count() == 2


# A session that ends while somebody types

SESSION = timedelta(hours=8, seconds=1)
SECRET = "She whispered about the blue bicycle."


def address_of(draft: Draft, path: str = "/incidents/add/") -> str:
    """The form with a draft of it."""
    return f"{path}?draft={draft.submission}"


def log_in_for(draft: Draft, path: str = "/incidents/add/") -> str:
    """The log-in page that leads back to a draft."""
    return f"/login/?next={quote(address_of(draft, path), safe='')}"


def log_in_again(client: Any, actor: Any, answer: Any) -> Any:
    """Log in on the page that an answer leads to, and go where that leads."""
    user = give_password(actor)
    form = Page(client.get(answer.url)).form("Login")
    return form.submit(client, follow=True, login=user.email, password=GOOD)


def type_until_the_session_ends(
    client: Any, clock: Any, path: str, button: str, **typed: Any
) -> Any:
    form = Page(client.get(path)).form(button)
    clock.shift(SESSION)
    return form.submit(client, **typed)


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, 0, tzinfo=UTC), tick=False) as moved:
        yield moved


def everything_stored() -> str:
    """Every row of every table of the school, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)).as_string()
            )
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_g6_09_what_was_typed_comes_back_after_the_log_in(browse, clock, teacher, dsl, student):
    client = browse(teacher)
    typed = {
        "student": refs(student),
        "text": [SECRET],
        "categories": refs(*categories("Medical", "SEND")),
        "linked": refs(make_student("Elsie")),
        "occurred_at_1": ["08:15"],
        "recipients": [str(dsl.staff_ref)],
        "agencies": ["Police"],
    }
    answer = type_until_the_session_ends(client, clock, "/incidents/add/", "Add Incident", **typed)
    assert (answer.status_code, answer.url) == (302, log_in_for(Draft.objects.get()))
    assert not Incident.objects.exists()
    page = Page(log_in_again(client, teacher, answer))
    assert "What you typed is back" in page.text
    kept = page.form("Add Incident")
    assert {name: sorted(kept.fields[name]) for name in typed} == {
        name: sorted(values) for name, values in typed.items()
    }
    assert kept.submit(client).status_code == 302
    assert Incident.objects.get().text == SECRET
    assert not Draft.objects.exists()
    assert "What you typed is back" not in Page(client.get("/incidents/add/")).text


def test_g6_09_an_action_comes_back_on_its_incidents_page(browse, clock, teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    path = f"/incidents/{incident.ref}/"
    client = browse(teacher)
    answer = type_until_the_session_ends(client, clock, path, "Add Action", text=SECRET)
    page = Page(log_in_again(client, teacher, answer))
    assert page.url == f"{path}?draft={Draft.objects.get().submission}"
    assert "What you typed is back" in page.text
    assert page.form("Add Action").fields["text"] == [SECRET]
    other = make_incident(dsl, recipients=[teacher])
    assert SECRET not in Page(client.get(f"/incidents/{other.ref}/")).text
    page.form("Add Action").submit(client)
    assert incident.actions.get().text == SECRET
    assert not Draft.objects.exists()


def test_g6_09_it_comes_back_to_its_author_alone(browse, clock, teacher, dsl):
    client, other = browse(teacher), make_staff()
    answer = type_until_the_session_ends(
        client, clock, "/incidents/add/", "Add Incident", text=SECRET
    )
    for person in (other, make_staff(kind="key_holder")):
        visitor = browse(person)
        page = Page(visitor.get(address_of(Draft.objects.get())))
        assert SECRET not in page.text
        assert page.form("Add Incident").fields["text"] == [""]
    page = Page(log_in_again(client, other, answer))
    assert (page.url, SECRET in page.text) == (address_of(Draft.objects.get()), False)
    assert SECRET in Page(browse(teacher).get(address_of(Draft.objects.get()))).text


def test_g6_09_it_is_sealed_in_the_database(browse, clock, teacher):
    make_incident(teacher, text="A text that is stored as it is.")
    type_until_the_session_ends(
        browse(teacher), clock, "/incidents/add/", "Add Incident", text=SECRET
    )
    stored = everything_stored()
    assert "A text that is stored as it is." in stored
    draft = Draft.objects.get()
    sealed = bytes(draft.sealed)
    assert sealed.hex() in stored
    assert "bicycle" not in stored
    assert b"bicycle" not in sealed
    assert b"bicycle".hex() not in stored


def test_g6_09_a_draft_moved_to_somebody_else_does_not_open(browse, clock, teacher):
    other = make_staff()
    type_until_the_session_ends(
        browse(teacher), clock, "/incidents/add/", "Add Incident", text=SECRET
    )
    address = address_of(Draft.objects.get())
    assert SECRET in Page(browse(teacher).get(address)).text
    Draft.objects.update(author_id=other.staff_id)
    page = Page(browse(other).get(address))
    assert SECRET not in page.text
    assert "What you typed is back" not in page.text


def test_g6_09_a_draft_can_be_thrown_away_by_its_author(browse, clock, teacher):
    client = browse(teacher)
    answer = type_until_the_session_ends(
        client, clock, "/incidents/add/", "Add Incident", text=SECRET
    )
    page = Page(log_in_again(client, teacher, answer))
    form = page.form("Throw this draft away")
    form.submit(browse(make_staff()))
    assert Draft.objects.exists()
    assert form.submit(client).url == "/drafts/"
    assert not Draft.objects.exists()
    assert SECRET not in Page(client.get("/incidents/add/")).text


def test_g6_09_files_sent_before_the_session_ended_come_back_too(
    browse, teacher, student, sealed_file
):
    client = browse(teacher)
    form = form_of(client)
    file = sealed_file(teacher, "letter.txt")
    client.cookies.clear()
    answer = form.submit(client, text=SECRET, files=refs(file))
    kept = Page(log_in_again(client, teacher, answer)).form("Add Incident")
    assert kept.fields["files"] == refs(file)
    assert "Remove letter.txt" in kept.captions


@pytest.mark.parametrize("forged", ["", "x", None])
def test_g6_09_without_the_authors_pass_nothing_is_kept(browse, clock, teacher, forged):
    answer = type_until_the_session_ends(
        browse(teacher), clock, "/incidents/add/", "Add Incident", text=SECRET, author_pass=forged
    )
    assert answer.url.startswith("/login/")
    assert not Draft.objects.exists()


def test_g6_09_a_pass_is_good_for_its_school_its_author_and_a_day(browse, clock, teacher, school_b):
    with in_school(school_b):
        elsewhere = author_pass(make_staff())
    form = form_of(browse(teacher))
    form.submit(browse(), text=SECRET, author_pass=elsewhere)
    assert not Draft.objects.exists()
    staff = Staff.objects.filter(pk=teacher.staff_id)
    staff.update(is_active=False)
    form.submit(browse(), text=SECRET)
    assert not Draft.objects.exists()
    staff.update(is_active=True)
    clock.shift(timedelta(days=1, seconds=1))
    form.submit(browse(), text=SECRET)
    assert not Draft.objects.exists()
    clock.shift(timedelta(seconds=-2))
    form.submit(browse(), text=SECRET)
    assert Draft.objects.get().author_id == teacher.staff_id


def test_g6_09_a_stale_form_token_loses_nothing_either(browse, teacher):
    client = browse(teacher)
    client.handler.enforce_csrf_checks = True
    form = form_of(client)
    client.cookies.clear()
    answer = form.submit(client, text=SECRET)
    assert answer.url == log_in_for(Draft.objects.get())


def test_g6_09_who_becomes_a_key_holder_while_typing_shows_the_key_and_goes_on(browse, teacher):
    client = browse(teacher)
    form = form_of(client)
    staff = staff_row(teacher)
    staff.access_group = AccessGroup.objects.get(holds_key=True)
    staff.save()
    answer = form.submit(client, text=SECRET)
    address = address_of(Draft.objects.get())
    assert answer.url == f"/account/key/?next={quote(address, safe='')}"
    assert not Incident.objects.exists()
    page = Page(browse(teacher, has_key=True).get(address))
    assert page.form("Add Incident").fields["text"] == [SECRET]


def test_g6_09_an_action_form_that_arrives_too_late_leads_back_to_its_incident(
    browse, teacher, dsl
):
    incident = make_incident(dsl, recipients=[teacher])
    path = f"/incidents/{incident.ref}/"
    form = Page(browse(teacher).get(path)).form("Add Action")
    answer = form.submit(browse(), text=SECRET)
    assert answer.url == log_in_for(Draft.objects.get(), path)
    assert not incident.actions.exists()
