"""Tickets for tests, sent as the pages send them."""

import re

from core.identifiers import uuid7
from helpdesk.terms import Topic
from schools.actors import StaffActor
from support.guard import Letters
from support.screening import screen, sendable
from support.services.tickets import NewAnswer, NewTicket, answer_ticket, raise_ticket


def make_ticket(
    actor: StaffActor,
    *,
    subject="Import fails",
    text="The import stops half-way.",
    files=(),
    anyway_because="",
    is_urgent=False,
    telephone="",
):
    """Send a ticket, masked unless a reason is given."""
    screened = screen({"subject": subject, "text": text}, files)
    openly = screened.places if anyway_because else ()
    sent = sendable(screened, letters=Letters(), openly=openly, because=anyway_because)
    new = NewTicket(
        submission=uuid7(),
        topic=Topic.STUDENTS,
        telephone=telephone,
        is_urgent=is_urgent,
        sent=sent,
        students=screened.students.values(),
    )
    return raise_ticket(actor=actor, new=new)


def make_answer(actor: StaffActor, ticket, *, text="It still fails.", files=()):
    """Write on a ticket, masked."""
    screened = screen({"text": text}, files)
    new = NewAnswer(
        submission=uuid7(),
        handing=lambda letters: sendable(screened, letters=letters),
        students=screened.students.values(),
    )
    return answer_ticket(actor=actor, ref=ticket.ref, new=new)


def ticket_form(**fields):
    """Return what ‘Contact Support’ posts."""
    return {
        "submission": str(uuid7()),
        "topic": "students",
        "subject": "Import fails",
        "text": "The import stops half-way.",
        "telephone": "01756 111222",
        **fields,
    }


def places(page):
    """Return what the check page lets people tick, in the order of the page."""
    return re.findall(r'name="openly" value="([^"]+)"', page)


def hidden_fields(page):
    """Return the hidden fields of the check page's form, as a browser posts them."""
    form = page.split('id="check-form"')[1].split("</form>")[0]
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found
