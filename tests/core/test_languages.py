"""In which language a page speaks, and the switch between them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.audit.models import AuditEntry
from core.tenancy import in_school
from tests.factories import make_incident, staff_row

ACCEPT_WELSH = {"HTTP_ACCEPT_LANGUAGE": "cy-GB,cy;q=0.9,en;q=0.8"}


def lang_of(answer):
    return re.search(r'<html lang="([\w-]+)"', answer.content.decode())[1]


def switch(client, language, path="/", **headers):
    return client.post("/language/", {"language": language, "next": path}, **headers)


def stored(actor):
    return User.objects.get(pk=actor.user_id).language


def test_browser_that_prefers_welsh_is_spoken_to_in_welsh(school_a, browse):
    english, welsh = browse().get("/login/"), browse().get("/login/", **ACCEPT_WELSH)
    assert (lang_of(english), lang_of(welsh)) == ("en-gb", "cy")
    assert (english["Content-Language"], welsh["Content-Language"]) == ("en-gb", "cy")
    assert "Forgotten your password or using CPOMS for the first time?" in english.content.decode()
    assert "am y tro cyntaf?" in welsh.content.decode()
    assert {"Accept-Language", "Cookie"} <= set(welsh["Vary"].split(", "))


@pytest.mark.parametrize("accept", ["de,fr;q=0.5", "en-US,en;q=0.9", "*", "cy;q=0,en", "�"])
def test_any_other_browser_is_spoken_to_in_english(browse, in_school_a, accept):
    assert lang_of(browse().get("/login/", HTTP_ACCEPT_LANGUAGE=accept)) == "en-gb"


def test_switch_before_log_in_is_kept_by_the_browser_and_comes_back_to_the_page(browse):
    client = browse()
    assert 'name="language" value="cy" lang="cy">Cymraeg<' in client.get("/login/").content.decode()
    answer = switch(client, "cy", "/login/?next=/incidents/")
    assert answer.url == "/login/?next=/incidents/"
    cookie = answer.cookies["__Host-language"]
    assert (cookie.value, cookie["path"], cookie["domain"]) == ("cy", "/", "")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    page = client.get(answer.url)
    assert lang_of(page) == "cy"
    assert 'value="en-gb" lang="en-gb">English<' in page.content.decode()


def test_choice_of_somebody_logged_in_is_saved_with_the_account_and_wins(browse, teacher):
    client = browse(teacher)
    assert lang_of(client.get("/")) == "en-gb"
    switch(client, "cy")
    assert stored(teacher) == "cy"
    entry = AuditEntry.objects.get(verb="account.language_changed")
    assert (entry.user_id, entry.facts) == (teacher.user_id, {"language": "cy"})
    # On another browser, which says that it is English.
    other = browse(teacher)
    other.cookies["__Host-language"] = "en-gb"
    page = other.get("/", HTTP_ACCEPT_LANGUAGE="en-GB")
    assert (lang_of(page), page["Content-Language"]) == ("cy", "cy")
    assert "Nid oes neb wedi anfon rhybudd atoch" in page.content.decode()


def test_choice_changes_nothing_for_a_colleague(browse, teacher, dsl):
    switch(browse(teacher), "cy")
    assert (stored(teacher), stored(dsl)) == ("cy", "")
    assert lang_of(browse(dsl).get("/")) == "en-gb"


@pytest.mark.parametrize("language", ["", "fr", "cy'; --", "../cy"])
def test_no_other_language_is_taken(browse, teacher, language):
    client = browse(teacher)
    switch(client, "cy")
    answer = switch(client, language)
    assert answer.status_code == 302
    assert "__Host-language" not in answer.cookies
    assert stored(teacher) == "cy"


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "dashboard", "", "javascript:x"]
)  # fmt: skip
def test_t18_switch_leads_to_this_host_alone(browse, in_school_a, path):
    assert switch(browse(), "cy", "/login/").url == "/login/"
    assert switch(browse(), "cy", path).url == "/"


def test_switch_asks_for_the_token_of_the_page(school_a, in_school_a):
    client = Client(HTTP_HOST=school_a.host, enforce_csrf_checks=True)
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/login/").content.decode()
    )
    answer = client.post("/language/", {"language": "cy", "csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302
    refused = client.post("/language/", {"language": "cy"})
    assert refused.status_code == 403
    assert "__Host-language" not in refused.cookies


def test_form_sent_from_a_page_with_errors_comes_back_to_a_page(browse, dsl):
    incident = make_incident(dsl)
    client = browse(dsl)
    refused = client.post(f"/incidents/{incident.ref}/case/", {"status": "?"})
    assert refused.status_code == 200, (refused.status_code, refused.headers)
    ways_back = re.findall(r'name="next" value="([^"]+)"', refused.content.decode())
    assert len(ways_back) == 2  # of the language and of ‘Hide Names’
    for path in ways_back:
        assert client.get(switch(client, "cy", path).url, follow=True).status_code == 200


def test_moments_counts_and_errors_are_welsh_too(browse, teacher, dsl, time_machine):
    time_machine.move_to("2026-07-06T10:00:00+01:00", tick=False)
    make_incident(teacher, text="A quiet word.", recipients=[dsl])
    time_machine.shift(2 * 60)
    client = browse(dsl)
    switch(client, "cy")
    page = client.get("/").content.decode()
    assert "2 funud yn ôl" in page
    assert "Dydd Llun 6 Gorffennaf 2026, 10:00" in page
    assert "A quiet word" not in page
    form = client.post("/incidents/add/", {"occurred_at_0": "31/02/2026", "occurred_at_1": "9"})
    said = form.content.decode()
    for words in ("Mae problem", "Ysgrifennwch beth ddigwyddodd.", "Rhowch ddyddiad go iawn."):
        assert words in said


def test_what_people_typed_and_a_schools_own_words_are_never_translated(browse, teacher, dsl):
    make_incident(teacher, text="Save. Log out.", recipients=[dsl])
    client = browse(dsl)
    switch(client, "cy")
    page = client.get(
        client.get("/").content.decode().split('ui-row__link" href="')[1].split('"')[0]
    )
    said = page.content.decode()
    assert "Save. Log out." in said
    assert '<span class="ui-tag ui-tag--plain">Medical</span>' in said


def test_export_is_in_the_language_of_who_asked_to_its_last_row(browse, dsl):
    client = browse(dsl)
    switch(client, "cy")
    text = b"".join(client.get("/audit/export/").streaming_content).decode()
    lines = text.splitlines()
    assert lines[0].startswith("\ufeffPryd (UTC),Pwy,")
    assert "wedi dewis iaith eu tudalennau" in text


def test_faces_of_the_control_plane_speak_english(db):
    page = Client(HTTP_HOST="helpdesk.localhost").get("/login/", **ACCEPT_WELSH)
    assert (lang_of(page), page["Content-Language"]) == ("en-gb", "en-gb")
    assert 'value="cy"' not in page.content.decode()


def test_page_that_leads_to_a_school_speaks_welsh_and_has_the_switch(db):
    client = Client(HTTP_HOST="localhost")
    switch(client, "cy")
    page = client.get("/").content.decode()
    assert '<html lang="cy"' in page
    assert "Mae gan bob ysgol ei chyfeiriad ei hun" in page


def test_language_costs_no_query(browse, teacher):
    client = browse(teacher)
    client.get("/")
    with CaptureQueriesContext(connection) as english:
        client.get("/")
    User.objects.filter(pk=teacher.user_id).update(language="cy")
    with CaptureQueriesContext(connection) as welsh:
        assert lang_of(client.get("/")) == "cy"
    assert len(welsh) == len(english)


def test_account_of_another_school_keeps_its_own_language(browse, teacher, school_b):
    switch(browse(teacher), "cy")
    with in_school(school_b):
        assert not User.objects.filter(language="cy").exists()
    assert staff_row(teacher).user.language == "cy"
