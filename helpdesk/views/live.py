"""What an open page of the console asks every few seconds."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from core import clock
from core.accounts.middleware import in_background
from core.entrances import entrance
from helpdesk.policies import why_not_answer
from helpdesk.requests import actor_of, agent_of
from helpdesk.selectors import queues
from helpdesk.selectors.agents import names_of_colleagues
from helpdesk.watching import note_watching, watching_words


@entrance(why_not_answer)
@require_POST
@in_background
def live(request: HttpRequest) -> HttpResponse:
    """Tell the queues' counts and, of a ticket, who else has it open; note that one has it open."""
    reader, agent_id = actor_of(request).reader, agent_of(request)
    told: dict[str, Any] = {}
    with suppress(ValueError):
        ticket = UUID(request.POST.get("ticket", ""))
        note_watching(ticket, agent_id, is_typing="typing" in request.POST)
        told["watching"] = watching_words(ticket, names_of_colleagues(agent_id))
    told["counts"] = {q.value: n for q, n in queues.queue_counts(reader, clock.now()).items()}
    told["alarms"] = [str(ref) for ref in queues.refs_of_alarms()]
    return JsonResponse(told)
