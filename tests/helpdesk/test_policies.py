"""Who may do what at the helpdesk, condition by condition."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.identifiers import uuid7
from helpdesk import policies
from helpdesk.policies import AgentFacts, MessageFacts, Reader, TicketFacts
from helpdesk.terms import AgentRole, Refusal, TicketState

NOW = datetime(2026, 2, 10, 10, tzinfo=UTC)
READER = Reader(agent_id=1, role=AgentRole.AGENT, has_shown_key=True)
EDITOR, LEAD = replace(READER, role=AgentRole.EDITOR), replace(READER, role=AgentRole.LEAD)
TICKET = TicketFacts(ticket_id=7, school_id=3, state=TicketState.OPEN)
DONE = replace(TICKET, state=TicketState.COMPLETED, completed_at=NOW)
MERGED = replace(DONE, is_merged=True)
COLLEAGUE = AgentFacts(agent_id=2, role=AgentRole.AGENT)
MESSAGE = MessageFacts(agent_id=1, send_at=NOW + timedelta(seconds=1))


def test_every_refusal_has_a_sentence():
    for refusal in Refusal:
        assert refusal.sentence.endswith(".")


@pytest.mark.parametrize("role", [AgentRole.AGENT, AgentRole.LEAD])
def test_agents_and_leads_answer_with_their_key(role):
    assert policies.why_not_answer(replace(READER, role=role)) is None
    assert policies.why_not_answer(replace(READER, role=role, agent_id=None)) == "log_in"
    assert policies.why_not_answer(replace(READER, role=role, has_shown_key=False)) == "show_key"
    assert policies.why_not_answer(EDITOR) == Refusal.NOT_AN_ANSWERER


def test_editors_and_leads_write_for_schools():
    for writer in (EDITOR, LEAD):
        assert policies.why_not_edit(writer) is None
    assert policies.why_not_edit(READER) == Refusal.EDITORS_ONLY
    assert policies.why_not_edit(replace(EDITOR, has_shown_key=False)) == "show_key"


def test_leads_alone_change_what_all_share():
    assert policies.why_not_lead(LEAD) is None
    for other in (READER, EDITOR):
        assert policies.why_not_lead(other) == Refusal.LEADS_ONLY
    assert policies.why_not_lead(replace(LEAD, has_shown_key=False)) == "show_key"


@pytest.mark.parametrize("state", list(TicketState))
def test_only_unsettled_tickets_are_worked_on(state):
    ticket = replace(TICKET, state=state)
    is_settled = state in (TicketState.COMPLETED, TicketState.CLOSED)
    expected = Refusal.SETTLED if is_settled else None
    assert policies.why_not_work_on(READER, ticket) == expected
    assert policies.why_not_reopen(READER, ticket) == (
        None if is_settled else Refusal.NOT_COMPLETED
    )
    assert policies.why_not_note(READER, ticket) is None


def test_nothing_is_done_to_a_merged_ticket_nor_by_an_editor():
    for ask in (policies.why_not_work_on, policies.why_not_note, policies.why_not_reopen):
        assert ask(READER, MERGED) == Refusal.MERGED
        assert ask(EDITOR, DONE) == Refusal.NOT_AN_ANSWERER


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (COLLEAGUE, None),
        (replace(COLLEAGUE, is_on_duty=False), Refusal.OFF_DUTY),
        (replace(COLLEAGUE, is_active=False), Refusal.OFF_DUTY),
        (replace(COLLEAGUE, role=AgentRole.EDITOR), Refusal.NOT_AN_ANSWERER),
        (replace(COLLEAGUE, agent_id=1, is_on_duty=False), None),
    ],
)
def test_a_ticket_is_given_to_who_is_there_or_taken_by_oneself(to, why):
    assert policies.why_not_assign(READER, TICKET, to) == why


def test_it_is_not_given_once_it_is_completed():
    assert policies.why_not_assign(READER, DONE, COLLEAGUE) == Refusal.SETTLED


@pytest.mark.parametrize(
    ("ticket", "later", "why"),
    [
        (DONE, timedelta(days=14), None),
        (DONE, timedelta(days=14, seconds=1), Refusal.REOPEN_TOO_LATE),
        (TICKET, timedelta(), Refusal.NOT_COMPLETED),
        (MERGED, timedelta(), Refusal.MERGED),
    ],
)
def test_a_requester_reopens_within_14_days(ticket, later, why):
    assert policies.why_not_reopen_at_school(ticket, NOW + later) == why


@pytest.mark.parametrize(
    ("into", "why"),
    [
        (replace(TICKET, ticket_id=8), None),
        (replace(MERGED, ticket_id=8), Refusal.MERGED),
        (TICKET, Refusal.MERGED_WITH_ITSELF),
        (replace(TICKET, ticket_id=8, school_id=4), Refusal.OTHER_SCHOOL),
        (replace(TICKET, ticket_id=8, requester_ref=uuid7()), Refusal.OTHER_REQUESTER),
    ],
)
def test_tickets_of_one_school_are_merged(into, why):
    assert policies.why_not_merge(READER, TICKET, into) == why


def test_a_merged_ticket_is_not_merged_again():
    other = replace(TICKET, ticket_id=8)
    assert policies.why_not_merge(READER, MERGED, other) == Refusal.MERGED


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (MESSAGE, None),
        (replace(MESSAGE, send_at=NOW), Refusal.SENT_ALREADY),
        (replace(MESSAGE, send_at=None), Refusal.SENT_ALREADY),
        (replace(MESSAGE, is_undone=True), Refusal.SENT_ALREADY),
        (replace(MESSAGE, agent_id=2), Refusal.NOT_YOURS),
        (replace(MESSAGE, agent_id=None), Refusal.NOT_YOURS),
    ],
)
def test_what_was_written_is_taken_back_by_its_writer_until_it_is_sent(message, why):
    assert policies.why_not_undo(READER, message, NOW) == why
    assert policies.why_not_undo(EDITOR, message, NOW) == Refusal.NOT_AN_ANSWERER
