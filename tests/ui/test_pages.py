"""The shell and the pages by themselves."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from ui import views

TEMPLATES = Path(__file__).parents[2] / "platform/ui/templates"
SHELL: dict[str, Any] = {
    "school_name": "Greenwood & Sons",
    "person_name": "Anna Cohen",
    "log_out_url": "/log-out/",
    "add_incident_url": "/incidents/new/",
    "navigation": [
        {"label": "Dashboard", "url": "/", "icon": "dashboard", "current": True, "count": 3},
        {"label": "Support", "url": "/support/", "icon": "support", "current": False, "count": 0},
    ],
    "notices": [{"kind": "warning", "text": "The mail server refuses messages."}],
    "csrf_token": "token",
}


def test_g2_01_everyone_finds_their_way_from_the_shell() -> None:
    html = render_to_string("ui/shell.html", SHELL)
    assert "Greenwood &amp; Sons</title>" in html
    assert 'href="/incidents/new/"' in html
    assert "Add Incident" in html
    assert html.count('aria-current="page"') == 1
    assert '<form method="post" action="/log-out/">' in html
    assert '<meta name="csrf-token" content="token">' in html
    assert "The mail server refuses messages." in html
    assert 'href="#main"' in html


def test_the_shell_without_anybody_offers_nothing_to_press() -> None:
    html = render_to_string("ui/shell.html", {"school_name": "Greenwood"})
    assert "Add Incident" not in html
    assert "Log out" not in html


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "503"])
def test_an_error_page_names_no_school_and_needs_nothing(code: str) -> None:
    bare = render_to_string(f"{code}.html")
    inside = render_to_string(f"{code}.html", SHELL)
    assert "<h1" in bare
    assert "Greenwood" not in inside
    assert "Anna Cohen" not in inside


def test_t04_absent_and_forbidden_look_the_same_wherever_they_are() -> None:
    assert render_to_string("404.html") == render_to_string("404.html", SHELL)


def test_a_refusal_gives_its_reason() -> None:
    assert "Only key holders." in render_to_string("403.html", {"reason": "Only key holders."})


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\|safe\b")
    templates = list(TEMPLATES.rglob("*.html"))
    assert len(templates) > 20
    assert [t.name for t in templates if inline.search(t.read_text())] == []


@pytest.mark.parametrize("query", ["", "?list=1"])
def test_the_style_page_shows_every_component(query: str) -> None:
    html = views.style_guide(RequestFactory().get(f"/style/{query}")).content.decode()
    assert "<title>Error: Style – Greenwood Primary School</title>" in html
    assert ('data-module="ui-typeahead"' in html) is (query == "")
    assert "&lt;b&gt;Robert&lt;/b&gt;" in html or not query
