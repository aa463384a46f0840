"""‘Your keys and sessions’: what a person can do about their own log-in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.accounts import selectors
from core.accounts.acting import account_actor, logged_in_user
from core.accounts.services import keys, sessions
from core.accounts.views.keys import go_on, next_of
from core.refusals import Refused


def own_keys(request: HttpRequest) -> HttpResponse:
    """List a person's keys and sessions."""
    context = {
        "keys": selectors.own_keys(logged_in_user(request)),
        "sessions": selectors.own_sessions(
            logged_in_user(request), request.session.session_key or ""
        ),
    }
    return render(request, "account/keys.html", context)


def remove_key(request: HttpRequest) -> HttpResponse:
    """Ask whether a key is to be removed, and remove it."""
    if request.method != "POST" and "key" not in request.GET:
        return redirect("account_keys")
    try:
        key = selectors.own_key(logged_in_user(request), _row_id(request, "key"))
        if request.method == "POST":
            keys.remove_key(key_id=key.id, **_whose(request))
            go_on(request)
            messages.success(
                request, gettext("The key was removed. Your other sessions have ended.")
            )
            return redirect("account_keys")
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return redirect("account_keys")
    return render(request, "account/remove_key.html", {"key": key})


def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the codes for the day when the key is lost, then lead on."""
    try:
        codes = keys.view_recovery_codes(actor=account_actor(request), user=logged_in_user(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    context = {"unused_codes": codes, "next": next_of(request)}
    return render(request, "mfa/recovery_codes/index.html", context)


def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ask whether the recovery codes are to be replaced, and replace them."""
    if request.method == "POST":
        keys.make_recovery_codes(**_whose(request))
        go_on(request)
        return redirect("mfa_view_recovery_codes")
    owned = selectors.own_keys(logged_in_user(request))
    return render(request, "account/new_recovery_codes.html", {"keys": owned})


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of a person's sessions."""
    who: dict[str, Any] = {"actor": account_actor(request), "user": logged_in_user(request)}
    try:
        ended = sessions.end_session(session_id=_row_id(request, "session"), **who)
    except ObjectDoesNotExist:
        raise Http404 from None
    if ended == request.session.session_key:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, gettext("The session has ended."))
    return redirect("account_keys")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of a person's sessions but this one."""
    sessions.end_other_sessions(**_whose(request))
    messages.success(request, gettext("All your other sessions have ended."))
    return redirect("account_keys")


def _whose(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": account_actor(request),
        "user": logged_in_user(request),
        "session_key": request.session.session_key or "",
    }


def _row_id(request: HttpRequest, name: str) -> int:
    asked = request.POST.get(name) or request.GET.get(name) or ""
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return int(asked)
