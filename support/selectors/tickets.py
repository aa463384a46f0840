"""Reads of tickets, shaped for screens and for the helpdesk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Prefetch

from core import clock
from core.pages import page_of
from helpdesk.terms import Topic
from schools.selectors.spoken_of import students_spoken_of
from support import policies
from support.guard import Letters
from support.models import OfficialRequest, Ticket, TicketFile, TicketMessage, TicketPupil
from ui.hidden_names import are_hidden

if TYPE_CHECKING:
    from django.core.paginator import Page

    from schools.models import Student
    from schools.policies import Reader
    from support.models import SupportAccess


@dataclass(frozen=True, kw_only=True)
class Who:
    """Whom “Pupil A” stands for: more than one where a name does not say who of them."""

    letter: str
    students: list[Student]


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    """A ticket as its requester and the school's administrators see it.

    Attributes:
        pupils: Whom the letters stand for.
        shown: References of the students whom the page tells of.
        hidden: Students whose names are hidden in its texts.
        accesses: Agents' requests to look at the school's site for it, newest first.
        official: Reference of the official request that it is, where the reader may see it.
    """

    ticket: Ticket
    messages: list[TicketMessage]
    pupils: list[Who]
    shown: list[UUID]
    hidden: list[Student]
    may_answer: bool
    may_reopen: bool
    may_rate: bool
    accesses: list[SupportAccess]
    official: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class TicketList:
    """A page of tickets.

    Attributes:
        shown: References of the students who are named openly in them.
        hidden: Students whose names are hidden in the subjects.
    """

    page: Page[Ticket]
    shown: list[UUID]
    hidden: list[Student]


def ticket_list(reader: Reader, number: int) -> TicketList:
    """Return a page of the tickets that this person may see, newest first."""
    openly = Prefetch(
        "pupils", queryset=TicketPupil.objects.filter(letter="").select_related("student")
    )
    rows = Ticket.objects.visible_to(reader).select_related("author").prefetch_related(openly)
    page = page_of(rows.order_by("-raised_at", "-pk"), number)
    return TicketList(
        page=page,
        shown=[one.student.ref for ticket in page for one in ticket.pupils.all()],
        hidden=_hidden_in([ticket.subject for ticket in page]),
    )


def ticket_page(reader: Reader, ref: UUID) -> TicketPage:
    """Return a ticket with its thread.

    Raises:
        Ticket.DoesNotExist: Absent, or hidden from the reader.
    """
    ticket = Ticket.objects.visible_to(reader).select_related("author").get(ref=ref)
    files = Prefetch("files", queryset=TicketFile.objects.select_related("attachment"))
    messages = list(
        ticket.messages.select_related("author").prefetch_related(files).order_by("sent_at", "pk")
    )
    pupils = list(ticket.pupils.select_related("student").order_by("letter", "pk"))
    texts = [ticket.subject, ticket.rating_words, *(one.text for one in messages)]
    texts += [one.reason for one in messages]
    texts += [file.name for one in messages for file in one.files.all()]
    facts = ticket.facts()
    return TicketPage(
        ticket=ticket,
        messages=messages,
        pupils=_who(pupils),
        shown=[one.student.ref for one in pupils],
        hidden=_hidden_in(texts),
        may_answer=policies.why_not_answer(reader, facts) is None,
        may_reopen=policies.why_not_reopen(reader, facts, clock.now()) is None,
        may_rate=policies.why_not_rate(reader, facts) is None,
        accesses=list(ticket.accesses.order_by("-pk")),
        official=_official(reader, ticket),
    )


def letters_of(reader: Reader, ref: UUID) -> Letters:
    """Return the letters that a ticket has given.

    Raises:
        Ticket.DoesNotExist: Absent, or hidden from the reader.
    """
    return given_letters(Ticket.objects.visible_to(reader).get(ref=ref))


def given_letters(ticket: Ticket) -> Letters:
    """Return the letters that a ticket has given; locked, so that no other message gives any."""
    given = ticket.pupils.exclude(letter="").order_by("pk").values_list("letter", "student__ref")
    return Letters.of((letter, str(student)) for letter, student in given)


def visible_file(reader: Reader, ref: UUID) -> tuple[TicketFile, list[Student]]:
    """Return a file of a ticket, with the students whose names are hidden in its name.

    Raises:
        TicketFile.DoesNotExist: Absent, or on a ticket that is hidden from the reader.
    """
    files = TicketFile.objects.select_related("attachment", "message__ticket")
    file = files.get(ref=ref, message__ticket__in=Ticket.objects.visible_to(reader))
    return file, _hidden_in([file.name])


def file_of(*, ticket: UUID, ref: UUID) -> TicketFile:
    """Return a file that hangs on a ticket, for whoever deals with it.

    Raises:
        TicketFile.DoesNotExist: It does not.
    """
    files = TicketFile.objects.select_related("attachment", "message__ticket")
    files = files.prefetch_related("message__ticket__pupils__student")
    return files.get(ref=ref, message__ticket__ref=ticket)


def ticket_of(reader: Reader, submission: UUID | None) -> Ticket | None:
    """Return the ticket that this person sent with a submission, if any."""
    mine: dict[str, Any] = {"author_id": reader.staff_id, "submission": submission}
    return Ticket.objects.filter(**mine).first() if submission else None


def ticket_of_mail(pk: int) -> Ticket | None:
    """Return the ticket of a row id with its requester, whom the caller has yet to prove."""
    rows = Ticket.objects.select_related("author__user", "author__access_group")
    return rows.filter(pk=pk).first()


def number_by_email(author_id: int, since: datetime) -> int:
    """Return how many messages a person sent by email since a moment."""
    rows = TicketMessage.objects.filter(by_email=True, sent_at__gte=since)
    return rows.filter(author_id=author_id).count()


def has_answered(reader: Reader, submission: UUID | None) -> bool:
    """Say whether this person wrote a message with a submission."""
    mine: dict[str, Any] = {"author_id": reader.staff_id, "submission": submission}
    return bool(submission) and TicketMessage.objects.filter(**mine).exists()


def _official(reader: Reader, ticket: Ticket) -> UUID | None:
    if ticket.topic != Topic.OFFICIAL:
        return None
    rows = OfficialRequest.objects.visible_to(reader).filter(decision__ticket=ticket)
    return rows.values_list("ref", flat=True).first()


def _who(pupils: list[TicketPupil]) -> list[Who]:
    by_letter: dict[str, list[Student]] = {}
    for one in pupils:
        if one.letter:
            by_letter.setdefault(one.letter, []).append(one.student)
    return [Who(letter=letter, students=students) for letter, students in by_letter.items()]


def _hidden_in(texts: list[str]) -> list[Student]:
    return students_spoken_of(texts) if are_hidden() else []
