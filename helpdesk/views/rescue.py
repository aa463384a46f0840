"""What an agent wrote and sent after their session had ended comes back once they log in.

It rests in the browser's next session, of which the log-in makes theirs: an agent's words are no
pupil's record and sealed nowhere else at the helpdesk either, and the session ends by itself.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from core.entrances import Rescue
from core.tenancy import place
from helpdesk.actors import AgentActor
from helpdesk.requests import actor_of

#: In a session: what was sent, by the address it was sent to.
_TYPED = "typed_at_desk"
#: Of so many forms, the last ones sent.
_MOST_KEPT = 5
#: How long a form that was shown may still hand in what was typed after the session ended.
_PASS_SECONDS = 24 * 60 * 60
#: What a form posts that nobody typed.
_NOT_TYPED = {"csrfmiddlewaretoken", "author_pass"}
_IS_BACK = "What you typed is back. It was not sent: your session had ended."


def rescue(page: str) -> Rescue:
    """Return what keeps a form that arrives after its session ended.

    Args:
        page: Name of the page that shows it again.
    """

    def keep(request: HttpRequest, *, ref: UUID | None = None) -> str:
        if (author := _author_named(request.POST.get("author_pass", ""))) is not None:
            fields = {name: said for name, said in request.POST.items() if name not in _NOT_TYPED}
            kept: dict[str, Any] = request.session.get(_TYPED, {})
            kept.pop(request.path, None)
            kept[request.path] = {"author": author, "fields": fields}
            request.session[_TYPED] = dict(list(kept.items())[-_MOST_KEPT:])
        return reverse(page, kwargs={"ref": ref} if ref else None)

    return keep


def author_pass(actor: AgentActor) -> str:
    """Return a signed pass for a form: it says whose typing this is once the session is gone."""
    return signing.dumps(actor.reader.agent_id, salt=_salt())


def typed_again(request: HttpRequest, address: str) -> dict[str, str] | None:
    """Return what this agent sent to an address after their session ended, and say so.

    It stays until the form is sent, so that opening the page once more does not lose it.
    """
    kept = request.session.get(_TYPED, {}).get(address)
    if kept is None or kept["author"] != actor_of(request).reader.agent_id:
        return None
    messages.warning(request, _IS_BACK)
    fields: dict[str, str] = kept["fields"]
    return fields


def forget_typed(request: HttpRequest) -> None:
    """Forget what was kept of the form that was sent now."""
    kept: dict[str, Any] = request.session.get(_TYPED, {})
    if kept.pop(request.path, None):
        request.session[_TYPED] = kept


def _author_named(author_pass: str) -> int | None:
    try:
        named: int = signing.loads(author_pass, salt=_salt(), max_age=_PASS_SECONDS)
    except signing.BadSignature:
        return None
    return named


def _salt() -> str:
    return f"desk-author:{place()}"
