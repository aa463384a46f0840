"""The school's side of an old ticket: its words and files go, its references and times stay."""

from datetime import timedelta

import pytest
from django.db import connection

from core.attachments import services as attachments
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.clock import now
from helpdesk.terms import TicketState, Topic
from support.models import (
    OfficialRequest,
    SupportAccess,
    Ticket,
    TicketFile,
    TicketMessage,
    TicketPupil,
)
from support.services.official import decline
from support.tasks import forget_tickets
from tests.factories import make_student
from tests.support.access import asked
from tests.support.official import make_request
from tests.support.tickets import make_ticket

DAYS = timedelta(days=14 + 731)
YEARS = timedelta(days=14 + 2557)


@pytest.fixture
def clock(time_machine_at):
    time_machine_at.move_to(now(), tick=False)
    return time_machine_at


def closed(actor, **facts):
    """Return a ticket with a pupil and a file that was completed now and is closed."""
    file = attachments.seal(actor=actor, filename="notes.txt", chunks=[b"Quiet.\n"])
    ticket = make_ticket(actor, text="Zoë Quillfeather is twice there.", files=[file])
    for name, value in {"state": TicketState.CLOSED, "completed_at": now(), **facts}.items():
        setattr(ticket, name, value)
    ticket.number = f"T-{ticket.pk:06d}"
    ticket.save()
    return ticket


def test_words_files_and_pupils_go_24_months_after_closing_and_the_rest_stays(
    clock, teacher, school_a, browse, monkeypatch, django_capture_on_commit_callbacks
):
    make_student("Zoë", "Quillfeather")
    ticket = closed(teacher, rating=4, rating_words="Fine.", telephone="01756 1")
    asked(ticket)
    key = Attachment.objects.get().object_key
    clock.shift(DAYS - timedelta(seconds=1))
    assert forget_tickets.run(str(school_a.ref)) == 0
    clock.shift(timedelta(seconds=2))
    deleted: list[str] = []
    monkeypatch.setattr("core.attachments.storage.delete_objects", deleted.extend)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_tickets.run(str(school_a.ref)) == 1
    assert deleted == [key]
    left = [one.objects.count() for one in (TicketMessage, TicketFile, TicketPupil, Attachment)]
    assert left == [0, 0, 0, 0]
    access = SupportAccess.objects.get()
    assert (access.purpose, access.agent_name, access.hours) == ("", "Agatha Agent", 2)
    kept = Ticket.objects.get()
    assert (kept.subject, kept.telephone, kept.rating_words) == ("", "", "")
    assert (kept.ref, kept.number, kept.state, kept.completed_at, kept.rating) == (
        ticket.ref,
        ticket.number,
        TicketState.CLOSED,
        ticket.completed_at,
        4,
    )
    entry = AuditEntry.objects.get(verb="ticket.emptied")
    assert (entry.subject_ref, entry.facts) == (ticket.ref, {"messages": 1, "files": 1})
    assert forget_tickets.run(str(school_a.ref)) == 0
    client = browse(teacher)
    for path in ("/support/tickets/", f"/support/tickets/{ticket.ref}/"):
        assert "Words and files removed after their time" in client.get(path).text


def test_the_open_the_newer_and_the_official_stay(clock, teacher, school_a):
    make_student("Zoë", "Quillfeather")
    old = closed(teacher)
    still_open = closed(teacher, state=TicketState.OPEN, completed_at=None)
    completed = closed(teacher, state=TicketState.COMPLETED)
    official = closed(teacher, topic=Topic.OFFICIAL)
    newer = closed(teacher, completed_at=now() + timedelta(days=2))
    clock.shift(DAYS + timedelta(days=1))
    assert forget_tickets.run(str(school_a.ref)) == 1
    with_words = set(TicketMessage.objects.values_list("ticket__ref", flat=True))
    assert with_words == {still_open.ref, completed.ref, official.ref, newer.ref}
    assert old.ref not in with_words
    assert TicketFile.objects.count() == Attachment.objects.count() == 4
    clock.shift(YEARS - DAYS)
    assert forget_tickets.run(str(school_a.ref)) == 2
    assert set(TicketMessage.objects.values_list("ticket__ref", flat=True)) == {
        still_open.ref,
        completed.ref,
    }


def test_the_record_holds_no_word_of_a_ticket(clock, teacher, school_a):
    closed(teacher, telephone="01756 998877", rating_words="Wunderbar.")
    clock.shift(DAYS + timedelta(days=1))
    assert forget_tickets.run(str(school_a.ref)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), string_agg(changes::text || facts::text, '') FROM audit_auditentry WHERE subject_kind LIKE 'support.%'")  # fmt: skip
        number, told = cursor.fetchone()
    assert number > 4
    for words in ("twice there", "Import fails", "notes.txt", "01756", "Wunderbar"):
        assert words not in told, words


def test_the_words_of_an_official_request_go_after_seven_years_and_not_before(
    clock, administrator, dsl, school_a
):
    clock.move_to(now() - timedelta(days=365 * 9))
    request = make_request(administrator, text="For the governors.")
    decline(actor=dsl, ref=request.ref, reason="Not now.")
    clock.shift(YEARS - timedelta(seconds=1))
    assert forget_tickets.run(str(school_a.ref)) == 0
    clock.shift(timedelta(seconds=2))
    assert forget_tickets.run(str(school_a.ref)) == 1
    kept = OfficialRequest.objects.get()
    assert (kept.text, kept.details, kept.decision.reason) == ("", {}, "")
    assert (kept.kind, kept.author_id) == ("data_export", administrator.staff_id)
    assert AuditEntry.objects.get(verb="official.emptied").subject_ref == request.ref
    assert forget_tickets.run(str(school_a.ref)) == 0
