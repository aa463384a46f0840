"""What schools send: tickets, answers, reopenings, ratings.

Called by the school's side in a worker, at the helpdesk's face and inside its transaction; each
may be called twice with the same reference and does its work once.
"""

from datetime import datetime
from uuid import UUID, uuid4

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from helpdesk import policies
from helpdesk.events import TicketSettled
from helpdesk.handover import AnswerHandover, FileHandover, TicketHandover
from helpdesk.models import Alarm, SchoolCard, Ticket, TicketFile, TicketMessage
from helpdesk.office import office_hours
from helpdesk.services.log import keep, locked_ticket
from helpdesk.services.official import keep_official
from helpdesk.services.promises import PROMISES, renew
from helpdesk.services.routing import route, team_of_topic
from helpdesk.terms import EventKind, MessageKind, Priority, TicketState

#: What the requester is told at once; no reply.
ACKNOWLEDGEMENT = "We have received your ticket."


def receive_ticket(handover: TicketHandover) -> Ticket:
    """Take a school's ticket in: promise, route, acknowledge; urgent raises an alarm.

    Returns:
        The ticket with its number and its promises; the one there is, if it came before.
    """
    known = Ticket.objects.filter(ref=handover.ref).first()
    if known is not None:
        return known
    ticket = _new_ticket(handover)
    message = TicketMessage.objects.create(
        ref=handover.ref,
        ticket=ticket,
        kind=MessageKind.REQUESTER,
        text=handover.text,
        written_at=handover.raised_at,
    )
    _keep_files(message, handover.files)
    if handover.official is not None:
        keep_official(ticket, handover.official, text=handover.text)
    keep(ticket, EventKind.RAISED, at=handover.raised_at, facts={"priority": ticket.priority})
    route(ticket, is_open=office_hours().is_open(clock.now()))
    TicketMessage.objects.create(
        ticket=ticket, kind=MessageKind.ACKNOWLEDGEMENT, text=ACKNOWLEDGEMENT
    )
    renew(ticket)
    keep(ticket, EventKind.ACKNOWLEDGED, *PROMISES)
    if handover.is_urgent:
        Alarm.objects.create(ticket=ticket)
    audit.record(_nobody(), "ticket.received", ticket, school=handover.school_ref)
    return ticket


def receive_answer(handover: AnswerHandover) -> None:
    """Take in what the requester wrote later; a completed ticket is taken up again by it.

    What comes after the 14 days is kept, and leaves the ticket completed.

    Raises:
        Ticket.DoesNotExist: The helpdesk has no such ticket (yet).
    """
    asked = locked_ticket(handover.ticket_ref)
    ticket = _gone_into(asked)
    if TicketMessage.objects.filter(ref=handover.ref).exists():
        return
    message = TicketMessage.objects.create(
        ref=handover.ref,
        ticket=ticket,
        origin=None if ticket == asked else asked,
        kind=MessageKind.REQUESTER,
        text=handover.text,
        written_at=handover.written_at,
    )
    _keep_files(message, handover.files)
    ticket.masked += handover.masked
    was_waiting = ticket.state == TicketState.WAITING
    if was_waiting:
        ticket.state = TicketState.OPEN
    keep(
        ticket,
        EventKind.ANSWERED,
        *("state", "masked"),
        at=handover.written_at,
        facts={"message_ref": message.ref},
    )
    audit.record(_nobody(), "ticket.answered", ticket)
    if policies.why_not_reopen_at_school(ticket.facts(), clock.now()) is None:
        _take_up_again(ticket, handover.written_at)
    elif was_waiting:
        renew(ticket)
        ticket.save(update_fields=PROMISES)
        outbox.append(TicketSettled(ref=ticket.ref))


def reopen(ref: UUID, *, at: datetime) -> None:
    """Take a completed ticket up again, as its requester asks within 14 days.

    A ticket that is not completed (any more) is left as it is; so is one completed too long ago.
    Of a merged one, the ticket that goes on is taken up; its requester is told how that stands.

    Raises:
        Ticket.DoesNotExist: The helpdesk has no such ticket.
    """
    ticket = _gone_into(locked_ticket(ref))
    if policies.why_not_reopen_at_school(ticket.facts(), at) is None:
        audit.record(_nobody(), "ticket.reopened", ticket)
        _take_up_again(ticket, at)
    elif ticket.ref != ref:
        outbox.append(TicketSettled(ref=ticket.ref))


def rate(ref: UUID, *, rating: int) -> None:
    """Keep what the requester thinks of the answer, 1 to 5; the last word counts.

    Raises:
        Ticket.DoesNotExist: The helpdesk has no such ticket.
    """
    ticket = locked_ticket(ref)
    if ticket.rating != rating:
        ticket.rating = rating
        keep(ticket, EventKind.RATED, "rating", facts={"rating": rating})
        audit.record(_nobody(), "ticket.rated", ticket, rating=rating)


def _new_ticket(handover: TicketHandover) -> Ticket:
    return Ticket.objects.create(
        ref=handover.ref,
        school=_card_of(handover),
        requester_ref=handover.requester_ref,
        requester_name=handover.requester_name,
        requester_role=handover.requester_role,
        email=handover.email,
        telephone=handover.telephone,
        subject=handover.subject,
        topic=handover.topic,
        priority=Priority.URGENT if handover.is_urgent else Priority.NORMAL,
        raised_at=handover.raised_at,
        is_official=handover.official is not None,
        masked=handover.masked,
        team_id=team_of_topic(handover.topic),
    )


def _card_of(handover: TicketHandover) -> SchoolCard:
    card = handover.card
    told = {
        "name": handover.school_name,
        "url": handover.school_url,
        "administrators": list(card.administrators),
        "staff": card.staff,
        "key_holders": card.key_holders,
        "students": card.students,
        "mail_failures": card.mail_failures,
        "last_import_at": card.last_import_at,
        "pushed_at": clock.now(),
    }
    school, _ = SchoolCard.objects.update_or_create(ref=handover.school_ref, defaults=told)
    return school


def _keep_files(message: TicketMessage, files: tuple[FileHandover, ...]) -> None:
    TicketFile.objects.bulk_create(
        TicketFile(
            ref=one.ref,
            message=message,
            name=one.name,
            size=one.size,
            content_type=one.content_type,
        )
        for one in files
    )


def _take_up_again(ticket: Ticket, at: datetime) -> None:
    """Reopen a locked ticket: back to its agent if they are there, else dealt out anew."""
    ticket.state, ticket.completed_at = TicketState.OPEN, None
    keep(ticket, EventKind.REOPENED, "state", "completed_at", at=at)
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    if ticket.agent is None or not ticket.agent.is_on_duty:
        route(ticket, is_open=office_hours().is_open(clock.now()))
    outbox.append(TicketSettled(ref=ticket.ref))


def _gone_into(ticket: Ticket) -> Ticket:
    """Return the ticket that this one was merged into, locked; itself where it was not."""
    if ticket.merged_into_id is None:
        return ticket
    return _gone_into(Ticket.objects.select_for_update(no_key=True).get(pk=ticket.merged_into_id))


def _nobody() -> Actor:
    return Actor(request_id=uuid4().hex)
