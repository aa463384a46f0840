"""Locking a session whose screen has been blank for long, and going on with it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.accounts.acting import account_actor, logged_in_user
from core.accounts.forms import UnlockForm
from core.accounts.services import sessions
from core.accounts.sessions import SessionStore
from core.accounts.views.keys import next_of


# A page that is older than the last log-in has a stale token, and must be able to lock all the
# same. The session's cookie does not come along from other sites.
@csrf_exempt
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the session."""
    sessions.lock_session(
        actor=account_actor(request),
        user=logged_in_user(request),
        session=cast(SessionStore, request.session),
    )
    return HttpResponse(status=204)


def unlock(request: HttpRequest) -> HttpResponse:
    """Ask for the password of the person whose session is locked, and lead back."""
    user = request.locked_user  # type: ignore[attr-defined] # set by the middleware
    back = next_of(request)
    if user is None:
        return redirect(back)  # which asks for a log-in where the session has ended meanwhile
    form = UnlockForm(request.POST or None, request=request, user=user)
    if form.is_valid():
        sessions.unlock_session(
            actor=account_actor(request, user),
            user=user,
            session=cast(SessionStore, request.session),
        )
        return redirect(back)
    return render(request, "account/unlock.html", {"form": form, "next": back})
