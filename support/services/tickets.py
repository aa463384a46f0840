"""What requesters do with their tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from core import clock
from core.attachments import services as attachments
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk.terms import TicketState, Topic
from safeguarding.services.drafts import forget_draft
from support import policies
from support.events import AnswerGiven, TicketRaised, TicketRated, TicketReopened
from support.models import Ticket, TicketFile, TicketMessage, TicketPupil
from support.screening import sendable
from support.selectors.tickets import given_letters
from support.terms import LONGEST_RATING, LONGEST_SUBJECT

if TYPE_CHECKING:
    from schools.actors import StaffActor
    from schools.models import Student
    from support.screening import Handing, Screened, Sendable

Saved = TypeVar("Saved", Ticket, TicketMessage)


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """What somebody wrote on ‘Contact Support’, once the privacy guard has been through it.

    Attributes:
        submission: Made when the form was shown; the same one never makes two tickets.
        sent: Its texts are “subject” and “text”.
        students: Those of whom it may tell.
        draft: The form's own reference: what was kept of it is forgotten.
    """

    submission: UUID
    topic: Topic
    telephone: str
    is_urgent: bool
    sent: Sendable
    students: Iterable[Student] = ()
    draft: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NewAnswer:
    """What somebody wrote on their ticket, once the privacy guard has been through it.

    Attributes:
        submission: Made when the form was shown; the same one never makes two messages.
        handing: Gives what is handed over, whose text is “text”, once the ticket is locked.
        students: Those of whom it may tell.
        draft: The form's own reference: what was kept of it is forgotten.
        by_email: It came as an email.
        left_out: Number of its files that were not taken or tell of a student.
    """

    submission: UUID
    handing: Handing
    students: Iterable[Student] = ()
    draft: UUID | None = None
    by_email: bool = False
    left_out: int = 0


def raise_ticket(*, actor: StaffActor, new: NewTicket) -> Ticket:
    """Send a ticket to the helpdesk.

    Returns:
        The ticket; for a submission that was sent before, that same ticket.

    Raises:
        ClaimRefused: A file is not one that ``actor`` uploaded and has not used.

    Source: user guide, sections 5.3 and 6.
    """
    return _once(Ticket, new.submission, actor, lambda: _raise(actor, new))


def answer_ticket(*, actor: StaffActor, ref: UUID, new: NewAnswer) -> TicketMessage:
    """Write on a ticket that is not settled; on one that is, reopen it with these words.

    Returns:
        The message; for a submission that was sent before, that same message.

    Raises:
        Ticket.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``support.terms.Refusal``.
        ClaimRefused: A file is not one that ``actor`` uploaded and has not used.
    """
    return _once(TicketMessage, new.submission, actor, lambda: _answer(actor, ref, new))


@transaction.atomic(durable=True)
def rate_ticket(*, actor: StaffActor, ref: UUID, rating: int, said: Screened) -> Ticket:
    """Say how good the answer was; the last word counts.

    Args:
        actor: Who raised the ticket.
        ref: The ticket.
        rating: 1 to 5.
        said: A sentence, “words”, which is masked; may be empty.

    Raises:
        Ticket.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``support.terms.Refusal``.
    """
    ticket = Ticket.objects.visible_to(actor.reader).locked().get(ref=ref)
    if why := policies.why_not_rate(actor.reader, ticket.facts()):
        raise Refused(why)
    sent = sendable(said, letters=given_letters(ticket))
    ticket.rating, ticket.rating_words = rating, sent.texts["words"][:LONGEST_RATING]
    ticket.save(update_fields=["rating", "rating_words"])
    _keep_pupils(ticket, sent, said.students)
    told = [one.ref for one in said.students_told]
    audit.record(actor, "ticket.rated", ticket, students=told, rating=rating)
    outbox.append(TicketRated(ref=ticket.ref))
    return ticket


@transaction.atomic(durable=True)
def _raise(actor: StaffActor, new: NewTicket) -> Ticket:
    return write_ticket(actor, new)


def write_ticket(actor: StaffActor, new: NewTicket, *, author_id: int | None = None) -> Ticket:
    """Send a ticket in the caller's transaction, for somebody else where one is named.

    Raises:
        ClaimRefused: A file is not one that ``actor`` uploaded and has not used.
    """
    author_id = author_id or actor.staff_id
    ticket = Ticket.objects.create(
        submission=new.submission,
        author_id=author_id,
        topic=new.topic,
        subject=new.sent.texts["subject"][:LONGEST_SUBJECT],
        telephone=new.telephone,
        is_urgent=new.is_urgent,
    )
    message = _write(actor, ticket, new.submission, new.sent, new.students, author_id=author_id)
    _record(actor, "ticket.raised", ticket, message, new.sent)
    forget_draft(actor=actor, submission=new.draft)
    outbox.append(TicketRaised(ref=ticket.ref))
    return ticket


@transaction.atomic(durable=True)
def _answer(actor: StaffActor, ref: UUID, new: NewAnswer) -> TicketMessage:
    ticket = Ticket.objects.visible_to(actor.reader).locked().get(ref=ref)
    if is_reopened := ticket.completed_at is not None:
        if why := policies.why_not_reopen(actor.reader, ticket.facts(), clock.now()):
            raise Refused(why)
        ticket.completed_at = None
    elif why := policies.why_not_answer(actor.reader, ticket.facts()):
        raise Refused(why)
    ticket.state = TicketState.OPEN if ticket.number else TicketState.NEW
    ticket.save(update_fields=["state", "completed_at"])
    sent = new.handing(given_letters(ticket))
    message = _write(actor, ticket, new.submission, sent, new.students, author_id=actor.staff_id)
    if new.by_email:
        message.by_email, message.left_out = True, new.left_out
        message.save(update_fields=["by_email", "left_out"])
    if is_reopened:
        audit.record(actor, "ticket.reopened", ticket)
        outbox.append(TicketReopened(ref=ticket.ref))
    _record(actor, "ticket.answered", ticket, message, sent)
    forget_draft(actor=actor, submission=new.draft)
    outbox.append(AnswerGiven(ref=message.ref))
    return message


def _write(
    actor: StaffActor,
    ticket: Ticket,
    submission: UUID,
    sent: Sendable,
    students: Iterable[Student],
    *,
    author_id: int,
) -> TicketMessage:
    message = TicketMessage.objects.create(
        submission=submission,
        ticket=ticket,
        author_id=author_id,
        text=sent.texts["text"],
        masked=sent.masked,
        sent_anyway=sent.sent_anyway,
        reason=sent.reason,
    )
    names = {file.ref: name for file, name in sent.files}
    for attachment in attachments.claim(names, actor):
        TicketFile.objects.create(
            message=message, attachment=attachment, name=names[attachment.ref]
        )
    _keep_pupils(ticket, sent, {str(one.ref): one for one in students})
    return message


def _keep_pupils(ticket: Ticket, sent: Sendable, students: dict[str, Student]) -> None:
    TicketPupil.objects.bulk_create(
        (
            TicketPupil(ticket=ticket, student=students[ref], letter=letter)
            for letter, ref in sent.pupils
            if ref in students
        ),
        # Who had their letter already keeps it.
        ignore_conflicts=True,
    )


def _record(
    actor: StaffActor, verb: str, ticket: Ticket, message: TicketMessage, sent: Sendable
) -> None:
    told = dict.fromkeys(ref for _, ref in sent.pupils)
    audit.record(
        actor,
        verb,
        ticket,
        students=[UUID(ref) for ref in told],
        message=message.ref,
        masked=sent.masked,
        sent_anyway=sent.sent_anyway,
    )


def _once(
    model: type[Saved], submission: UUID, actor: StaffActor, save: Callable[[], Saved]
) -> Saved:
    """Save unless the same submission was saved already; then return what it made."""
    mine = model._default_manager.filter(submission=submission, author_id=actor.staff_id)
    if saved := mine.first():
        return saved
    try:
        return save()
    except IntegrityError:
        if saved := mine.first():
            return saved
        raise
