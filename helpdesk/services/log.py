"""What happened to a ticket: its log, and the ticket as it stands afterwards."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock
from helpdesk.models import Ticket, TicketEvent
from helpdesk.terms import EventKind


def locked_ticket(ref: UUID) -> Ticket:
    """Return a ticket for changing it; others wait until this transaction ends.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    return Ticket.objects.select_for_update(no_key=True).get(ref=ref)


def keep(
    ticket: Ticket,
    kind: EventKind,
    *changed: str,
    agent_id: int | None = None,
    at: datetime | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write a line of the log and save what changed; the deed's own service records it.

    Args:
        ticket: Locked, with its new values.
        kind: What happened.
        *changed: Columns to save.
        agent_id: Who of the helpdesk did it.
        at: When (UTC); now where none is given.
        facts: References, ids, codes and counts.
    """
    TicketEvent.objects.create(
        ticket=ticket,
        kind=kind,
        agent_id=agent_id,
        happened_at=at or clock.now(),
        facts={name: _plain(value) for name, value in (facts or {}).items()},
    )
    ticket.updated_at = clock.now()
    ticket.save(update_fields=[*changed, "updated_at"])


def touch(ticket: Ticket, agent_id: int | None) -> Collection[str]:
    """Note that the ticket's own agent did something with it; return the columns to save."""
    if agent_id is not None and ticket.agent_id == agent_id and not ticket.is_touched:
        ticket.is_touched = True
        return ("is_touched",)
    return ()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
