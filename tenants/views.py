"""The page of the bare domain, and those of the ops face."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.actors import Actor
from core.audit import services as audit
from core.entrances import anyone, entrance
from core.pages import page_number
from tenants.policies import why_not_enter
from tenants.selectors import schools_page


@entrance(anyone)
def welcome(request: HttpRequest) -> HttpResponse:
    """Say that each school has an address of its own; name none."""
    example = f"your-school.{settings.BASE_DOMAIN}"
    return render(request, "tenants/welcome.html", {"example": example})


@entrance(why_not_enter)
def school_list(request: HttpRequest) -> HttpResponse:
    """List the schools of the platform: name, host, state; nothing of what is in them."""
    page = schools_page(page_number(request.GET.get("page")))
    audit.record(actor_of(request), "schools.listed", page=page.number, schools=len(page))
    return render(request, "tenants/schools.html", {"page": page})


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts, as the middleware found it."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined] # set by the middleware
