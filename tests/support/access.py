"""The helpdesk's access to a school for tests: asked for, granted, used."""

from typing import Any
from uuid import UUID

from django.test import Client

from core import clock
from core.identifiers import uuid7
from core.tenancy import in_school
from helpdesk.handover import AccessTold
from helpdesk.passes import signed_pass
from schools.actors import StaffActor
from support.models import SupportAccess, Ticket
from support.services.access import grant_access, take_request

#: Who asks, unless another is named.
AGENT = UUID(int=7)


def asked(
    ticket: Ticket, *, scope: str = "settings", hours: int = 2, agent_ref: UUID = AGENT
) -> SupportAccess:
    """Take an agent's request in, at the current school."""
    told = AccessTold(
        ref=uuid7(),
        school_ref=UUID(int=1),
        ticket_ref=ticket.ref,
        agent_ref=agent_ref,
        agent_name="Agatha Agent",
        purpose="To see why the import stops.",
        scope=scope,
        hours=hours,
        asked_at=clock.now(),
        is_open=True,
    )
    take_request(told)
    return SupportAccess.objects.get(ref=told.ref)


def grant(administrator: StaffActor, access: SupportAccess, *, hours: int = 1) -> SupportAccess:
    """Let the agent in."""
    return grant_access(actor=administrator, ref=access.ref, hours=hours)


def pass_for(school: Any, access: SupportAccess, *, agent: UUID = AGENT) -> str:
    """Return a pass as the helpdesk signs it."""
    return signed_pass(school=school.ref, access=access.ref, agent=agent)


def come_in(school: Any, sent: str, client: Client | None = None) -> tuple[Client, Any]:
    """Go to a school with a pass; return the browser and the answer."""
    client = client or Client(HTTP_HOST=school.host)
    return client, client.post("/support/access/enter/", {"pass": sent})


def helper_of(
    school: Any, administrator: StaffActor, ticket: Ticket, *, scope: str = "settings"
) -> tuple[Client, SupportAccess]:
    """Return the browser of an agent who was let in, and the grant."""
    with in_school(school):
        access = grant(administrator, asked(ticket, scope=scope))
        sent = pass_for(school, access)
    client, answer = come_in(school, sent)
    assert answer.status_code == 302, answer.status_code
    return client, access
