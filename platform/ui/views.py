"""The style page, on which every component is seen in all its states. Routed for development and tests alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from ui import style_guide as samples


def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component inside the shell; ``?list=1`` shows the plain lists in place of the typeaheads."""
    if request.method == "POST":
        form = samples.SampleForm(request.POST, request.FILES, prefix="errors")
    else:
        form = samples.SampleForm({}, prefix="errors")
    forms = {
        "form": form,
        "filled": samples.filled_form(),
        "empty": samples.SampleForm(prefix="empty"),
    }
    if "list" in request.GET:
        for one in forms.values():
            for bound in one:
                bound.field.widget.as_list = True
    return render(request, "ui/style_guide.html", forms | _shell() | _content(request))


def style_guide_plain(request: HttpRequest) -> HttpResponse:
    """A log-in page."""
    form = samples.SampleAccountForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "school_name": "Greenwood Primary School"}
    return render(request, "ui/style_guide_plain.html", context)


def style_guide_people(request: HttpRequest, kind: str) -> JsonResponse:
    """Suggestions for the typeaheads of the style page."""
    people = samples.STUDENTS if kind == "students" else samples.STAFF
    found = samples.find(people, json.loads(request.body)["query"])
    return JsonResponse({"results": [person.as_dict() for person in found]})


def style_guide_files(request: HttpRequest) -> JsonResponse:
    """Takes a file and forgets it; refuses programs."""
    name = unquote(request.headers["Content-Disposition"].partition("''")[2])
    if name.endswith(".exe"):
        return JsonResponse(
            {"error": "Programs cannot be uploaded. Choose a document, a picture or a PDF."},
            status=415,
        )
    stored = {"ref": samples.sample_ref(500), "name": name, "size": len(request.body)}
    return JsonResponse(stored, status=201)


def _shell() -> dict[str, Any]:
    places = ["Dashboard", "Incidents", "Students", "Support", "Administration"]
    return {
        "school_name": "Greenwood Primary School",
        "person_name": "Anna Cohen",
        "log_out_url": "/log-out/",
        "add_incident_url": "#incident",
        "navigation": [
            {
                "label": place,
                "url": "#",
                "icon": place.lower(),
                "current": place == "Dashboard",
                "count": 12 if place == "Dashboard" else 0,
            }
            for place in places
        ],
    }


def _content(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    return {
        "account": samples.SampleAccountForm(),
        "groups": samples.GROUPS,
        "recipients": samples.RECIPIENTS,
        "student": samples.SamplePerson("Maddy Greenwood", "Year 1"),
        "long_student": samples.SamplePerson(samples.LONG, "Year 11"),
        "author": samples.SamplePerson("Anna Cohen"),
        "instants": [
            now - timedelta(seconds=s) for s in (5, 300, 25_200, 100_000, 600_000, 34_000_000)
        ],
        "now": now,
        "page": Paginator(range(1000), 50).page(request.GET.get("page", 7)),
        "rows": [{"number": n, "at": now - timedelta(hours=n)} for n in range(1, 101)],
        "kinds": ["plain", "primary", "accent", "attention", "danger", "ok"],
    }
