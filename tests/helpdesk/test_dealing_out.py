"""What is queued is dealt out at opening; two workers deal one ticket once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.tenancy import at_face, in_control_plane
from helpdesk.face import FACE
from helpdesk.models import Agent, Ticket, TicketEvent
from helpdesk.services.answers import write_note
from helpdesk.services.handling import take_ticket
from helpdesk.services.presence import go_off_duty, go_on_duty
from helpdesk.tasks import deal_out
from helpdesk.terms import Priority
from tests.control_plane import forget_people
from tests.helpdesk.desk import EVENING, TUESDAY, agent, fresh, raised, row

OPENING = datetime(2026, 2, 10, 8, 30, tzinfo=UTC)


def queue(desk, *urgencies):
    """Raise tickets in the evening, one a minute."""
    desk.move_to(EVENING)
    tickets = []
    for urgent in urgencies:
        tickets.append(raised(EVENING + timedelta(minutes=len(tickets)), is_urgent=urgent))
    return tickets


def test_nothing_is_dealt_out_while_the_office_is_closed(desk, agatha):
    (ticket,) = queue(desk, False)
    desk.move_to(OPENING - timedelta(seconds=1))
    assert deal_out.run() == 0
    assert fresh(ticket).agent_id is None
    desk.move_to(OPENING)
    assert deal_out.run() == 1
    assert fresh(ticket).agent_id == agatha.reader.agent_id


def test_at_opening_it_goes_by_priority_then_age(desk, agatha):
    first, second, urgent = queue(desk, False, False, True)
    Ticket.objects.filter(pk=second.pk).update(priority=Priority.HIGH)
    desk.move_to(OPENING)
    assert deal_out.run() == 3
    dealt = TicketEvent.objects.filter(kind="routed").order_by("pk")
    assert [one.ticket_id for one in dealt] == [urgent.pk, second.pk, first.pk]


def test_the_work_is_shared_and_nobody_gets_more_than_they_can_hold(desk, agatha):
    berta = agent("berta")
    Agent.objects.update(capacity=2)
    queue(desk, *[False] * 5)
    desk.move_to(OPENING)
    assert deal_out.run() == 4
    held = Ticket.objects.values_list("agent_id", flat=True)
    assert sorted(held, key=str).count(agatha.reader.agent_id) == 2
    assert list(held).count(berta.reader.agent_id) == 2
    assert list(held).count(None) == 1
    # And the next round does not turn in circles over the one that is left.
    assert deal_out.run() == 0


def test_a_round_with_nothing_queued_asks_one_thing(desk, agatha):
    raised(TUESDAY)
    with CaptureQueriesContext(connection) as asked:
        assert deal_out.run() == 0
    assert len([one for one in asked if "set_config" not in one["sql"]]) == 1


def test_whoever_goes_off_duty_hands_back_what_they_did_not_touch(desk, agatha):
    untouched, noted, taken = raised(TUESDAY), raised(TUESDAY), raised(TUESDAY)
    write_note(actor=agatha, ref=noted.ref, text="Ask the head.")
    take_ticket(actor=agatha, ref=taken.ref)
    assert go_off_duty(actor=agatha) == 1
    assert fresh(untouched).agent_id is None
    assert fresh(noted).agent_id == fresh(taken).agent_id == agatha.reader.agent_id
    assert row(agatha).is_on_duty is False
    berta = agent("berta")
    assert deal_out.run() == 1
    assert fresh(untouched).agent_id == berta.reader.agent_id


def test_going_on_duty_twice_keeps_the_place_in_the_line(desk, agatha):
    since = row(agatha).presence_at
    desk.shift(timedelta(hours=1))
    go_on_duty(actor=agatha)
    assert row(agatha).presence_at == since


# Really committed, on connections of their own

WORKERS, TICKETS = 4, 24


@pytest.fixture
def committed_desk(schools, django_db_blocker):
    """A queue and two agents that other connections see; gone afterwards."""
    with django_db_blocker.unblock(), time_machine.travel(TUESDAY, tick=True), at_face(FACE):
        connection.ensure_connection()
        connection.pool.resize(1, WORKERS + 4)
        agents = [agent("agatha"), agent("berta")]
        Agent.objects.filter(pk__in=[one.reader.agent_id for one in agents]).update(capacity=10)
        with time_machine.travel(EVENING):
            for _ in range(TICKETS):
                _raised_for_good()
        yield agents
        _forget_all()
    with django_db_blocker.unblock():
        connection.close()


def _raised_for_good():
    from django.db import transaction

    with transaction.atomic():
        raised(EVENING)


def _forget_all():
    from helpdesk.models import Alarm, SchoolCard, TicketMessage

    for model in (TicketEvent, TicketMessage, Alarm, Ticket, SchoolCard):
        model.objects.all().delete()
    forget_people()


def test_two_workers_at_once_deal_each_ticket_once_and_keep_to_capacity(committed_desk):
    ready = Barrier(WORKERS)

    def work():
        try:
            ready.wait(timeout=30)
            with in_control_plane():
                return deal_out.run()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        dealt = [one.result() for one in [pool.submit(work) for _ in range(WORKERS)]]
    # Two agents who can hold ten each.
    assert sum(dealt) == 20
    assert TicketEvent.objects.filter(kind="routed").count() == 20
    for one in committed_desk:
        assert Ticket.objects.filter(agent_id=one.reader.agent_id).count() == 10


def test_off_duty_while_others_deal_nobody_away_holds_an_untouched_ticket(committed_desk):
    agatha, _ = committed_desk
    ready = Barrier(2)

    def leave():
        try:
            ready.wait(timeout=30)
            with at_face(FACE):
                return go_off_duty(actor=agatha)
        finally:
            connection.close()

    def deal():
        try:
            ready.wait(timeout=30)
            return deal_out.run()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(leave), pool.submit(deal)]:
            one.result()
    assert not Ticket.objects.filter(agent_id=agatha.reader.agent_id).exists()
    assert Ticket.objects.exclude(agent=None).exists()
