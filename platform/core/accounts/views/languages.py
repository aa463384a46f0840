"""The switch between English and Welsh."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.accounts.acting import account_actor, logged_in_user
from core.accounts.forms import LanguageForm
from core.accounts.services.languages import choose_language


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on, in this browser and to this person.

    Before the log-in a cookie keeps it; the account keeps it for whoever is logged in.
    """
    form = LanguageForm(request.POST)
    response = redirect(_back(request.POST.get("next", "")))
    if not form.is_valid():
        return response
    chosen: str = form.cleaned_data["language"]
    if request.user.is_authenticated:
        user = logged_in_user(request)
        choose_language(actor=account_actor(request), user=user, language=chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def _back(path: str) -> str:
    # Only to a page of this host; a word alone would be a name of ours.
    is_safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_safe else "/"
