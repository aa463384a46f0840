"""What people do on an incident's pages."""

from typing import Any

from core.accounts.models import User
from tests.acceptance.page import Form, Page


def url(incident: Any) -> str:
    """The page of an incident."""
    return f"/incidents/{incident.ref}/"


def status(client: Any, path: str) -> int:
    """Open something, to its last byte."""
    answer = client.get(path, follow=True)
    b"".join(answer)
    return int(answer.status_code)


def read(client: Any, incident: Any) -> Any:
    """Press ‘Mark as read’."""
    return Page(client.get(url(incident))).form("Mark as read").submit(client)


def form_of(client: Any, query: str = "") -> Form:
    """The ‘Add Incident’ form."""
    return Page(client.get(f"/incidents/add/{query}")).form("Add Incident")


def refs(*rows: Any) -> list[str]:
    """What is posted where these are chosen."""
    return [str(one.ref) for one in rows]


def address_of(actor: Any) -> str:
    """Where an actor's emails go."""
    return User.objects.get(pk=actor.user_id).email
