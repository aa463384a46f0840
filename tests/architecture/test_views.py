"""Pages: each declares who may come in, and none reaches for rows by itself."""

import re

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from core.actors import Actor
from core.entrances import DoorKeeper, anyone, entrance
from tests.architecture.sources import files, imports_at_run_time, module_of
from tests.isolation.doors import every_door

pytestmark = pytest.mark.architecture

#: Modules of pages that import models, and why they may.
MAY_IMPORT_MODELS = {
    "core.accounts.views.passwords": "Django's class hands the account over",
}


def test_every_address_declares_who_may_come_in():
    doors = every_door()
    assert len(doors) > 40
    assert [str(door) for door in doors if not callable(getattr(door.view, "policy", None))] == []


def test_a_page_that_declares_nothing_is_not_there():
    request = RequestFactory().get("/")
    request.actor = Actor()
    keeper = DoorKeeper(lambda _request: HttpResponse())
    declared = entrance(anyone)(lambda _request: HttpResponse())
    assert keeper.process_view(request, declared, (), {}) is None
    with pytest.raises(Http404):
        keeper.process_view(request, lambda _request: HttpResponse(), (), {})


def pages():
    shape = re.compile(r"(^|\.)(views|api)(\.|$)")
    return {module_of(path): path for path in files(".py") if shape.search(module_of(path))}


def test_no_page_reaches_for_rows():
    found = pages()
    assert {"safeguarding.views.incidents", "schools.api.suggestions"} <= set(found)
    forbidden = re.compile(r"(^|\.)(models|querysets)(\.|$)|^django\.db(\.|$)|\.get_object_or_404$")
    reaching = {
        name
        for name, path in found.items()
        if any(forbidden.search(imported) for imported in imports_at_run_time(path))
    }
    assert reaching == set(MAY_IMPORT_MODELS)
