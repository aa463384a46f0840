"""An official request in the browser: asked by the head, approved by the lead, a call confirmed."""

import re

import pytest
from playwright.sync_api import expect

from support.official import KINDS

pytestmark = pytest.mark.system

PUPIL = "Maddy Greenwood"


def test_a_request_is_made_masked_approved_and_goes_to_the_helpdesk(person):
    head = person("greenwood", "head")
    head.log_in()
    page = head.page
    page.goto(f"{head.base}/support/")
    page.get_by_role("button", name="Official requests").click()
    for words, _ in KINDS.values():
        page.get_by_role("link", name=words, exact=True).click()
        expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()
        head.check_page(f"official-{words.lower().replace(' ', '-')}")
        page.go_back()
    page.get_by_role("link", name="Data export", exact=True).click()
    page.get_by_role("button", name="Make the request").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    head.check_page("official-errors")
    page.get_by_label("What to export").select_option("The audit")
    page.get_by_label("Needed by").fill("2099-03-01")
    page.get_by_label("What it is for").fill(f"The governors ask about {PUPIL}.")
    page.get_by_role("button", name="Make the request").click()

    expect(page.get_by_role("heading", name="Check before you send")).to_be_visible()
    expect(page.get_by_text("Send anyway")).to_have_count(0)
    head.check_page("official-check")
    page.get_by_role("button", name="Mask and send").click()
    expect(page.get_by_text("It goes to the helpdesk once it is approved.")).to_be_visible()
    expect(page.get_by_text("The governors ask about Pupil A.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    head.check_page("official-waiting")
    path = page.url.removeprefix(head.base)

    dsl = person("greenwood", "dsl")
    dsl.log_in()
    page = dsl.page
    page.goto(f"{dsl.base}/support/official/")
    dsl.check_page("official-list")
    page.goto(dsl.base + path)
    dsl.check_page("official-decide")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved: the request goes to the helpdesk.")).to_be_visible()
    # The worker takes it over, and its number comes back.
    for _ in range(30):
        if page.get_by_text(re.compile(r"T-\d{6}")).count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_text(re.compile(r"T-\d{6}")).first).to_be_visible()
    dsl.check_page("official-sent")
    assert head.faults == dsl.faults == []


def test_without_javascript_it_is_made_and_declined_too(person):
    head = person("greenwood", "head", javascript=False)
    head.log_in()
    page = head.page
    page.goto(f"{head.base}/support/official/new/?kind=school_transfer")
    page.get_by_label("What changes").select_option("It merges with another school")
    page.get_by_label("On which day").fill("2099-03-01")
    page.get_by_label("Where to").fill("To the school next door.")
    page.get_by_role("button", name="Make the request").click()
    expect(page.get_by_text("To the school next door.")).to_be_visible()
    path = page.url.removeprefix(head.base)
    dsl = person("greenwood", "dsl", javascript=False)
    dsl.log_in()
    page = dsl.page
    page.goto(dsl.base + path)
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Say why you decline it.").first).to_be_visible()
    page.get_by_label("Why you decline it").fill("The trust has not decided.")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("The trust has not decided.")).to_be_visible()
