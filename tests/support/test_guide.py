"""The Support pages (acceptance G8.1, G8.3)."""

import re

import pytest
from django.urls import Resolver404, resolve

from support.articles import Article, articles
from tests.isolation.doors import doors_of

URLCONF = "config.urls.school"

#: Addresses that show no screen of their own, and why no chapter covers them.
NO_SCREEN = {
    "healthz", "readyz",  # for machines
    "suggest_students", "suggest_staff", "suggest_key_holders", "upload_file", "page_printed",
    "students_named", "save_draft", "lock_session", "help_sheets",  # the scripts' own
    "map_image",  # a picture within a page
    "add_sub_category", "retire_category", "bring_back_category", "retire_alert_group",
    "bring_back_alert_group", "retire_agency", "bring_back_agency", "deactivate_staff",
    "reactivate_staff", "invite_again", "change_details", "confirm_mis_import",
    "cancel_mis_import", "retire_map", "bring_back_map", "stop_monitoring", "discard_draft", "answer_ticket", "rate_ticket", "end_session", "end_other_sessions",  # buttons of a page that is covered
    "grant_support", "refuse_support", "end_support", "webinar_place",  # likewise
    "webinar_calendar",  # a file
    "decide_official", "answer_official_call",  # likewise
    "enter_support", "leave_support",  # the helpdesk's own
    "choose_language",  # a button of every page
}  # fmt: skip


@pytest.fixture
def client(browse, teacher):
    """Somebody without a key."""
    return browse(teacher)


@pytest.fixture
def pages(in_school_a, settings) -> tuple[Article, ...]:
    settings.ROOT_URLCONF = URLCONF
    return articles()


def test_g8_01_everybody_finds_support_in_the_panel_with_all_that_the_guide_promises(client):
    home = client.get("/").text
    assert 'href="/support/"' in home
    page = client.get("/support/").text
    for words in (
        "User guide",
        "Step-by-step help sheets",
        "Frequently asked questions",
        "Knowledge base",
        "There are no training videos yet",
        "No webinar is planned just now",
        "Contact Support",
    ):
        assert words in page


def test_g8_01_every_page_opens_in_english_with_one_heading_and_the_way_on(client, pages):
    assert len(pages) > 20
    for one in pages:
        answer = client.get(f"/support/{one.slug}/")
        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
        assert '<article class="ui-reading" lang="en-GB">' in answer.text
    assert client.get("/support/no-such-page/").status_code == 404
    second = client.get(f"/support/{pages[1].slug}/").text
    assert f'rel="prev" href="/support/{pages[0].slug}/"' in second
    assert f'rel="next" href="/support/{pages[2].slug}/"' in second


def test_g8_01_every_link_of_the_guide_leads_somewhere(pages):
    anchors = {one.slug: {part.anchor for part in one.headings} for one in pages}
    links = [(one.slug, href) for one in pages for href in re.findall(r'href="([^"]*)"', one.html)]
    assert len(links) > 20
    for slug, href in links:
        path, _, anchor = href.partition("#")
        try:
            match = resolve(path, urlconf=URLCONF)
        except Resolver404:
            pytest.fail(f"{slug}: {href}")
        if match.url_name == "support_page":
            assert match.kwargs["page"] in anchors, (slug, href)
            assert not anchor or anchor in anchors[match.kwargs["page"]], (slug, href)


def test_g8_01_a_chapter_covers_every_screen(pages):
    names = {door.name for door in doors_of("school")}
    covered = {name for one in pages for name in one.covers}
    assert covered - names == set()
    assert NO_SCREEN - names == set()
    assert names - covered == NO_SCREEN


def test_g8_01_nothing_of_a_page_runs_and_slugs_are_one_of_a_kind(pages):
    assert len({one.slug for one in pages}) == len(pages)
    for one in pages:
        assert not re.search(r"<script|<style|javascript:|\son\w+=", one.html), one.slug
        assert 'href="page:' not in one.html, one.slug
        assert "{" not in one.html, one.slug


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("expires midnight", "/support/first-password/"),
        ("BODY map", "/support/body-map/"),
        ("999", "/support/when-to-call-999/"),
    ],
)
def test_g8_01_a_search_finds_the_page_first(client, typed, found):
    page = client.post("/support/", {"words": typed}).text
    results = page.split("What was found")[1].split("</ul>")[0]
    assert found in results


def test_g8_01_a_search_without_result_says_so(client):
    page = client.post("/support/", {"words": "xylophone"}).text
    assert "No page of Support has all these words" in page
    assert "Type what you are looking for." in client.post("/support/", {"words": " "}).text


def test_g8_03_the_page_states_hours_telephone_writing_email_and_post(client):
    page = client.get("/support/contact/").text
    for words in (
        "Monday to Thursday 8:30am–5:30pm",
        "Friday 8:30am–5pm",
        "URGENT",
        "01756 797766",
        "official request is required in writing",
        "support@cpoms.co.uk",
        "Acorn Business Park",
        "BD23 2UE",
        "call 999",
        "no safeguarding referral",
    ):
        assert words in page, words


def test_g8_01_support_is_for_those_who_are_logged_in(browse, client):
    assert client.get("/support/").status_code == 200
    for path in ("/support/", "/support/contact/", "/support/first-password/"):
        assert browse().get(path).headers["Location"].startswith("/login/")
