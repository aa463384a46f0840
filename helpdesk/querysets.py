"""Which tickets: the queues of the console."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from helpdesk.terms import UNSETTLED, Priority, TicketState

if TYPE_CHECKING:
    from helpdesk.models import Ticket  # noqa: F401 - named in quotes

#: How PostgreSQL takes texts of tickets apart.
SEARCHED_AS = "english"

#: With which somebody at the office has still something to do.
IN_HAND = Q(state__in=(TicketState.NEW, TicketState.OPEN), merged_into=None)
#: For an answer of the requester's.
WAITING = Q(state=TicketState.WAITING, merged_into=None)
SETTLED = Q(state__in=(TicketState.COMPLETED, TicketState.CLOSED))

_RANK = Func(
    Value([one.value for one in Priority], ArrayField(models.CharField())),
    F("priority"),
    function="array_position",
    output_field=models.SmallIntegerField(),
)


def due_before(moment: datetime) -> Q:
    """In hand with a promise that ends before ``moment`` (UTC) and is not kept yet."""
    is_due = Q(first_reply_met_at=None, first_reply_due_at__lt=moment)
    return IN_HAND & (is_due | Q(resolution_due_at__lt=moment))


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets, narrowed down to queues."""

    def unsettled(self) -> Self:
        """Neither completed nor closed, nor gone into another."""
        return self.filter(state__in=UNSETTLED, merged_into=None)

    def in_hand(self) -> Self:
        """With which somebody at the office has still something to do."""
        return self.filter(IN_HAND)

    def first_things_first(self) -> Self:
        """By priority, then age."""
        return self.order_by(_RANK, "raised_at", "pk")
