"""The console's lists of tickets."""

import re
from datetime import datetime, timedelta

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.pages import page_of
from helpdesk.models import Agent, Alarm, Ticket
from helpdesk.terms import Queue

#: What is due within this time is due soon; what is overdue, too.
SOON = timedelta(hours=1)
#: Rows beside the open ticket.
_BESIDE = 15
_NUMBER = re.compile(r"\s*(?:T-)?0*([0-9]{1,9})\s*", re.IGNORECASE)


def queue_page(queue: Queue, agent_id: int, now: datetime, number: int) -> "Page[Ticket]":
    """Return a page of a queue, as an agent sees it at an instant."""
    return page_of(_shown(_in_queue(queue, agent_id, now)), number)


def beside(queue: Queue, agent_id: int, now: datetime) -> list[Ticket]:
    """Return the first tickets of a queue, to stand beside the open one."""
    return list(_shown(_in_queue(queue, agent_id, now))[:_BESIDE])


def found(words: str, number: int) -> "Page[Ticket]":
    """Return a page of what a search finds, newest first: a number, a school, words of its texts."""
    asked = Q(school__name__icontains=words.strip())
    if match := _NUMBER.fullmatch(words):
        asked |= Q(pk=int(match[1]))
    saying = Ticket.objects.saying(words).values("pk")
    rows = Ticket.objects.filter(asked | Q(pk__in=saying)).order_by("-raised_at", "-pk")
    return page_of(_shown(rows), number)


def queue_counts(agent_id: int, now: datetime) -> dict[Queue, int]:
    """Return how many tickets are in each queue, in one query."""
    counts = {
        queue.value: Count("pk", filter=Q(pk__in=_in_queue(queue, agent_id, now).values("pk")))
        for queue in Queue
        if queue != Queue.CLOSED
    }
    told = Ticket.objects.unsettled().aggregate(**counts)
    return {Queue(queue): number for queue, number in told.items()}


def unacknowledged_alarms() -> list[Alarm]:
    """Return the alarms that nobody looks after yet, oldest first."""
    waiting = Alarm.objects.filter(acknowledged_at=None).select_related("ticket__school")
    return list(waiting.order_by("raised_at"))


def _shown(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.select_related("school", "agent", "team")


def _in_queue(queue: Queue, agent_id: int, now: datetime) -> QuerySet[Ticket]:
    rows = Ticket.objects.all()
    match queue:
        case Queue.MINE:
            return rows.in_hand().filter(agent_id=agent_id).first_things_first()
        case Queue.TEAM:
            return rows.in_hand().filter(_of_teams(agent_id)).first_things_first()
        case Queue.UNASSIGNED:
            return rows.queued().first_things_first()
        case Queue.SOON:
            return rows.due_before(now + SOON).first_things_first()
        case Queue.WAITING:
            return rows.waiting().first_things_first()
        case Queue.CLOSED:
            return rows.settled().order_by("-completed_at", "-pk")


def _of_teams(agent_id: int) -> Exists | Q:
    """Tickets of an agent's teams; of all where they are in none."""
    teams = Agent.teams.through.objects.filter(agent_id=agent_id)
    return Exists(teams.filter(team_id=OuterRef("team_id"))) | ~Exists(teams)
