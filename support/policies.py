"""Who may do what with a ticket: pure functions of frozen facts; a reason, or None for yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.terms import TicketState
from schools.policies import Reader, why_not_enter
from support.terms import SETTLED, Refusal

#: A completed ticket may be reopened for so long.
REOPEN_WITHIN = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class TicketFacts:
    """What the policies know of a ticket.

    Attributes:
        author_id: Row id of the member of staff who raised it.
        state: How it stands.
        completed_at: UTC; None while it is not completed.
    """

    author_id: int
    state: TicketState
    completed_at: datetime | None


def why_not_open(reader: Reader) -> StrEnum | None:
    """May this person open pages about a ticket? Which ones, ``visible_to`` says."""
    return why_not_enter(reader)


def why_not_answer(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person write on a ticket?"""
    if reader.staff_id != ticket.author_id:
        return Refusal.NOT_YOURS
    if ticket.state in SETTLED:
        return Refusal.SETTLED
    return None


def why_not_reopen(reader: Reader, ticket: TicketFacts, now: datetime) -> Refusal | None:
    """May this person reopen a ticket?"""
    if reader.staff_id != ticket.author_id:
        return Refusal.NOT_YOURS
    if ticket.completed_at is None:
        return Refusal.NOT_SETTLED
    if ticket.state not in SETTLED:
        return Refusal.NOT_SETTLED
    if now > ticket.completed_at + REOPEN_WITHIN:
        return Refusal.TOO_LATE
    return None


def why_not_rate(reader: Reader, ticket: TicketFacts) -> Refusal | None:
    """May this person rate the answer?"""
    if reader.staff_id != ticket.author_id:
        return Refusal.NOT_YOURS
    if ticket.state not in SETTLED:
        return Refusal.NOT_SETTLED
    return None
