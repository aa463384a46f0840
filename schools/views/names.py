"""‘Hide Names’ and ‘Show Names’ (guide 5.1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.entrances import entrance
from schools.policies import why_not_enter
from schools.requests import switches_names


@entrance(why_not_enter)
@require_POST
def hide_names(request: HttpRequest) -> HttpResponse:
    """Hide the names of all students, or show them; come back to the same page."""
    switches_names(request)
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if is_ours else "/")
