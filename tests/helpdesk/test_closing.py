"""Completed tickets are closed for good once nobody may reopen them."""

from datetime import timedelta

from core.outbox.models import OutboxEvent
from helpdesk.services.handling import complete_ticket
from helpdesk.tasks import close_completed
from tests.helpdesk.desk import TUESDAY, fresh, raised


def test_after_14_days_a_completed_ticket_is_closed_and_its_requester_sees_it(desk, agatha):
    done, open_still = raised(TUESDAY), raised(TUESDAY)
    complete_ticket(actor=agatha, ref=done.ref)
    told = OutboxEvent.objects.filter(kind="helpdesk.ticket_settled")
    desk.shift(timedelta(days=14))
    assert close_completed.run() == 0
    desk.shift(timedelta(seconds=1))
    before = told.count()
    assert close_completed.run() == 1
    assert (fresh(done).state, fresh(done).completed_at) == ("closed", TUESDAY)
    assert fresh(open_still).state == "new"
    assert told.count() == before + 1
    assert close_completed.run() == 0
