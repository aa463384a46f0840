"""Who may do what at the helpdesk: pure functions of frozen facts; a reason, or None for yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from helpdesk.terms import UNSETTLED, AccessState, AgentRole, Refusal, TicketState, Topic

#: So long after its completion a ticket may be reopened.
REOPEN_WITHIN = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What the policies know of a person.

    Attributes:
        agent_id: Row id of the agent, None when nobody is logged in.
        role: What they do at the helpdesk.
        has_shown_key: A second factor was shown in this session.
        has_confirmed_key: It was shown within the last five minutes (step-up).
        is_on_duty: Tickets are dealt to them now.
        teams: Row ids of their teams; none is every team.
    """

    agent_id: int | None = None
    role: AgentRole = AgentRole.AGENT
    has_shown_key: bool = False
    has_confirmed_key: bool = False
    is_on_duty: bool = False
    teams: frozenset[int] = frozenset()


def why_not_identify(reader: Reader) -> Refusal | None:
    """May this person open pages about their own account?"""
    if reader.agent_id is None:
        return Refusal.LOG_IN
    return None


def why_not_enter(reader: Reader) -> Refusal | None:
    """May this person open the pages that every agent has? Nobody may without their key."""
    if refusal := why_not_identify(reader):
        return refusal
    if not reader.has_shown_key:
        return Refusal.SHOW_KEY
    return None


def why_not_change_keys(reader: Reader) -> Refusal | None:
    """May this person change their own keys, and see the codes that stand in for them?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


@dataclass(frozen=True, kw_only=True)
class TicketFacts:
    """What the policies know of a ticket.

    Attributes:
        agent_id: Whose it is; None while it is queued.
        is_merged: It went into another.
        is_official: It is an official request, which stays as it was made.
    """

    ticket_id: int
    school_id: int
    state: TicketState
    requester_ref: UUID | None = None
    agent_id: int | None = None
    is_merged: bool = False
    is_official: bool = False
    completed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AgentFacts:
    """What the policies know of somebody to whom a ticket is given."""

    agent_id: int
    role: AgentRole
    is_active: bool = True
    is_on_duty: bool = True


@dataclass(frozen=True, kw_only=True)
class MessageFacts:
    """What the policies know of a message.

    Attributes:
        agent_id: Who wrote it; None for the requester.
        send_at: When it goes (UTC), None for what goes nowhere.
    """

    agent_id: int | None
    send_at: datetime | None
    is_undone: bool = False


def why_not_answer(reader: Reader) -> Refusal | None:
    """May this person deal with tickets?"""
    if refusal := why_not_enter(reader):
        return refusal
    if reader.role == AgentRole.EDITOR:
        return Refusal.NOT_AN_ANSWERER
    return None


def why_not_lead(reader: Reader) -> Refusal | None:
    """May this person change what all agents share: office hours, targets, notices?"""
    if refusal := why_not_enter(reader):
        return refusal
    if reader.role != AgentRole.LEAD:
        return Refusal.LEADS_ONLY
    return None


def why_not_edit(reader: Reader) -> Refusal | None:
    """May this person write articles and plan webinars, and see who has a place at one?"""
    if refusal := why_not_enter(reader):
        return refusal
    if reader.role == AgentRole.AGENT:
        return Refusal.EDITORS_ONLY
    return None


def why_not_note(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person write an internal note, tag, or link the ticket? Settled ones too."""
    if refusal := why_not_answer(reader):
        return refusal
    if ticket.is_merged:
        return Refusal.MERGED
    return None


