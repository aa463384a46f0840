"""The page of the bare domain."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.entrances import anyone, entrance


@entrance(anyone)
def welcome(request: HttpRequest) -> HttpResponse:
    """Say that each school has an address of its own; name none."""
    example = f"your-school.{settings.BASE_DOMAIN}"
    return render(request, "tenants/welcome.html", {"example": example})
