"""Pages of the helpdesk."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.entrances import entrance
from helpdesk.policies import why_not_enter


@entrance(why_not_enter)
def home(request: HttpRequest) -> HttpResponse:
    """Say who is logged in, and the office's telephone number."""
    return render(request, "helpdesk/home.html", {"telephone": settings.SUPPORT_TELEPHONE})
