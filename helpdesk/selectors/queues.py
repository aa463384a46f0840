"""The console's lists of tickets."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet

from core.pages import page_of, page_of_many
from helpdesk.models import Alarm, Ticket, TicketMessage
from helpdesk.policies import Reader
from helpdesk.querysets import IN_HAND, SEARCHED_AS, SETTLED, WAITING, due_before
from helpdesk.terms import Queue

#: What is due within this time is due soon; what is overdue, too.
SOON = timedelta(hours=1)
#: Rows of a list: what a screen holds.
_PER_PAGE = 25
#: Rows beside the open ticket.
_BESIDE = 15
#: A search looks no further back than so many tickets of each kind of hit.
_MOST_FOUND = 500
#: The columns of a ticket beside the open one, and of one in a list: half of what it costs is reading the others.
_BRIEFLY = ("ref", "subject", "priority", "school__name")
_SHOWN = (
    *_BRIEFLY,
    *("state", "merged_into", "raised_at", "agent__name"),
    *("first_reply_due_at", "first_reply_met_at", "resolution_due_at"),
)
_NUMBER = re.compile(r"\s*(?:T-)?0*([0-9]{1,9})\s*", re.IGNORECASE)


def queue_page(queue: Queue, reader: Reader, now: datetime, number: int) -> "Page[Ticket]":
    """Return a page of a queue, as an agent sees it at an instant."""
    rows = _shown(_in_queue(queue, reader, now))
    # The one that only grows.
    paged = page_of_many if queue == Queue.CLOSED else page_of
    return paged(rows, number, per_page=_PER_PAGE)


def beside(queue: Queue, reader: Reader, now: datetime) -> list[Ticket]:
    """Return the first tickets of a queue, to stand beside the open one."""
    rows = _in_queue(queue, reader, now).select_related("school").only(*_BRIEFLY)
    return list(rows[:_BESIDE])


def found(words: str, number: int) -> "Page[Ticket]":
    """Return a page of what a search finds, newest first: a number, a school, words of its texts."""
    asked = SearchQuery(words, config=SEARCHED_AS, search_type="websearch")
    subjects = Ticket.objects.annotate(vector=SearchVector("subject", config=SEARCHED_AS))
    texts = TicketMessage.objects.annotate(vector=SearchVector("text", config=SEARCHED_AS))
    # One after the other, so that each uses its own index.
    hits = (
        subjects.filter(vector=asked).order_by("-pk").values_list("pk", flat=True),
        texts.filter(vector=asked).order_by("-pk").values_list("ticket_id", flat=True),
        Ticket.objects.filter(school__name__icontains=words.strip())
        .order_by("-pk")
        .values_list("pk", flat=True),
    )
    ids = {pk for rows in hits for pk in rows[:_MOST_FOUND]}
    if match := _NUMBER.fullmatch(words):
        ids.add(int(match[1]))
    rows = _shown(Ticket.objects.filter(pk__in=ids).order_by("-raised_at", "-pk"))
    return page_of(rows, number, per_page=_PER_PAGE)


def queue_counts(reader: Reader, now: datetime) -> dict[Queue, int]:
    """Return how many tickets are in each queue but the closed one, which only grows."""
    counts = {
        queue.value: Count("pk", filter=_belongs(queue, reader, now))
        for queue in Queue
        if queue != Queue.CLOSED
    }
    told = Ticket.objects.unsettled().aggregate(**counts)
    return {Queue(queue): number for queue, number in told.items()}


def unacknowledged_alarms() -> list[Alarm]:
    """Return the alarms that nobody looks after yet, oldest first."""
    waiting = Alarm.objects.filter(acknowledged_at=None).select_related("ticket__school")
    shown = waiting.only("ref", "raised_at", "ticket__ref", "ticket__school__name")
    return list(shown.order_by("raised_at"))


def refs_of_alarms() -> list[UUID]:
    """Return the references of the alarms that nobody looks after yet, oldest first."""
    waiting = Alarm.objects.filter(acknowledged_at=None).order_by("raised_at")
    return list(waiting.values_list("ref", flat=True))


def _shown(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related("school", "agent").only(*_SHOWN)


def _in_queue(queue: Queue, reader: Reader, now: datetime) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(_belongs(queue, reader, now))
    if queue == Queue.CLOSED:
        return rows.order_by("-completed_at", "-pk")
    return rows.first_things_first()


def _belongs(queue: Queue, reader: Reader, now: datetime) -> Q:
    match queue:
        case Queue.MINE:
            return IN_HAND & Q(agent_id=reader.agent_id)
        case Queue.TEAM:
            # Of all teams, for whoever is in none.
            return IN_HAND & Q(team_id__in=sorted(reader.teams)) if reader.teams else IN_HAND
        case Queue.UNASSIGNED:
            return IN_HAND & Q(agent=None)
        case Queue.SOON:
            return due_before(now + SOON)
        case Queue.WAITING:
            return WAITING
        case Queue.CLOSED:
            return SETTLED
