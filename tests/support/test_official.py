"""Official requests from their form to the completion record, and everybody who may not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client

from core.clock import now
from core.identifiers import uuid7
from core.outbox import services as outbox
from core.refusals import Refused
from core.tenancy import at_face, in_control_plane, in_school
from helpdesk.face import FACE
from helpdesk.models import OfficialRecord
from helpdesk.models import Ticket as DeskTicket
from helpdesk.official import APPROVE_WITHIN, OfficialKind
from helpdesk.services.handling import complete_ticket
from helpdesk.services.official import complete_official
from schools.models import Staff
from support.models import OfficialCompletion, OfficialDecision, OfficialRequest, Ticket
from support.official import RequestState
from support.services.official import approve, decline
from support.terms import Refusal
from tests.factories import entries_about, log_in, make_staff, make_student
from tests.helpdesk.desk import agent
from tests.support.official import make_request, official_form
from tests.support.test_doors import work

ASK = "/support/official/new/"


def browser_of(actor, school, **how):
    client = Client(HTTP_HOST=school.host)
    log_in(client, school, actor, **how)
    return client


def fresh(request):
    return OfficialRequest.objects.get(pk=request.pk)


def letters_to(actor):
    address = Staff.objects.get(pk=actor.staff_id).user.email
    return [one for one in mail.outbox if one.to == [address]]


def work_now(school):
    """Let the workers act on what is due; the lapse is due in fourteen days."""
    for _ in range(3):
        with in_school(school):
            outbox.act_on_all()
        with in_control_plane():
            outbox.act_on_all()
    with in_school(school):
        outbox.act_on_all()


def test_asked_approved_completed_and_everybody_is_told(ada, dora, school_a, clock):
    sent = browser_of(ada, school_a).post(ASK, official_form(text="For Ofsted’s visit."))
    request = OfficialRequest.objects.get()
    path = f"/support/official/{request.ref}/"
    assert sent["Location"] == path
    assert request.state is RequestState.WAITING
    work_now(school_a)
    assert not Ticket.objects.exists()
    assert ["waiting for approval" in one.subject for one in letters_to(ada)] == [True]
    assert "approve or decline" in letters_to(dora)[0].body

    holder = browser_of(dora, school_a)
    assert "For Ofsted’s visit." in holder.get(path).text
    holder.post(f"{path}decision/", {"decision": "approve"})
    assert fresh(request).state is RequestState.SENT
    work_now(school_a)
    ticket = Ticket.objects.get()
    assert (ticket.author_id, ticket.topic) == (ada.staff_id, "official")
    with in_control_plane():
        there = DeskTicket.objects.get(ref=ticket.ref)
        record = OfficialRecord.objects.get(ticket=there)
    assert (there.is_official, there.subject) == (True, "Data export")
    assert (record.asked_by, record.asked_by_role) == (ada.name, "administrator")
    assert (record.approved_by, record.approved_by_role) == (dora.name, "key holder")
    assert (record.asked_at, record.approved_at) == (request.asked_at, now())
    assert record.details[0] == ["contents", "everything"]

    clock.shift(timedelta(hours=1))
    with at_face(FACE):
        agatha = agent("agatha")
        complete_official(actor=agatha, ref=ticket.ref, done="Handed to Ada on a sealed disk.")
    work_now(school_a)
    done = OfficialCompletion.objects.get()
    assert (done.agent_name, done.done_at) == ("Agatha Agent", now())
    assert fresh(request).state is RequestState.COMPLETED
    page = browser_of(dora, school_a).get(path).text
    assert "Handed to Ada on a sealed disk." in page
    assert "Agatha Agent of the helpdesk" in page
    for one in (ada, dora):
        assert any("completed" in letter.subject for letter in letters_to(one))
    verbs = [one.verb for one in entries_about(request.ref)]
    assert verbs == ["official.asked", "official.approved", "official.completed"]


def test_no_letter_says_what_was_asked_or_why_it_was_declined(ada, dora, school_a, clock):
    make_student("Zoë", "Quillfeather")
    request = make_request(ada, text="For Zoë Quillfeather's parents.")
    decline(actor=dora, ref=request.ref, reason="Ask the governors first.")
    make_request(ada, kind=OfficialKind.CLOSE_ACCOUNT, text="Left on Friday.")
    work_now(school_a)
    assert len(mail.outbox) >= 5
    said = " ".join(f"{one.subject} {one.body} {one.alternatives}" for one in mail.outbox)
    for words in ("Zoë", "Quillfeather", "Pupil A", "governors", "Friday", "Carol"):
        assert words not in said


def test_what_tells_of_a_pupil_is_shown_first_and_then_masked(ada, dora, school_a):
    make_student("Zoë", "Quillfeather")
    client, form = browser_of(ada, school_a), official_form(text="About Zoë Quillfeather.")
    page = client.post(ASK, form)
    assert "This would tell the helpdesk about a pupil" in page.text
    assert "Send anyway" not in page.text
    assert 'name="contents" value="everything"' in page.text
    assert not OfficialRequest.objects.exists()
    client.post(ASK, {**form, "step": "check", "send": "mask"})
    request = OfficialRequest.objects.get()
    assert (request.text, request.masked) == ("About Pupil A.", 1)
    approve(actor=dora, ref=request.ref)
    ticket = Ticket.objects.get()
    assert [one.letter for one in ticket.pupils.all()] == ["A"]
    assert ticket.messages.get().masked == 1


@pytest.mark.parametrize("kind", list(OfficialKind))
def test_each_kind_has_a_form_of_its_own_that_keeps_what_was_typed(kind, ada, dora, school_a):
    client = browser_of(ada, school_a)
    assert client.get(f"{ASK}?kind={kind.value}").status_code == 200
    page = client.post(ASK, {"kind": kind.value, "submission": uuid7(), "text": "Kept words."})
    assert "Kept words." in page.text
    assert "govuk-error-summary" in page.text
    assert not OfficialRequest.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"text": ""},
        {"text": "x" * 4_001},
        {"needed_by": "2020-01-01"},
        {"needed_by": "soon"},
        {"contents": "the moon"},
    ],
)
def test_bad_input_is_refused_and_nothing_is_made(bad, ada, dora, school_a):
    client = browser_of(ada, school_a)
    assert "govuk-error-summary" in client.post(ASK, official_form(**bad)).text
    assert not OfficialRequest.objects.exists()
    assert client.post(ASK, official_form()).status_code == 302


def test_an_account_is_closed_without_a_second_person_and_at_once(ada, school_a):
    request = make_request(ada, kind=OfficialKind.CLOSE_ACCOUNT)
    assert (request.lapses_at, request.decision.verdict) == (None, "direct")
    work(school_a)
    with in_control_plane():
        record = OfficialRecord.objects.get()
    assert (record.approved_by, record.approved_at) == ("", None)


def test_only_administrators_and_key_holders_ask_and_with_their_key_just_shown(
    ada, dora, teacher, school_a, school_b
):
    form = official_form()
    assert browser_of(teacher, school_a).get("/support/official/").status_code == 403
    assert browser_of(teacher, school_a).post(ASK, form).status_code == 403
    long_ago = browser_of(ada, school_a, key_shown_ago=timedelta(minutes=6))
    assert long_ago.get("/support/official/").status_code == 200
    assert "/account/key/" in long_ago.get(f"{ASK}?kind=data_export")["Location"]
    page = long_ago.post(ASK, form)
    assert page.status_code == 403
    assert "For the governors." in page.text
    assert "Show your key" in page.text
    without = make_staff("nokey", kind="administrator", has_key=False)
    assert browser_of(without, school_a).get("/support/official/").status_code == 302
    for who in (teacher, without):
        with pytest.raises(Refused):
            make_request(who)
    assert not OfficialRequest.objects.exists()
    for who in (ada, dora):
        assert browser_of(who, school_a).post(ASK, official_form()).status_code == 302
    assert OfficialRequest.objects.count() == 2


def test_nobody_approves_their_own_and_no_wrong_person_another_s(
    ada, dora, teacher, school_a, school_b
):
    request = make_request(ada)
    path = f"/support/official/{request.ref}/"
    assert "Your decision" not in browser_of(ada, school_a).get(path).text
    browser_of(ada, school_a).post(f"{path}decision/", {"decision": "approve"})
    assert browser_of(teacher, school_a).get(path).status_code == 403
    assert (
        browser_of(teacher, school_a).post(f"{path}decision/", {"decision": "approve"}).status_code
        == 403
    )
    with in_school(school_b):
        stranger = make_staff("stranger", kind="administrator")
    elsewhere = browser_of(stranger, school_b)
    assert elsewhere.get("/support/official/").status_code == 200
    assert elsewhere.get(path).status_code == 404
    assert elsewhere.post(f"{path}decision/", {"decision": "approve"}).status_code == 404
    assert not OfficialDecision.objects.exists()
    with pytest.raises(Refused) as refused:
        approve(actor=ada, ref=request.ref)
    assert refused.value.why == Refusal.OWN_REQUEST
    approve(actor=dora, ref=request.ref)
    assert fresh(request).state is RequestState.SENT


def test_an_approval_long_after_the_key_was_shown_is_led_to_the_key_and_keeps_the_reason(
    ada, dora, school_a
):
    path = f"/support/official/{make_request(ada).ref}/"
    late = browser_of(dora, school_a, key_shown_ago=timedelta(minutes=6))
    assert "/account/key/" in late.post(f"{path}decision/", {"decision": "approve"})["Location"]
    page = late.post(f"{path}decision/", {"decision": "decline", "reason": "Not now, please."})
    assert (page.status_code, "Not now, please." in page.text) == (403, True)
    assert not OfficialDecision.objects.exists()


def test_the_second_tab_finds_it_decided(ada, dora, school_a):
    other = make_staff("olive", kind="administrator")
    request = make_request(ada)
    tabs = [browser_of(dora, school_a), browser_of(other, school_a)]
    path = f"/support/official/{request.ref}/decision/"
    tabs[0].post(path, {"decision": "approve"})
    page = tabs[1].post(path, {"decision": "decline", "reason": "No."}, follow=True)
    assert "decided already" in page.text
    assert (OfficialDecision.objects.get().by_id, Ticket.objects.count()) == (dora.staff_id, 1)


def test_declining_needs_a_reason_which_stays_at_the_school(ada, dora, school_a):
    request = make_request(ada)
    path = f"/support/official/{request.ref}/"
    client = browser_of(dora, school_a)
    assert (
        "Say why you decline it." in client.post(f"{path}decision/", {"decision": "decline"}).text
    )
    assert not OfficialDecision.objects.exists()
    client.post(f"{path}decision/", {"decision": "decline", "reason": "Ask the governors first."})
    assert "Ask the governors first." in client.get(path).text
    work_now(school_a)
    assert not Ticket.objects.exists()
    with in_control_plane():
        assert not DeskTicket.objects.exists()


def test_the_same_form_sent_twice_is_one_request(ada, dora):
    submission = uuid7()
    first = make_request(ada, submission=submission)
    assert make_request(ada, submission=submission).pk == first.pk
    assert OfficialRequest.objects.count() == 1


def test_whoever_is_alone_is_told_that_somebody_else_has_to_approve(ada, school_a):
    Staff.objects.exclude(pk=ada.staff_id).update(is_active=False)
    page = browser_of(ada, school_a).post(ASK, official_form())
    assert "nobody else at your school may" in page.text
    assert "For the governors." in page.text
    assert not OfficialRequest.objects.exists()


def test_unapproved_it_lapses_to_the_second_and_everybody_is_told_once(ada, dora, school_a, clock):
    request = make_request(ada)
    work_now(school_a)
    before = len(mail.outbox)
    clock.shift(APPROVE_WITHIN - timedelta(seconds=1))
    work_now(school_a)
    assert (fresh(request).state, len(mail.outbox)) == (RequestState.WAITING, before)
    clock.shift(timedelta(seconds=1))
    assert fresh(request).state is RequestState.LAPSED
    with pytest.raises(Refused) as refused:
        approve(actor=dora, ref=request.ref)
    assert refused.value.why == Refusal.LAPSED
    work_now(school_a)
    assert OfficialDecision.objects.get().verdict == "lapsed"
    assert any("lapsed" in one.subject for one in letters_to(ada))
    assert any("lapsed" in one.subject for one in letters_to(dora))
    told = len(mail.outbox)
    work_now(school_a)
    assert len(mail.outbox) == told
    assert not Ticket.objects.exists()


def test_an_approved_one_does_not_lapse(ada, dora, school_a, clock):
    request = make_request(ada)
    approve(actor=dora, ref=request.ref)
    clock.shift(APPROVE_WITHIN)
    work_now(school_a)
    assert fresh(request).state is RequestState.SENT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE support_officialrequest SET text = 'Other words.'",
        "UPDATE support_officialrequest SET kind = 'close_school'",
        "UPDATE support_officialrequest SET text = ''",
        "UPDATE support_officialrequest SET asked_at = asked_at - interval '8 years'",
        "DELETE FROM support_officialcompletion",
        "UPDATE support_officialcompletion SET done = 'Nothing.'",
        "UPDATE support_officialcompletion SET done = ''",
        "UPDATE support_officialdecision SET by_id = NULL",
        "DELETE FROM support_officialdecision",
        "TRUNCATE support_officialcompletion",
    ],
)
def test_the_database_changes_no_word_of_it(statement, ada, dora, school_a, clock):
    request = make_request(ada)
    approve(actor=dora, ref=request.ref)
    work_now(school_a)
    ticket = Ticket.objects.get()
    with at_face(FACE):
        complete_official(actor=agent("agatha"), ref=ticket.ref, done="Done.")
    work_now(school_a)
    with (
        pytest.raises((ProgrammingError, InternalError), match=r"refused|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert fresh(request).text == "For the governors."
    assert OfficialCompletion.objects.get().done == "Done."


def test_a_completed_one_is_not_reopened_and_completing_demands_the_record(
    ada, dora, school_a, clock
):
    approve(actor=dora, ref=make_request(ada).ref)
    work_now(school_a)
    ticket = Ticket.objects.get()
    with at_face(FACE):
        agatha = agent("agatha")
        with pytest.raises(Refused, match="completion_needed"):
            complete_ticket(actor=agatha, ref=ticket.ref)
        complete_official(actor=agatha, ref=ticket.ref, done="Done.")
    work_now(school_a)
    page = browser_of(ada, school_a).get(f"/support/tickets/{ticket.ref}/")
    assert "What was asked, and what was done" in page.text
    assert 'name="text"' not in page.text
    answer = {"submission": uuid7(), "text": "Again.", "step": "check", "send": "mask"}
    refused = browser_of(ada, school_a).post(f"/support/tickets/{ticket.ref}/answers/", answer)
    assert refused.status_code == 403


@pytest.mark.parametrize("number", [1, 100])
def test_the_list_asks_as_much_for_one_as_for_a_hundred(
    number, ada, dora, school_a, django_assert_num_queries
):
    for place in range(number):
        request = make_request(ada)
        if place % 2:
            approve(actor=dora, ref=request.ref)
    client = browser_of(ada, school_a)
    client.get("/support/official/")
    with django_assert_num_queries(10):
        assert client.get("/support/official/").status_code == 200


def test_the_contact_form_leads_to_it_and_offers_no_such_topic(ada, teacher, school_a):
    page = browser_of(ada, school_a).get("/support/contact/").text
    assert "/support/official/" in page
    assert 'value="official"' not in page
    page = browser_of(teacher, school_a).get("/support/contact/").text
    assert "/support/official/" not in page
