"""What is promised, as it stands on the tickets."""

from django.db.models import QuerySet

from core import clock
from helpdesk.models import Ticket
from helpdesk.office import OfficeHours, office_hours
from helpdesk.selectors.promises import first_reply_in, promises_of

#: The columns that ``renew`` sets.
PROMISES = ("first_reply_due_at", "first_reply_met_at", "resolution_due_at")
_AT_ONCE = 500


def renew(ticket: Ticket, office: OfficeHours | None = None) -> bool:
    """Work out anew what is promised; the caller saves ``PROMISES``.

    A promise that was kept is left as it was judged then.

    Args:
        ticket: Locked, with its log written.
        office: The hours and targets that hold; read where they are not given.

    Returns:
        Whether anything differs.
    """
    before = [getattr(ticket, column) for column in PROMISES]
    promised = promises_of(ticket, office or office_hours(), clock.now())
    met_at = first_reply_in(ticket)
    if met_at is None:
        ticket.first_reply_due_at = promised.first_reply.due
    ticket.first_reply_met_at = met_at
    ticket.resolution_due_at = promised.resolution.due
    return before != [getattr(ticket, column) for column in PROMISES]


def renew_open_promises() -> int:
    """Work out anew what is promised for tickets that are not settled, once; touch no other.

    Locks them all, in order, so that what somebody does meanwhile comes before or after.

    Returns:
        How many differ now.
    """
    office, changed = office_hours(), 0
    rows = _unsettled().select_for_update(no_key=True)
    refs = list(rows.values_list("pk", flat=True))
    for start in range(0, len(refs), _AT_ONCE):
        batch = list(_unsettled().filter(pk__in=refs[start : start + _AT_ONCE]))
        differing = [ticket for ticket in batch if renew(ticket, office)]
        Ticket.objects.bulk_update(differing, PROMISES)
        changed += len(differing)
    return changed


def _unsettled() -> QuerySet[Ticket]:
    return Ticket.objects.unsettled().prefetch_related("events").order_by("ref")
