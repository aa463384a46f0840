"""Official requests at the console: shown whole, never edited or merged, ended by a record."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from core.clock import now
from core.identifiers import uuid7
from core.refusals import Refused
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.models import OfficialCall, OfficialCompletion, OfficialRecord, Ticket
from helpdesk.official import OfficialKind
from helpdesk.services.calls import NewCall, note_call
from helpdesk.services.handling import change_priority, change_topic, reopen_ticket
from helpdesk.services.intake import reopen
from helpdesk.services.official import complete_official
from helpdesk.services.sorting import merge_ticket
from helpdesk.tasks import forget_tickets
from helpdesk.terms import AgentRole, Priority, Topic
from tests.control_plane import Person, at
from tests.helpdesk.desk import TUESDAY, agent, fresh, raised, row
from tests.helpdesk.official import make_official, noted


def browser(actor):
    email = row(actor).user.email
    return at(Person(face=FACE, email=email, row=row(actor)))


def test_the_ticket_says_what_was_asked_by_whom_and_who_approved_it(agatha):
    page = browser(agatha).get(f"/tickets/{make_official().ref}/").text
    for words in (
        "Data export",
        "Ada Minster, administrator",
        "Dora Dale, key holder",
        "Everything that the school has recorded",
        "1 March 2026",
        "For the governors.",
        "Complete with a record",
    ):
        assert words in page
    plain = browser(agatha).get(f"/tickets/{raised(TUESDAY).ref}/").text
    assert "Official request</h2>" not in plain
    assert "Complete with a record" not in plain


def test_completing_demands_the_record_and_keeps_what_was_typed(agatha, desk):
    ticket, console = make_official(), browser(agatha)
    console.post(f"/tickets/{ticket.ref}/complete/")
    assert fresh(ticket).completed_at is None
    path = f"/tickets/{ticket.ref}/official/complete/"
    assert "Say what was done." in console.post(path, {"done": " "}).text
    assert "too much" in console.post(path, {"done": "too much " * 1_000}).text
    assert not OfficialCompletion.objects.exists()
    console.post(path, {"done": "Handed over on a sealed disk."})
    done = OfficialCompletion.objects.get()
    assert (done.agent_id, done.done_at) == (agatha.reader.agent_id, now())
    assert fresh(ticket).state == "completed"
    page = console.get(f"/tickets/{ticket.ref}/").text
    assert "Handed over on a sealed disk." in page
    assert "Reopen" not in page
    with pytest.raises(Refused):
        complete_official(actor=agatha, ref=ticket.ref, done="Twice.")


def test_no_plain_ticket_is_completed_with_a_record_and_no_editor_completes_any(agatha):
    with pytest.raises(Refused, match="not_official"):
        complete_official(actor=agatha, ref=raised(TUESDAY).ref, done="Done.")
    editor = agent("edith", role=AgentRole.EDITOR)
    ticket = make_official()
    with pytest.raises(Refused, match="not_an_answerer"):
        complete_official(actor=editor, ref=ticket.ref, done="Done.")
    assert browser(editor).get(f"/tickets/{ticket.ref}/official/complete/").status_code == 403
    assert browser(editor).get("/calls/").status_code == 403
    assert complete_official(actor=agatha, ref=ticket.ref, done="Done.").pk


def test_it_keeps_its_topic_is_not_merged_and_not_reopened(agatha):
    ticket, plain = make_official(), raised(TUESDAY)
    change_priority(actor=agatha, ref=ticket.ref, priority=Priority.HIGH)
    for from_, into in ((ticket, plain), (plain, ticket)):
        with pytest.raises(Refused, match="official_stays"):
            merge_ticket(actor=agatha, ref=from_.ref, into=into.ref)
    with pytest.raises(Refused, match="official_stays"):
        change_topic(actor=agatha, ref=ticket.ref, topic=Topic.OTHER)
    with pytest.raises(Refused, match="official_by_form"):
        change_topic(actor=agatha, ref=plain.ref, topic=Topic.OFFICIAL)
    merge_ticket(actor=agatha, ref=plain.ref, into=raised(TUESDAY).ref)
    complete_official(actor=agatha, ref=ticket.ref, done="Done.")
    with pytest.raises(Refused, match="official_ends"):
        reopen_ticket(actor=agatha, ref=ticket.ref)
    reopen(ticket.ref, at=now())
    assert fresh(ticket).state == "completed"
    page = browser(agatha).get(f"/tickets/{make_official().ref}/sort/").text
    assert "Change topic" not in page
    assert "stays as it was made" in page


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE helpdesk_officialrecord SET approved_by = 'Somebody'",
        "UPDATE helpdesk_officialrecord SET details = '[]'",
        "UPDATE helpdesk_officialrecord SET text = 'Other words.'",
        "UPDATE helpdesk_officialcompletion SET done = 'Nothing.'",
        "DELETE FROM helpdesk_officialcompletion",
    ],
)
def test_the_database_changes_no_word_of_it(statement, agatha, desk):
    # The database's clock is today's, whatever the test's says.
    desk.move_to(TUESDAY)
    ticket = make_official()
    complete_official(actor=agatha, ref=ticket.ref, done="Done.")
    with (
        pytest.raises(ProgrammingError, match="stays as it was sent"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert OfficialCompletion.objects.get().done == "Done."


def call_form(at_school, **fields):
    return {
        "school": str(at_school.ref),
        "caller_name": "Ada Minster",
        "email": "ada@school.example",
        "kind": "data_export",
        "words": "Wants everything exported.",
        **fields,
    }


def test_a_call_is_noted_for_its_school_and_listed(agatha, school_a):
    console = browser(agatha)
    assert console.post("/calls/note/", call_form(school_a))["Location"] == "/calls/"
    call = OfficialCall.objects.get()
    assert (call.school_ref, call.agent_id) == (school_a.ref, agatha.reader.agent_id)
    page = console.get("/calls/").text
    for words in (school_a.name, "Ada Minster", "Wants everything exported.", "Waiting for the"):
        assert words in page
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("missing", ["school", "caller_name", "email", "kind", "words"])
def test_a_call_that_lacks_something_is_not_noted_and_what_was_typed_stays(
    missing, agatha, school_a
):
    page = browser(agatha).post("/calls/note/", call_form(school_a, **{missing: ""})).text
    assert "govuk-error-summary" in page
    kept = "Ada Minster" if missing != "caller_name" else "ada@school.example"
    assert kept in page
    assert not OfficialCall.objects.exists()


def test_a_call_of_a_school_that_is_none_is_refused(agatha, school_a):
    new = NewCall(
        school=uuid7(),
        kind=OfficialKind.DATA_EXPORT,
        caller_name="Ada",
        email="ada@school.example",
        words="Asked.",
    )
    with pytest.raises(Refused, match="no_such_school"):
        note_call(actor=agatha, new=new)


@pytest.mark.parametrize("number", [1, 100])
def test_the_list_of_calls_asks_as_much_for_one_as_for_a_hundred(
    number, agatha, school_a, django_assert_num_queries
):
    for _ in range(number):
        noted(row(agatha))
    console = browser(agatha)
    console.get("/calls/")
    with django_assert_num_queries(6):
        assert console.get("/calls/").status_code == 200


def test_words_go_after_seven_years_and_who_asked_and_when_it_was_stays(agatha, desk):
    desk.move_to(TUESDAY - timedelta(days=365 * 9))
    ticket = make_official(asked_at=now(), approved_at=now())
    complete_official(actor=agatha, ref=ticket.ref, done="Done.")
    desk.shift(timedelta(days=14 + 2556))
    forget_tickets.run()
    assert OfficialCompletion.objects.get().done == "Done."
    desk.shift(timedelta(days=2))
    with at_face(FACE):
        forget_tickets.run()
    record, done = OfficialRecord.objects.get(), OfficialCompletion.objects.get()
    assert (done.done, record.asked_by, record.details) == ("", "", [])
    assert (record.kind, record.asked_by_role) == ("data_export", "administrator")
