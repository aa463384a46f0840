"""What every page of a school needs of a request."""

from typing import cast

from django.http import HttpRequest

from core.pages import page_number
from schools.actors import StaffActor
from ui.hidden_names import SWITCH, switch


class StaffRequest(HttpRequest):
    """A request at a school whose policy was asked: somebody is logged in."""

    actor: StaffActor


def actor_of(request: HttpRequest) -> StaffActor:
    """Return who acts."""
    return cast(StaffRequest, request).actor


def page_asked(request: HttpRequest, name: str = "page") -> int:
    """Return the page of a list that the address asks for."""
    return page_number(request.GET.get(name))


def switches_names(request: HttpRequest) -> bool:
    """Hide names, or show them, where a form was sent for that; say whether it was."""
    asked = request.POST.get(SWITCH)
    if asked:
        switch(asked)
    return bool(asked)


def wants_list(request: HttpRequest) -> bool:
    """Say whether plain lists are wanted in place of typeaheads (no JavaScript)."""
    return "list" in request.GET