def why_not_work_on(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person answer, ask, complete, take or change the ticket?"""
    if refusal := why_not_note(reader, ticket):
        return refusal
    if ticket.state not in UNSETTLED:
        return Refusal.SETTLED
    return None


def why_not_complete(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person complete the ticket, without a word on what was done?"""
    if refusal := why_not_work_on(reader, ticket):
        return refusal
    if ticket.is_official:
        return Refusal.COMPLETION_NEEDED
    return None


def why_not_complete_official(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person complete an official request?"""
    if refusal := why_not_work_on(reader, ticket):
        return refusal
    if not ticket.is_official:
        return Refusal.NOT_OFFICIAL
    return None


def why_not_change_topic(reader: Reader, ticket: TicketFacts, to: Topic) -> Refusal | None:
    """May this person say that the ticket is about something else?"""
    if refusal := why_not_work_on(reader, ticket):
        return refusal
    if ticket.is_official:
        return Refusal.OFFICIAL_STAYS
    if to == Topic.OFFICIAL:
        return Refusal.OFFICIAL_BY_FORM
    return None


def why_not_assign(reader: Reader, ticket: TicketFacts, to: AgentFacts) -> Refusal | None:
    """May this person give the ticket to somebody? Not to who is off duty, nor to an editor."""
    if refusal := why_not_work_on(reader, ticket):
        return refusal
    if to.role == AgentRole.EDITOR:
        return Refusal.NOT_AN_ANSWERER
    if not to.is_active:
        return Refusal.OFF_DUTY
    if not to.is_on_duty and to.agent_id != reader.agent_id:
        return Refusal.OFF_DUTY
    return None


@dataclass(frozen=True, kw_only=True)
class AccessFacts:
    """What the policies know of a request to look at a school's site.

    Attributes:
        agent_id: Who asked.
        ends_at: Until when it was granted (UTC).
    """

    agent_id: int
    state: AccessState
    ends_at: datetime | None


def is_open(access: AccessFacts, now: datetime) -> bool:
    """Say whether the school may still answer a request, or what it granted still holds."""
    if access.state == AccessState.ASKED:
        return True
    return (
        access.state == AccessState.GRANTED and access.ends_at is not None and now < access.ends_at
    )


def why_not_ask_access(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person ask to look at the school's site? Only whoever holds the ticket."""
    if refusal := why_not_work_on(reader, ticket):
        return refusal
    if ticket.agent_id != reader.agent_id:
        return Refusal.NOT_YOUR_TICKET
    return None


def why_not_use_access(
    reader: Reader, ticket: TicketFacts, access: AccessFacts, now: datetime
) -> Refusal | None:
    """May this person open the school's site now?"""
    if refusal := why_not_ask_access(reader, ticket):
        return refusal
    if access.agent_id != reader.agent_id:
        return Refusal.NOT_YOUR_TICKET
    if access.state != AccessState.GRANTED:
        return Refusal.ACCESS_NOT_LIVE
    if not is_open(access, now):
        return Refusal.ACCESS_NOT_LIVE
    return None


def why_not_reopen(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person take the ticket up again? Agents may at any time."""
    if refusal := why_not_note(reader, ticket):
        return refusal
    if ticket.state in UNSETTLED:
        return Refusal.NOT_COMPLETED
    if ticket.is_official:
        return Refusal.OFFICIAL_ENDS
    return None


def why_not_reopen_at_school(ticket: TicketFacts, now: datetime) -> Refusal | None:
    """May its requester take the ticket up again, within 14 days of its completion?"""
    if ticket.is_merged:
        return Refusal.MERGED
    if ticket.completed_at is None:
        return Refusal.NOT_COMPLETED
    if ticket.is_official:
        return Refusal.OFFICIAL_ENDS
    if ticket.completed_at + REOPEN_WITHIN < now:
        return Refusal.REOPEN_TOO_LATE
    return None


def why_not_merge(reader: Reader, ticket: TicketFacts, into: TicketFacts) -> Refusal | None:
    """May this person put the ticket into another of the same requester?"""
    if refusal := why_not_note(reader, ticket):
        return refusal
    if ticket.is_official or into.is_official:
        return Refusal.OFFICIAL_STAYS
    if into.is_merged:
        return Refusal.MERGED
    if into.ticket_id == ticket.ticket_id:
        return Refusal.MERGED_WITH_ITSELF
    if into.school_id != ticket.school_id:
        return Refusal.OTHER_SCHOOL
    if into.requester_ref != ticket.requester_ref:
        return Refusal.OTHER_REQUESTER
    return None


def why_not_undo(reader: Reader, message: MessageFacts, now: datetime) -> Refusal | None:
    """May this person take back what they wrote? Only until it is sent."""
    if refusal := why_not_answer(reader):
        return refusal
    if message.agent_id != reader.agent_id:
        return Refusal.NOT_YOURS
    if message.is_undone:
        return Refusal.SENT_ALREADY
    if message.send_at is None:
        return Refusal.SENT_ALREADY
    if message.send_at <= now:
        return Refusal.SENT_ALREADY
    return None
