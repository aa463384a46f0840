"""What a request of the helpdesk's face brings."""

from typing import cast

from django.http import HttpRequest

from helpdesk.actors import AgentActor
from helpdesk.terms import Queue


def actor_of(request: HttpRequest) -> AgentActor:
    """Return who acts."""
    return cast(AgentActor, request.actor)  # type: ignore[attr-defined] # set by the middleware


def agent_of(request: HttpRequest) -> int:
    """Return the row id of the agent who acts; the page's policy has seen to it that one does."""
    return actor_of(request).reader.agent_id or 0


def queue_of(request: HttpRequest) -> Queue:
    """Return the queue that the address names; one's own where it names none."""
    named = request.GET.get("queue", "")
    return Queue(named) if named in set(Queue) else Queue.MINE
