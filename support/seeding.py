"""The demo's invented tickets, at the schools and at the helpdesk, as if they were a few days old.

Only the demo's settings allow it. Everything goes the way of real tickets: the privacy guard, the services, both doors.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from core import clock
from core.accounts.models import User
from core.actors import Actor
from core.identifiers import uuid7
from core.outbox import services as outbox
from core.tenancy import SchoolLike, at_face, in_control_plane, in_school
from helpdesk.actors import AgentActor
from helpdesk.face import FACE
from helpdesk.office import OfficeHours, office_hours
from helpdesk.services import answers, canned, handling, people, presence, sorting
from helpdesk.terms import Topic
from helpdesk.working_time import worked
from safeguarding.seeding import NotADemo
from schools.actors import StaffActor
from support.guard import Letters
from support.invented import CANNED, NOTICE, TICKETS, InventedTicket, Turn
from support.models import Ticket
from support.screening import screen, sendable
from support.services.tickets import NewTicket, raise_ticket, rate_ticket

#: Working time of so many minutes lies within this.
_LONGEST = timedelta(days=40)
#: A ticket that is due soon; out of hours it is late by a little, so that it stays on top.
_DUE_SOON, _LATE = 75, 121

Staff = Mapping[str, StaffActor]


def seed_tickets(places: Mapping[str, tuple[SchoolLike, Staff, str]], *, lead: str) -> list[Ticket]:
    """Raise the invented tickets and let them happen, where their school has no ticket yet.

    Args:
        places: By slug: the school, its staff by the demo's account names, a student's name.
        lead: Email address of the lead who answers; they are on duty from now on.

    Returns:
        The tickets, as the schools have them.

    Raises:
        NotADemo: The settings are not the demo's.
    """
    if not settings.IS_DEMO:
        raise NotADemo("Invented tickets exist only in the demo.")
    if any(_has_tickets(school) for school, _, _ in places.values()):
        return []
    office, now = office_hours(), clock.now()
    with clock.as_of(_worked_ago(office, now, max(one.raised for one in TICKETS) + 60)):
        agent = _at_work(lead)
    notice = _office(agent, _worked_ago(office, now, 120))
    made = []
    for told in TICKETS:
        school, staff, pupil = places[told.school]
        made.append(_Happening(told, school, staff, agent, notice, office, now).happen(pupil))
    return made


def _has_tickets(school: SchoolLike) -> bool:
    with in_school(school):
        return Ticket.objects.exists()


def _at_work(email: str) -> AgentActor:
    """Put the lead on duty, for all topics but official requests, which wait in the queue."""
    with at_face(FACE):
        user_id = User.objects.get(email=email).pk
        agent = _acting(user_id)
        skills = [one for one in Topic if one != Topic.OFFICIAL]
        ref = presence.go_on_duty(actor=agent).ref
        people.change_agent(actor=agent, ref=ref, teams=(), skills=skills, capacity=20)
        return _acting(user_id)


def _acting(user_id: int) -> AgentActor:
    actor = FACE.acting(Actor(user_id=user_id, has_key=True, has_confirmed_key=True))
    if not isinstance(actor, AgentActor) or actor.user_id is None:
        raise LookupError("Nobody of the helpdesk has this account.")
    return actor


def _office(agent: AgentActor, opened_at: datetime) -> UUID:
    with at_face(FACE), clock.as_of(opened_at):
        for title, text in CANNED:
            canned.add_canned_reply(actor=agent, title=title, text=text)
        return sorting.open_notice(actor=agent, title=NOTICE[0], text=NOTICE[1]).ref


def _worked_ago(office: OfficeHours, now: datetime, minutes: int) -> datetime:
    """Return the last whole minute since which the office has worked for so long."""
    early, late = now - _LONGEST, now
    wanted = timedelta(minutes=minutes)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if worked(office.calendar, middle, now) >= wanted:
            early = middle
        else:
            late = middle
    return early.replace(second=0, microsecond=0)


class _Happening:
    """One invented ticket as it happens, turn by turn."""

    def __init__(
        self,
        told: InventedTicket,
        school: SchoolLike,
        staff: Staff,
        agent: AgentActor,
        notice: UUID,
        office: OfficeHours,
        now: datetime,
    ) -> None:
        self.told, self.school, self.author = told, school, staff[told.by]
        self.agent, self.notice, self.office, self.now = agent, notice, office, now

    def happen(self, pupil: str) -> Ticket:
        """Raise it, let everything happen to it, and return it."""
        raised = self.told.raised
        if raised == _DUE_SOON and not self.office.is_open(self.now):
            raised = _LATE
        with clock.as_of(self._ago(raised)), in_school(self.school):
            ticket = self._raise(pupil)
        self._carry(raised)
        for minutes, turn, words in self.told.turns:
            with clock.as_of(self._ago(minutes)):
                self._turn(ticket, turn, words)
            self._carry(minutes)
        return ticket

    def _ago(self, minutes: int) -> datetime:
        return _worked_ago(self.office, self.now, minutes)

    def _raise(self, pupil: str) -> Ticket:
        texts = {"subject": self.told.subject, "text": self.told.text}
        screened = screen({name: text.format(pupil=pupil) for name, text in texts.items()})
        new = NewTicket(
            submission=uuid7(),
            topic=self.told.topic,
            telephone=self.told.telephone,
            is_urgent=self.told.is_urgent,
            sent=sendable(screened, letters=Letters()),
            students=screened.students.values(),
        )
        return raise_ticket(actor=self.author, new=new)

    def _turn(self, ticket: Ticket, turn: Turn, words: str) -> None:
        if turn is Turn.RATE:
            with in_school(self.school):
                rate_ticket(
                    actor=self.author, ref=ticket.ref, rating=5, said=screen({"words": words})
                )
            return
        with at_face(FACE):
            match turn:
                case Turn.REPLY:
                    answers.reply(actor=self.agent, ref=ticket.ref, text=words)
                case Turn.ASK:
                    answers.ask(actor=self.agent, ref=ticket.ref, text=words)
                case Turn.NOTE:
                    answers.write_note(actor=self.agent, ref=ticket.ref, text=words)
                case Turn.COMPLETE:
                    handling.complete_ticket(actor=self.agent, ref=ticket.ref)
                case Turn.LINK:
                    sorting.link_to_notice(actor=self.agent, ref=ticket.ref, notice=self.notice)

    def _carry(self, minutes: int) -> None:
        """Do what the workers did a minute later: through both doors, and the emails."""
        with clock.as_of(self._ago(minutes) + timedelta(minutes=1)):
            for _ in range(2):
                with in_school(self.school):
                    outbox.act_on_all()
                with in_control_plane():
                    outbox.act_on_all()
            with in_school(self.school):
                outbox.act_on_all()
