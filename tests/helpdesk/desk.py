"""What schools hand over, and agents who act."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.accounts.models import User
from core.actors import Actor
from core.identifiers import uuid7
from helpdesk.actors import AgentActor
from helpdesk.face import FACE
from helpdesk.handover import AnswerHandover, FileHandover, SchoolCard, TicketHandover
from helpdesk.models import Agent, Ticket
from helpdesk.policies import Reader
from helpdesk.services.intake import receive_ticket
from helpdesk.services.presence import go_on_duty
from helpdesk.terms import AgentRole
from tests.control_plane import make_agent

#: A Tuesday, in hours; the Friday after it, and the Monday after that, are ordinary days too.
TUESDAY = datetime(2026, 2, 10, 10, tzinfo=UTC)
#: The evening before, out of hours.
EVENING = datetime(2026, 2, 9, 20, tzinfo=UTC)
GREENWOOD, HILLSIDE = UUID(int=1), UUID(int=2)
CARD = SchoolCard(
    staff=40,
    key_holders=3,
    students=420,
    last_import_at=None,
    mail_failures=2,
    administrators=("Ada Minster",),
)
RITA = uuid7()
SHEET = FileHandover(ref=uuid7(), name="sheet.csv", size=1200, content_type="text/csv")


def handover(raised_at: datetime, **facts: Any) -> TicketHandover:
    """Return a ticket as Greenwood hands it over."""
    plain = TicketHandover(
        ref=uuid7(),
        school_ref=GREENWOOD,
        school_name="Greenwood School",
        school_url="https://greenwood.localhost",
        requester_ref=RITA,
        requester_name="Rita Requester",
        requester_role="staff",
        email="rita@greenwood.example",
        telephone="01756 000000",
        topic="logging_in",
        subject="I cannot log in",
        text="It says that my password is wrong.",
        is_urgent=False,
        raised_at=raised_at,
        masked=0,
        files=(),
        card=CARD,
    )
    return replace(plain, **facts)


def raised(raised_at: datetime, **facts: Any) -> Ticket:
    """Return a ticket that was taken in."""
    return receive_ticket(handover(raised_at, **facts))


def answered(ticket: Ticket, written_at: datetime, **facts: Any) -> AnswerHandover:
    """Return what the requester wrote later."""
    plain = AnswerHandover(
        ref=uuid7(), ticket_ref=ticket.ref, text="Here it is.", written_at=written_at
    )
    return replace(plain, **facts)


def fresh(ticket: Ticket) -> Ticket:
    """Return the ticket as it stands in the database."""
    return Ticket.objects.get(pk=ticket.pk)


def agent(name: str, *, role: AgentRole = AgentRole.AGENT, is_on_duty: bool = True) -> AgentActor:
    """Return somebody who acts at the helpdesk, on duty unless told otherwise."""
    person = make_agent(f"{name}@platform.example", role=role)
    found = FACE.acting(
        Actor(user_id=person.user.pk, has_key=True, has_confirmed_key=True, request_id=f"by-{name}")
    )
    assert isinstance(found, AgentActor)
    if is_on_duty and role != AgentRole.EDITOR:
        go_on_duty(actor=found)
    return found


def reader_of(email: str) -> Reader:
    """Return what the policies know of an agent, with the key shown."""
    user = User.objects.get(email=email)
    found = FACE.acting(Actor(user_id=user.pk, has_key=True))
    assert isinstance(found, AgentActor)
    return found.reader


def row(actor: AgentActor) -> Agent:
    """Return an agent's row."""
    return Agent.objects.get(pk=actor.reader.agent_id)
