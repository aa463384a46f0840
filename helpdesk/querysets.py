"""Which tickets: the queues of the console."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Case, Q, Value, When

from helpdesk.terms import UNSETTLED, Priority, TicketState

if TYPE_CHECKING:
    from helpdesk.models import Ticket  # noqa: F401 - named in quotes

#: How PostgreSQL takes texts of tickets apart.
SEARCHED_AS = "english"


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets, narrowed down to queues."""

    def unsettled(self) -> Self:
        """Neither completed nor closed, nor gone into another."""
        return self.filter(state__in=UNSETTLED, merged_into=None)

    def in_hand(self) -> Self:
        """With which somebody at the office has still something to do."""
        return self.filter(state__in=(TicketState.NEW, TicketState.OPEN), merged_into=None)

    def queued(self) -> Self:
        """In hand and nobody's yet."""
        return self.in_hand().filter(agent=None)

    def waiting(self) -> Self:
        """For an answer of the requester's."""
        return self.filter(state=TicketState.WAITING, merged_into=None)

    def settled(self) -> Self:
        """Completed or closed."""
        return self.filter(state__in=(TicketState.COMPLETED, TicketState.CLOSED))

    def due_before(self, moment: datetime) -> Self:
        """In hand with a promise that ends before ``moment`` (UTC) and is not kept yet."""
        is_due = Q(first_reply_met_at=None, first_reply_due_at__lt=moment)
        return self.in_hand().filter(is_due | Q(resolution_due_at__lt=moment))

    def first_things_first(self) -> Self:
        """By priority, then age."""
        ranks = [When(priority=one, then=Value(one.rank)) for one in Priority]
        rank = Case(*ranks, output_field=models.SmallIntegerField())
        return self.order_by(rank, "raised_at", "pk")

    def saying(self, words: str) -> Self:
        """Whose subject or whose messages hold the words."""
        asked = SearchQuery(words, config=SEARCHED_AS, search_type="websearch")
        messages = apps.get_model("helpdesk", "TicketMessage")._default_manager
        saying = (
            messages.annotate(vector=SearchVector("text", config=SEARCHED_AS))
            .filter(vector=asked)
            .values("ticket_id")
        )
        mine = self.annotate(vector=SearchVector("subject", config=SEARCHED_AS))
        return mine.filter(Q(vector=asked) | Q(pk__in=saying))
