"""A telephone call at the helpdesk becomes official only when the caller says so in writing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction

from core.clock import now
from core.refusals import Refused
from core.tenancy import at_face, in_control_plane, in_school
from helpdesk.face import FACE
from helpdesk.models import Alarm
from helpdesk.models import OfficialCall as DeskCall
from helpdesk.models import Ticket as DeskTicket
from helpdesk.official import CONFIRM_WITHIN, OfficialKind
from helpdesk.services.calls import NewCall, note_call
from schools.models import Staff
from support.models import OfficialCall, OfficialRequest, Ticket
from support.services.official import approve
from support.services.official_calls import confirm_call, deny_call
from support.terms import Refusal
from tests.factories import entries_about, make_staff
from tests.helpdesk.desk import agent
from tests.support.test_official import browser_of, work_now

SAID = "Wants everything exported for the governors."


def address_of(actor):
    return Staff.objects.get(pk=actor.staff_id).user.email


def letters():
    """Return the emails that ask who telephoned."""
    return [one for one in mail.outbox if "telephone" in one.subject]


def noted(school, email, kind=OfficialKind.DATA_EXPORT):
    """Have an agent note a call, and the workers act on it."""
    with at_face(FACE):
        new = NewCall(school=school.ref, kind=kind, caller_name="Ada A.", email=email, words=SAID)
        call = note_call(actor=agent("agatha"), new=new)
    work_now(school)
    return call


def desk_call(call):
    with in_control_plane():
        return DeskCall.objects.get(pk=call.pk)


def test_confirmed_with_the_key_it_is_the_callers_own_request(ada, dora, school_a):
    call = noted(school_a, address_of(ada).upper())
    [letter] = letters()
    path = f"/support/official/calls/{call.ref}/"
    assert letter.to == [address_of(ada)]
    assert f"/login/?next={path}" in letter.body
    for words in (SAID, "governors", "Ada A."):
        assert words not in f"{letter.subject} {letter.body}"
    client = browser_of(ada, school_a)
    page = client.get(path).text
    assert SAID in page
    assert "Agatha Agent of the helpdesk" in page
    assert path in client.get("/support/official/").text
    client.post(f"{path}answer/", {"answer": "confirm"})
    request = OfficialRequest.objects.get()
    assert (request.text, request.author_id, request.kind) == (SAID, ada.staff_id, "data_export")
    work_now(school_a)
    assert desk_call(call).state == "confirmed"
    with in_control_plane():
        assert not DeskTicket.objects.exists()
    approve(actor=dora, ref=request.ref)
    work_now(school_a)
    with in_control_plane():
        assert DeskCall.objects.get().record.ticket.is_official
    assert [one.verb for one in entries_about(call.ref)] == ["call.received", "call.confirmed"]


def test_until_it_is_confirmed_there_is_nothing_to_complete(ada, school_a):
    call = noted(school_a, address_of(ada))
    assert desk_call(call).state == "asked"
    with in_control_plane():
        assert not DeskTicket.objects.exists()
    assert not Ticket.objects.exists()


def test_this_was_not_me_alarms_the_helpdesk_and_nothing_is_done(ada, dora, school_a):
    call = noted(school_a, address_of(ada))
    client = browser_of(ada, school_a)
    path = f"/support/official/calls/{call.ref}/"
    page = client.post(f"{path}answer/", {"answer": "deny"}, follow=True).text
    assert "The helpdesk is alarmed" in page
    assert "It was somebody else" in page
    work_now(school_a)
    assert desk_call(call).state == "denied"
    assert not OfficialRequest.objects.exists()
    with in_control_plane():
        alarm = Alarm.objects.select_related("ticket").get()
    assert (alarm.ticket.priority, alarm.ticket.is_official) == ("urgent", False)
    assert alarm.ticket.subject == "A telephone call in my name was not mine"
    with pytest.raises(Refused) as refused:
        confirm_call(actor=ada, ref=call.ref)
    assert refused.value.why == Refusal.CALL_ANSWERED


@pytest.mark.parametrize("who", ["teacher", "nobody"])
def test_an_address_that_the_school_does_not_authorise_gets_no_link(who, ada, teacher, school_a):
    email = address_of(teacher) if who == "teacher" else "mallory@elsewhere.example"
    call = noted(school_a, email)
    assert desk_call(call).state == "unknown"
    assert letters() == []
    assert not OfficialCall.objects.exists()


def test_only_the_person_in_whose_name_it_came_answers_and_with_their_key(
    ada,
    dora,
    teacher,
    school_a,
    school_b,
):
    call = noted(school_a, address_of(ada))
    path = f"/support/official/calls/{call.ref}/"
    assert browser_of(teacher, school_a).get(path).status_code == 403
    with in_school(school_b):
        stranger = make_staff("stranger", kind="administrator")
    assert browser_of(stranger, school_b).get("/support/official/").status_code == 200
    assert browser_of(stranger, school_b).get(path).status_code == 404
    other = browser_of(dora, school_a)
    assert "Confirm: I asked for this" not in other.get(path).text
    page = other.post(f"{path}answer/", {"answer": "confirm"}, follow=True).text
    assert "Only the person in whose name the call came" in page
    late = browser_of(ada, school_a, key_shown_ago=timedelta(minutes=6))
    assert "Confirm: I asked for this" in late.get(path).text
    assert "/account/key/" in late.post(f"{path}answer/", {"answer": "confirm"})["Location"]
    assert OfficialCall.objects.get().answer == ""
    browser_of(ada, school_a).post(f"{path}answer/", {"answer": "confirm"})
    assert OfficialCall.objects.get().answer == "confirmed"


def test_the_second_tab_makes_no_second_request(ada, dora, school_a):
    call = noted(school_a, address_of(ada))
    confirm_call(actor=ada, ref=call.ref)
    for again in (confirm_call, deny_call):
        with pytest.raises(Refused):
            again(actor=ada, ref=call.ref)
    assert (OfficialRequest.objects.count(), Ticket.objects.count()) == (1, 0)


def test_a_week_later_it_can_be_answered_no_more(ada, dora, school_a, clock):
    call = noted(school_a, address_of(ada))
    clock.shift(CONFIRM_WITHIN - timedelta(seconds=1))
    assert OfficialCall.objects.get().is_open
    clock.shift(timedelta(seconds=1))
    for answer in (confirm_call, deny_call):
        with pytest.raises(Refused) as refused:
            answer(actor=ada, ref=call.ref)
        assert refused.value.why == Refusal.CALL_LAPSED
    assert desk_call(call).state_words == "Not confirmed in time"


def test_what_the_agent_noted_stays_as_it_was_sent_on_both_sides(ada, school_a):
    call = noted(school_a, address_of(ada))

    def change(table):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET words = 'Other words.'")  # noqa: S608 - our own

    with pytest.raises(ProgrammingError, match="stays as it was sent"):
        change("support_officialcall")
    with in_control_plane(), pytest.raises(ProgrammingError, match="stays as it was sent"):
        change("helpdesk_officialcall")
    assert (OfficialCall.objects.get().words, desk_call(call).called_at) == (SAID, now())
