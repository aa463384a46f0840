"""Who may do what with a ticket: pure functions of frozen facts; a reason, or None for yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.terms import MOST_HOURS, AccessScope, TicketState
from schools.policies import Access, Reader, why_not_administer, why_not_enter
from support.terms import PAGES_OPEN, SETTLED, Refusal

#: A completed ticket may be reopened for so long.
REOPEN_WITHIN = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class TicketFacts:
    """What the policies know of a ticket.

    Attributes:
        author_id: Row id of the member of staff who raised it.
        state: How it stands.
        completed_at: UTC; None while it is not completed.
        is_official: An official request: its completion record is its end.
    """

    author_id: int
    state: TicketState
    completed_at: datetime | None
    is_official: bool = False


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
    if ticket.is_official:
        return Refusal.OFFICIAL_ENDS
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


@dataclass(frozen=True, kw_only=True)
class AccessFacts:
    """What the policies know of an agent's request to look at the school's site.

    Attributes:
        hours: For how long it is asked.
        is_answered: It was granted, refused or taken back.
    """

    hours: int
    is_answered: bool


def why_not_grant(reader: Reader) -> StrEnum | None:
    """May this person let an agent in at all? An administrator, with the key in hand."""
    if refusal := why_not_administer(reader):
        return refusal
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


def why_not_grant_access(reader: Reader, access: AccessFacts, hours: int) -> StrEnum | None:
    """May this person let the agent in for so many hours?"""
    if refusal := why_not_grant(reader):
        return refusal
    if access.is_answered:
        return Refusal.ANSWERED_ALREADY
    if not 1 <= hours <= min(access.hours, MOST_HOURS):
        return Refusal.TOO_LONG
    return None


def why_not_refuse_access(reader: Reader, access: AccessFacts) -> StrEnum | None:
    """May this person refuse to let the agent in?"""
    if refusal := why_not_administer(reader):
        return refusal
    if access.is_answered:
        return Refusal.ANSWERED_ALREADY
    return None


def why_not_look(scope: AccessScope, *, page: str, method: str) -> Refusal | None:
    """May an agent who was let in open a page? Those of the scope, by GET, and no other."""
    if method != "GET":
        return Refusal.ONLY_LOOKS
    if page not in PAGES_OPEN[scope]:
        return Refusal.ONLY_LOOKS
    return None


def visiting_reader(scope: AccessScope, now: datetime) -> Reader:
    """Return the reader of an agent who was let in: no member of staff, who may do nothing.

    Its row id is nobody's.
    """
    return Reader(
        staff_id=0,
        has_key_access=scope is AccessScope.RECORDS,
        is_administrator=scope is AccessScope.SETTINGS,
        has_shown_key=True,
        has_confirmed_key=True,
        history_starts_at=now,
        access=Access(category_ids=None, year_groups=None),
    )


def is_authorised(reader: Reader) -> bool:
    """Say whether this person speaks for the school: administers it or holds the key, and has shown it."""
    return why_not_enter(reader) is None and (reader.administers or reader.holds_key)


def why_not_see_official(reader: Reader) -> StrEnum | None:
    """May this person see official requests?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not is_authorised(reader):
        return Refusal.NOT_AUTHORISED
    return None


def why_not_ask_official(reader: Reader) -> StrEnum | None:
    """May this person make an official request, or decide one? With the key in hand."""
    if refusal := why_not_see_official(reader):
        return refusal
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


@dataclass(frozen=True, kw_only=True)
class RequestFacts:
    """What the policies know of an official request.

    Attributes:
        author_id: Row id of whoever made it.
        is_decided: It was approved, declined, has lapsed, or needs nobody's approval.
        lapses_at: When it lapses (UTC); None where it does not.
    """

    author_id: int
    is_decided: bool
    lapses_at: datetime | None


def why_not_decide(reader: Reader, request: RequestFacts, now: datetime) -> StrEnum | None:
    """May this person approve or decline a request? Never their own, and not once it has lapsed."""
    if refusal := why_not_ask_official(reader):
        return refusal
    return why_not_offer_decision(reader, request, now)


def why_not_offer_decision(reader: Reader, request: RequestFacts, now: datetime) -> Refusal | None:
    """Is the decision offered to somebody who may see the request?"""
    if request.is_decided:
        return Refusal.DECIDED_ALREADY
    if request.lapses_at is not None and now >= request.lapses_at:
        return Refusal.LAPSED
    if reader.staff_id == request.author_id:
        return Refusal.OWN_REQUEST
    return None


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """What the policies know of a telephone call.

    Attributes:
        addressee_id: Row id of the person in whose name it came.
        lapses_at: UTC.
    """

    addressee_id: int
    is_answered: bool
    lapses_at: datetime


def why_not_answer_call(reader: Reader, call: CallFacts, now: datetime) -> StrEnum | None:
    """May this person say whether it was them who telephoned?"""
    if refusal := why_not_ask_official(reader):
        return refusal
    return why_not_offer_answer(reader, call, now)


def why_not_offer_answer(reader: Reader, call: CallFacts, now: datetime) -> Refusal | None:
    """Is the answer offered to somebody who may see the call?"""
    if reader.staff_id != call.addressee_id:
        return Refusal.NOT_YOUR_CALL
    if call.is_answered:
        return Refusal.CALL_ANSWERED
    if now >= call.lapses_at:
        return Refusal.CALL_LAPSED
    return None
