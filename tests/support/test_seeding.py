"""The demo's tickets: a helpdesk that looks lived in, made once."""

from datetime import UTC, datetime

import pytest
import time_machine

from core.tenancy import at_face, in_school
from helpdesk.face import FACE
from helpdesk.models import Alarm, CannedReply, IncidentNotice, TicketMessage
from helpdesk.models import Ticket as DeskTicket
from helpdesk.selectors.queues import queue_counts
from helpdesk.terms import AgentRole, Queue, TicketState
from safeguarding.seeding import NotADemo
from support.invented import NOTICE
from support.models import Ticket
from support.seeding import seed_tickets
from tests.control_plane import make_agent
from tests.factories import make_staff, make_student
from tests.helpdesk.desk import reader_of

IN_HOURS = datetime(2026, 2, 10, 10, tzinfo=UTC)
AT_NIGHT = datetime(2026, 2, 10, 2, tzinfo=UTC)
LEAD = "robin@helpdesk.example"


@pytest.fixture
def places(schools, db):
    """Both schools with the demo's people, and a student of each."""
    kinds = {"head": "administrator", "dsl": "key_holder", "teacher": "staff", "ta": "staff"}
    made = {}
    for slug, school in schools.items():
        with in_school(school):
            make_student("Maddy", "Greenwood")
            people = {name: make_staff(name, kind=kind) for name, kind in kinds.items()}
            made[slug] = (school, people, "Maddy Greenwood")
    make_agent(LEAD, role=AgentRole.LEAD)
    return made


@pytest.mark.parametrize("now", [IN_HOURS, AT_NIGHT], ids=["in hours", "at night"])
def test_the_console_and_my_tickets_look_lived_in(now, places):
    with time_machine.travel(now, tick=False):
        made = seed_tickets(places, lead=LEAD)
        with at_face(FACE):
            counts = queue_counts(reader_of(LEAD), now)
            states = set(DeskTicket.objects.values_list("state", flat=True))
            rated = DeskTicket.objects.get(rating=5)
            assert rated.first_reply_met_at <= rated.first_reply_due_at
            assert DeskTicket.objects.filter(notice=IncidentNotice.objects.get()).count() == 2
            assert CannedReply.objects.filter(title=NOTICE[0]).exists()
            assert Alarm.objects.get().acknowledged_at is None
            told = TicketMessage.objects.filter(ticket__masked=2, kind="requester").get()
    assert all(counts[queue] for queue in Queue if queue != Queue.CLOSED)
    assert states == {*TicketState} - {TicketState.CLOSED}
    assert told.text.startswith("Pupil A is in the list twice")
    for slug, (school, _, _) in places.items():
        with in_school(school):
            shown = Ticket.objects.filter(ref__in=[one.ref for one in made])
            assert shown.exclude(number="").count() == shown.count() >= 4, slug


def test_a_second_start_doubles_nothing(places):
    with time_machine.travel(IN_HOURS, tick=False):
        assert len(seed_tickets(places, lead=LEAD)) == 9
        assert seed_tickets(places, lead=LEAD) == []
    with at_face(FACE):
        assert DeskTicket.objects.count() == 9


def test_outside_of_the_demo_it_is_refused(places, settings):
    settings.IS_DEMO = False
    with pytest.raises(NotADemo):
        seed_tickets(places, lead=LEAD)
