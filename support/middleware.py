"""An agent who was let in: what their session opens, decided anew at every request."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from core.actors import Actor
from core.refusals import Refused
from support.actors import SupportActor, support_actor
from support.policies import why_not_look
from support.selectors.access import live_access
from support.services.access import record_look, record_refusal
from support.terms import ACCESS, Refusal
from ui.hidden_names import names_hidden, texts_hidden

#: Besides the pages of their scope: these show them out, and this takes another pass.
_WAYS_OUT = {"leave_support", "account_logout"}
_WAY_IN = "enter_support"
#: What a page may ask of the database while an agent looks: reading, and writing that they did.
_READS = re.compile(r'SELECT\b|(RELEASE )?SAVEPOINT\b|ROLLBACK TO\b|INSERT INTO "audit_auditentry"')


class _OnlyReads:
    """Lets nothing but reading, and the record, through to the database."""

    def __init__(self) -> None:
        self.is_lifted = self.shows_out = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.is_lifted and not _READS.match(sql.lstrip()):
            raise Refused(Refusal.ONLY_LOOKS)
        return execute(sql, params, many, context)


class SupportSessions:
    """Makes the agent of a session with a live grant; ends the session where there is none.

    Comes after what says who acts, and before the door keeper. While an agent looks, names and
    what people typed are hidden whatever the browser asks for, and the database takes no write of
    theirs but the record.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        ref = request.session.get(ACCESS) if hasattr(request, "school") else None
        if ref is None:
            return self.get_response(request)
        access = None if request.user.is_authenticated else live_access(ref)
        if access is None:
            request.session.flush()
            return self.get_response(request)
        who: Actor = request.actor  # type: ignore[attr-defined] # set by the middleware before
        request.actor = support_actor(access, who)  # type: ignore[attr-defined] # likewise
        request.only_reads = guard = _OnlyReads()  # type: ignore[attr-defined] # Django lets middleware add to a request
        with names_hidden(), texts_hidden(), connection.execute_wrapper(guard):
            response = self.get_response(request)
        if guard.shows_out and response.status_code == HTTPStatus.FOUND:
            request.session.flush()
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Refuse whatever the grant does not open; put on record what it does, before it shows."""
        actor = getattr(request, "actor", None)
        if not isinstance(actor, SupportActor):
            return None
        page = (request.resolver_match and request.resolver_match.url_name) or ""
        guard: _OnlyReads = request.only_reads  # type: ignore[attr-defined] # set above
        if request.method == "POST" and page in {*_WAYS_OUT, _WAY_IN}:
            guard.is_lifted, guard.shows_out = True, page in _WAYS_OUT
            return None
        if why := why_not_look(actor.scope, page=page, method=request.method or ""):
            record_refusal(actor=actor, page=page, of=kwargs.get("ref"))
            return render(request, "403.html", {"reason": Refused(why).sentence}, status=403)
        record_look(actor=actor, page=page, of=kwargs.get("ref"))
        return None
