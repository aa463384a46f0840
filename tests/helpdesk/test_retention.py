"""The helpdesk's side of an old ticket: its words go, its log stays."""

from datetime import timedelta

from core.audit.models import AuditEntry
from helpdesk.face import FACE
from helpdesk.models import AccessRequest, TicketEvent, TicketFile, TicketMessage
from helpdesk.services.access import ask_access
from helpdesk.services.answers import reply
from helpdesk.services.closing import close_completed
from helpdesk.services.handling import complete_ticket, take_ticket
from helpdesk.tasks import forget_tickets
from helpdesk.terms import AccessScope
from tests.control_plane import Person, at
from tests.helpdesk.desk import SHEET, TUESDAY, fresh, raised, row

CLOSED_AFTER = timedelta(days=14, seconds=1)


def settled(agatha, desk, **facts):
    """Return a ticket that was answered and completed."""
    ticket = raised(TUESDAY, **facts)
    take_ticket(actor=agatha, ref=ticket.ref)
    scope = AccessScope.SETTINGS
    ask_access(actor=agatha, ref=ticket.ref, purpose="See why.", scope=scope, hours=1)
    reply(actor=agatha, ref=ticket.ref, text="It works now.")
    desk.shift(timedelta(seconds=11))
    complete_ticket(actor=agatha, ref=ticket.ref)
    return ticket


def test_words_go_24_months_after_closing_and_the_log_stays(desk, agatha):
    ticket, waiting = settled(agatha, desk, files=(SHEET,)), raised(TUESDAY)
    official = settled(agatha, desk, topic="official")
    desk.shift(CLOSED_AFTER)
    assert close_completed(actor=agatha) == 2
    events = TicketEvent.objects.filter(ticket=ticket).count()
    desk.shift(timedelta(days=730))
    assert forget_tickets.run() == 0
    assert TicketFile.objects.count() == 1
    desk.shift(timedelta(days=1))
    assert forget_tickets.run() == 1
    assert forget_tickets.run() == 0
    assert not TicketFile.objects.exists()
    with_words = set(TicketMessage.objects.values_list("ticket_id", flat=True))
    assert with_words == {waiting.pk, official.pk}
    purposes = AccessRequest.objects.order_by("pk").values_list("purpose", flat=True)
    assert list(purposes) == ["", "See why."]
    kept = fresh(ticket)
    assert (kept.requester_name, kept.email, kept.telephone) == ("", "", "")
    assert kept.subject == "Words removed after their time"
    assert (kept.completed_at is None, kept.school_id) == (False, ticket.school_id)
    assert TicketEvent.objects.filter(ticket=ticket).count() == events > 2
    entry = AuditEntry.objects.get(verb="ticket.emptied")
    assert (entry.subject_ref, entry.facts) == (ticket.ref, {"messages": 3, "files": 1})
    desk.shift(timedelta(days=2557 - 731))
    assert forget_tickets.run() == 1
    assert set(TicketMessage.objects.values_list("ticket_id", flat=True)) == {waiting.pk}


def test_its_page_still_opens(desk, agatha):
    ticket = settled(agatha, desk)
    desk.shift(CLOSED_AFTER)
    close_completed(actor=agatha)
    desk.shift(timedelta(days=731))
    assert forget_tickets.run() == 1
    browser = at(Person(face=FACE, email="agatha@platform.example", row=row(agatha)))
    answer = browser.get(f"/tickets/{ticket.ref}/")
    assert answer.status_code == 200
    assert "It works now." not in answer.text
