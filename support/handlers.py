"""The two doors between a school and the helpdesk: what a worker carries through them.

Both sides are in one database: the change at the one and what it means at the other are one
transaction, and role and search path change within it.
"""

from uuid import UUID

from core.outbox.registry import Undeliverable, handles
from core.tenancy import SchoolLike, at_face, current_school, in_school
from helpdesk.events import AccessAsked, AccessWithdrawn, CallNoted, TicketReplied, TicketSettled
from helpdesk.face import FACE
from helpdesk.selectors import handover as told
from helpdesk.services import intake
from helpdesk.services.access import take_access_answer
from helpdesk.services.calls import take_call_answer
from support.events import (
    AccessAnswered,
    AccessOver,
    AnswerGiven,
    CallAnswered,
    OfficialLapses,
    TicketRaised,
    TicketRated,
    TicketReopened,
)
from support.selectors import handover
from support.services import access, desk, official, official_calls
from tenants.selectors import school_of


@handles(TicketRaised)
def hand_ticket_over(event: TicketRaised, _outbox_ref: UUID) -> None:
    """Hand a ticket over; keep the number and the promise that come back."""
    ticket = handover.ticket_handover(event.ref, current_school())
    with at_face(FACE):
        received = intake.receive_ticket(ticket)
    desk.note_received(
        ref=event.ref, number=received.number, promised_at=received.first_reply_due_at
    )


@handles(AnswerGiven)
def hand_answer_over(event: AnswerGiven, _outbox_ref: UUID) -> None:
    """Hand over what the requester wrote again."""
    answer = handover.answer_handover(event.ref)
    with at_face(FACE):
        intake.receive_answer(answer)


@handles(TicketReopened)
def hand_reopening_over(event: TicketReopened, _outbox_ref: UUID) -> None:
    """Tell the helpdesk that a ticket was reopened."""
    at = handover.reopened_at(event.ref)
    with at_face(FACE):
        intake.reopen(event.ref, at=at)


@handles(TicketRated)
def hand_rating_over(event: TicketRated, _outbox_ref: UUID) -> None:
    """Tell the helpdesk how good its answer was."""
    rating = handover.rating_of(event.ref)
    with at_face(FACE):
        intake.rate(event.ref, rating=rating)


@handles(TicketReplied)
def take_reply_in(event: TicketReplied, _outbox_ref: UUID) -> None:
    """Put what an agent wrote on the ticket at its school."""
    reply = told.reply_told(event.message_ref)
    if reply is not None:
        with in_school(_school(reply.school_ref)):
            desk.take_reply(reply)


@handles(TicketSettled)
def take_state_in(event: TicketSettled, _outbox_ref: UUID) -> None:
    """Show the requester how the ticket stands."""
    for ticket in told.tickets_told(event.ref):
        with in_school(_school(ticket.school_ref)):
            desk.settle(ticket)


@handles(AccessAsked)
def take_access_request_in(event: AccessAsked, _outbox_ref: UUID) -> None:
    """Ask the school's administrators, unless the helpdesk has thought better of it."""
    asked = told.access_told(event.ref)
    if asked.is_open:
        with in_school(_school(asked.school_ref)):
            access.take_request(asked)


@handles(AccessWithdrawn)
def take_access_back(event: AccessWithdrawn, _outbox_ref: UUID) -> None:
    """End an agent's access at the school."""
    asked = told.access_told(event.ref)
    with in_school(_school(asked.school_ref)):
        access.take_back(asked.ref)


@handles(AccessOver)
def note_that_access_is_over(event: AccessOver, _outbox_ref: UUID) -> None:
    """Put on record that an agent's access has ended by itself."""
    access.note_over(event.ref)


@handles(AccessAnswered)
def hand_access_answer_over(event: AccessAnswered, _outbox_ref: UUID) -> None:
    """Tell the helpdesk what the school said to an agent's request."""
    answer = handover.access_answer(event.ref)
    with at_face(FACE):
        take_access_answer(answer)


@handles(OfficialLapses)
def lapse_request(event: OfficialLapses, _outbox_ref: UUID) -> None:
    """Note that nobody approved an official request in time."""
    official.lapse(event.ref)


@handles(CallNoted)
def take_call_in(event: CallNoted, _outbox_ref: UUID) -> None:
    """Have whoever telephoned confirm it; tell the helpdesk where the school knows nobody of that address."""
    call = told.call_told(event.ref)
    with in_school(_school(call.school_ref)):
        is_known = official_calls.take_call(call)
    if not is_known:
        take_call_answer(told.unknown_caller(call))


@handles(CallAnswered)
def hand_call_answer_over(event: CallAnswered, _outbox_ref: UUID) -> None:
    """Tell the helpdesk whether a call was confirmed or denied."""
    answer = handover.call_answer(event.ref)
    with at_face(FACE):
        take_call_answer(answer)


def _school(ref: UUID) -> SchoolLike:
    school = school_of(ref)
    if school is None:
        raise Undeliverable("The school of this ticket is gone.")
    return school
