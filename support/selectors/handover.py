"""What is handed over to the helpdesk, read inside the school by a worker."""

from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.tenancy import SchoolLike
from helpdesk.handover import (
    AccessAnswer,
    AnswerHandover,
    CallAnswer,
    FileHandover,
    OfficialHandover,
    SchoolCard,
    TicketHandover,
)
from helpdesk.terms import AccessState
from safeguarding.services.deliveries import refused_alerts
from schools.models import AccessGroup
from schools.selectors.card import card_facts
from support.models import OfficialCall, OfficialDecision, SupportAccess, Ticket, TicketMessage

#: Emails that could not be delivered are counted of so long.
FAILURES_OF = timedelta(days=30)


def ticket_handover(ref: UUID, school: SchoolLike) -> TicketHandover:
    """Return a ticket as the helpdesk gets it: its first message is its text.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    ticket = Ticket.objects.select_related("author__user", "author__access_group").get(ref=ref)
    first = ticket.messages.order_by("pk").prefetch_related("files__attachment")[0]
    author = ticket.author
    return TicketHandover(
        ref=ticket.ref,
        school_ref=school.ref,
        school_name=school.name,
        school_url=school.url,
        requester_ref=author.ref,
        requester_name=author.display_name,
        requester_role=_role(author.access_group),
        email=author.user.email,
        telephone=ticket.telephone,
        topic=ticket.topic,
        subject=ticket.subject,
        text=first.text,
        is_urgent=ticket.is_urgent,
        raised_at=ticket.raised_at,
        masked=first.masked,
        files=_files(first),
        card=_card(),
        official=_official(ticket),
    )


def answer_handover(message: UUID) -> AnswerHandover:
    """Return what the requester wrote again as the helpdesk gets it.

    Raises:
        TicketMessage.DoesNotExist: There is none.
    """
    rows = TicketMessage.objects.select_related("ticket").prefetch_related("files__attachment")
    answer = rows.get(ref=message, author__isnull=False)
    return AnswerHandover(
        ref=answer.ref,
        ticket_ref=answer.ticket.ref,
        text=answer.text,
        written_at=answer.sent_at,
        masked=answer.masked,
        files=_files(answer),
    )


def reopened_at(ref: UUID) -> datetime:
    """Return when a ticket was reopened: with what its requester wrote last.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    own = Ticket.objects.get(ref=ref).messages.filter(author__isnull=False)
    last = own.order_by("-pk").first()
    return last.sent_at if last else clock.now()


def rating_of(ref: UUID) -> int:
    """Return how good the requester found the answer, 1 to 5.

    Raises:
        Ticket.DoesNotExist: There is none that was rated.
    """
    rating = Ticket.objects.get(ref=ref, rating__isnull=False).rating
    return rating or 0


def access_answer(ref: UUID) -> AccessAnswer:
    """Return how an agent's access stands at the school.

    Raises:
        SupportAccess.DoesNotExist: There is none.
    """
    access = SupportAccess.objects.get(ref=ref)
    state = AccessState.GRANTED if access.granted_at else AccessState.ASKED
    if access.refused_at:
        state = AccessState.REFUSED
    if access.ended_at:
        state = AccessState.ENDED
    return AccessAnswer(
        ref=access.ref,
        state=state.value,
        answered_at=access.granted_at or access.refused_at,
        ends_at=access.ends_at,
        ended_at=access.ended_at,
        ended_by=access.ended_by,
    )


def call_answer(ref: UUID) -> CallAnswer:
    """Return what came of a telephone call.

    Raises:
        OfficialCall.DoesNotExist: There is none that was answered.
    """
    call = OfficialCall.objects.get(ref=ref, answered_at__isnull=False)
    return CallAnswer(ref=call.ref, state=call.answer, answered_at=call.answered_at or clock.now())


def _official(ticket: Ticket) -> OfficialHandover | None:
    rows = OfficialDecision.objects.select_related(
        "request__call", "request__author__access_group", "by__access_group"
    )
    decision = rows.filter(ticket=ticket).first()
    if decision is None:
        return None
    request, by = decision.request, decision.by
    return OfficialHandover(
        kind=request.kind,
        asked_by=request.author.display_name,
        asked_by_role=_role(request.author.access_group),
        asked_at=request.asked_at,
        approved_by=by.display_name if by else "",
        approved_by_role=_role(by.access_group) if by else "",
        approved_at=decision.decided_at if by else None,
        details=tuple(request.details.items()),
        call_ref=request.call.ref if request.call else None,
    )


def _files(message: TicketMessage) -> tuple[FileHandover, ...]:
    return tuple(
        FileHandover(
            ref=file.ref,
            name=file.name,
            size=file.attachment.size,
            content_type=file.attachment.content_type,
        )
        for file in message.files.all()
    )


def _role(group: AccessGroup) -> str:
    if group.administers:
        return "administrator"
    return "key holder" if group.holds_key else "staff"


def _card() -> SchoolCard:
    facts, since = card_facts(), clock.now() - FAILURES_OF
    return SchoolCard(
        staff=facts.staff,
        key_holders=facts.key_holders,
        students=facts.students,
        last_import_at=facts.last_import_at,
        mail_failures=sum(one.raised_at >= since for one in refused_alerts()),
        administrators=facts.administrators,
    )
