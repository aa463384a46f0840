"""A ticket's requests to look at the school's site."""

from dataclasses import dataclass
from uuid import UUID

from core import clock
from helpdesk.models import AccessRequest, Ticket
from helpdesk.policies import Reader, is_open, why_not_ask_access, why_not_use_access


@dataclass(frozen=True, kw_only=True)
class AccessBlock:
    """What a ticket's page shows of access to the school's site.

    Attributes:
        rows: Newest first.
        open: The one that waits or holds, if any.
        may_ask: The reader may ask for it now.
        may_open: The reader may open the site now.
    """

    rows: list[AccessRequest]
    open: AccessRequest | None
    may_ask: bool
    may_open: bool


def access_block(reader: Reader, ticket: Ticket) -> AccessBlock:
    """Return a ticket's requests with what the reader may do; one query."""
    rows = list(ticket.accesses.select_related("agent").order_by("-pk"))
    now, facts = clock.now(), ticket.facts()
    found = next((one for one in rows if is_open(one.facts(), now)), None)
    return AccessBlock(
        rows=rows,
        open=found,
        may_ask=found is None and why_not_ask_access(reader, facts) is None,
        may_open=found is not None
        and why_not_use_access(reader, facts, found.facts(), now) is None,
    )


def ticket_of_access(ref: UUID) -> UUID | None:
    """Return the reference of a request's ticket."""
    return Ticket.objects.filter(accesses__ref=ref).values_list("ref", flat=True).first()
