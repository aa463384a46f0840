"""Take, assign, complete, reopen, sort anew; tags, merging, notices, alarms."""

from datetime import UTC, datetime, timedelta

import pytest

from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.outbox.models import OutboxEvent
from core.refusals import Refused
from helpdesk.models import Alarm, Team
from helpdesk.services import sorting
from helpdesk.services.answers import reply
from helpdesk.services.handling import (
    assign_ticket,
    change_priority,
    change_team,
    change_topic,
    complete_ticket,
    reopen_ticket,
    take_ticket,
)
from helpdesk.services.intake import receive_answer
from helpdesk.terms import AgentRole, Priority, Refusal, Topic
from tests.helpdesk.desk import HILLSIDE, TUESDAY, agent, answered, fresh, raised, row


def at(day, hour, minute=0):
    return datetime(2026, 2, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def ticket(desk, agatha):
    return raised(TUESDAY)


def why_not(do, **how):
    with pytest.raises(Refused) as refused:
        do(**how)
    return refused.value.why


def told():
    return OutboxEvent.objects.filter(kind="helpdesk.ticket_settled").count()


def test_anybody_takes_a_ticket_and_it_is_touched(ticket, lena):
    take_ticket(actor=lena, ref=ticket.ref)
    now = fresh(ticket)
    assert (now.agent_id, now.is_touched) == (lena.reader.agent_id, True)
    assert AuditEntry.objects.filter(verb="ticket.taken", subject_ref=ticket.ref).exists()


def test_a_ticket_is_given_to_who_is_on_duty(ticket, agatha, lena):
    berta = agent("berta")
    assign_ticket(actor=lena, ref=ticket.ref, to=row(berta).ref)
    assert (fresh(ticket).agent_id, fresh(ticket).is_touched) == (berta.reader.agent_id, False)
    give = {"actor": lena, "ref": ticket.ref}
    away = agent("away", is_on_duty=False)
    assert why_not(assign_ticket, to=row(away).ref, **give) == Refusal.OFF_DUTY
    edith = agent("edith", role=AgentRole.EDITOR)
    assert why_not(assign_ticket, to=row(edith).ref, **give) == Refusal.NOT_AN_ANSWERER


def test_completing_keeps_both_promises_and_tells_the_requester(ticket, desk, agatha):
    desk.shift(timedelta(hours=1))
    complete_ticket(actor=agatha, ref=ticket.ref)
    now = fresh(ticket)
    assert (now.state, now.completed_at) == ("completed", at(10, 11))
    assert (now.first_reply_met_at, now.resolution_due_at) == (at(10, 11), at(11, 17))
    assert told() == 1
    assert why_not(complete_ticket, actor=agatha, ref=ticket.ref) == Refusal.SETTLED


def test_an_agent_reopens_and_has_an_hour_at_least(ticket, desk, agatha, lena):
    assert why_not(reopen_ticket, actor=lena, ref=ticket.ref) == Refusal.NOT_COMPLETED
    desk.move_to(at(12, 10))
    complete_ticket(actor=agatha, ref=ticket.ref)
    reopen_ticket(actor=lena, ref=ticket.ref)
    now = fresh(ticket)
    assert (now.state, now.agent_id) == ("open", lena.reader.agent_id)
    assert now.resolution_due_at == at(12, 11)


def test_another_priority_promises_anew_and_leaves_what_was_kept(ticket, desk, agatha):
    change_priority(actor=agatha, ref=ticket.ref, priority=Priority.HIGH)
    assert fresh(ticket).first_reply_due_at == at(10, 11)
    assert fresh(ticket).resolution_due_at == at(11, 9)
    reply(actor=agatha, ref=ticket.ref, text="Soon.")
    change_priority(actor=agatha, ref=ticket.ref, priority=Priority.URGENT)
    assert fresh(ticket).first_reply_due_at == at(10, 11)
    assert fresh(ticket).resolution_due_at == at(10, 14)
    assert Alarm.objects.get().ticket == ticket


def test_another_topic_moves_only_what_is_nobodys(desk, lena):
    ticket = raised(TUESDAY)
    change_topic(actor=lena, ref=ticket.ref, topic=Topic.MIS_IMPORT)
    assert (fresh(ticket).topic, fresh(ticket).team.name) == ("mis_import", "Records")
    take_ticket(actor=lena, ref=ticket.ref)
    change_topic(actor=lena, ref=ticket.ref, topic=Topic.KEY)
    assert (fresh(ticket).topic, fresh(ticket).team.name) == ("key", "Records")


def test_another_team_deals_it_out_anew(ticket, agatha, lena):
    records = Team.objects.get(name="Records")
    row(agatha).teams.set([Team.objects.get(name="Accounts")])
    change_team(actor=lena, ref=ticket.ref, team=records.ref)
    assert fresh(ticket).agent_id is None
    berta = agent("berta")
    row(berta).teams.set([records])
    change_team(actor=lena, ref=ticket.ref, team=records.ref)
    assert fresh(ticket).agent_id == berta.reader.agent_id


def test_tags_are_put_on_and_taken_off(ticket, agatha):
    tag = sorting.tag_ticket(actor=agatha, ref=ticket.ref, name="  Log  IN ")
    assert [one.name for one in ticket.tags.all()] == ["log in"]
    assert sorting.tag_ticket(actor=agatha, ref=ticket.ref, name="log in") == tag
    sorting.untag_ticket(actor=agatha, ref=ticket.ref, tag=tag.ref)
    assert not ticket.tags.exists()
    assert why_not(sorting.tag_ticket, actor=agatha, ref=ticket.ref, name=" ") == "nothing_said"


def test_merged_a_ticket_ends_and_what_comes_later_arrives_in_the_other(ticket, agatha):
    other = raised(TUESDAY)
    sorting.merge_ticket(actor=agatha, ref=ticket.ref, into=other.ref)
    now = fresh(ticket)
    assert (now.merged_into_id, now.state) == (other.pk, "completed")
    receive_answer(answered(ticket, TUESDAY))
    assert other.messages.filter(kind="requester").count() == 2
    assert fresh(ticket).state == "completed"
    assert why_not(reply, actor=agatha, ref=ticket.ref, text="Hello.") == Refusal.MERGED
    assert why_not(reopen_ticket, actor=agatha, ref=ticket.ref) == Refusal.MERGED


def test_tickets_of_two_people_are_not_merged_since_each_reads_their_own(ticket, agatha):
    other = raised(TUESDAY, requester_ref=uuid7())
    merge = {"actor": agatha, "ref": ticket.ref, "into": other.ref}
    assert why_not(sorting.merge_ticket, **merge) == Refusal.OTHER_REQUESTER


def test_tickets_of_two_schools_and_a_ticket_with_itself_are_not_merged(ticket, agatha):
    foreign = raised(TUESDAY, school_ref=HILLSIDE, school_name="Hillside")
    merge = {"actor": agatha, "ref": ticket.ref}
    assert why_not(sorting.merge_ticket, into=foreign.ref, **merge) == Refusal.OTHER_SCHOOL
    assert why_not(sorting.merge_ticket, into=ticket.ref, **merge) == Refusal.MERGED_WITH_ITSELF


def test_several_schools_tickets_hang_on_one_notice(ticket, agatha, lena):
    assert why_not(sorting.open_notice, actor=agatha, title="Email", text="") == "leads_only"
    notice = sorting.open_notice(actor=lena, title="Email is late", text="We are on it.")
    foreign = raised(TUESDAY, school_ref=HILLSIDE, school_name="Hillside")
    for one in (ticket, foreign):
        sorting.link_to_notice(actor=agatha, ref=one.ref, notice=notice.ref)
    assert set(notice.tickets.all()) == {ticket, foreign}
    sorting.link_to_notice(actor=agatha, ref=foreign.ref, notice=None)
    assert set(notice.tickets.all()) == {ticket}
    assert sorting.close_notice(actor=lena, ref=notice.ref).closed_at


def test_an_alarm_is_acknowledged_once_and_by_somebody(desk, agatha, lena):
    raised(TUESDAY, is_urgent=True)
    alarm = Alarm.objects.get()
    sorting.acknowledge_alarm(actor=agatha, ref=alarm.ref)
    alarm.refresh_from_db()
    assert alarm.acknowledged_by_id == agatha.reader.agent_id
    again = why_not(sorting.acknowledge_alarm, actor=lena, ref=alarm.ref)
    assert again == Refusal.ACKNOWLEDGED_ALREADY
