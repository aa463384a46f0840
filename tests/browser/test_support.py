"""A ticket, from its first word to its number, as people send it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system

PUPIL = "Maddy Greenwood"


def written(person, *, javascript=True):
    """Somebody at ‘Contact Support’ who has written of a pupil."""
    teacher = person("greenwood", "teacher", javascript=javascript)
    teacher.log_in()
    page = teacher.page
    page.goto(f"{teacher.base}/support/contact/")
    page.get_by_label("What it is about").select_option("Students")
    page.get_by_label("Subject").fill(f"{PUPIL} needs a key set up")
    page.get_by_label("Message").fill(f"I cannot find {PUPIL.upper()} in the list.")
    return teacher


def test_g8_02_a_ticket_that_names_a_pupil_is_masked_and_sent(person):
    teacher = written(person)
    page = teacher.page
    expect(
        page.get_by_text(re.compile("Someone will reply by|The office is closed"))
    ).to_be_visible()
    expect(page.get_by_role("link", name="Set up your key")).to_be_visible()
    telephone = page.get_by_text("Telephone 01756 797766 as well.")
    expect(telephone).to_be_hidden()
    page.get_by_label("It is urgent").check()
    expect(telephone).to_be_visible()
    teacher.check_page("contact-support")
    page.get_by_label("It is urgent").uncheck()
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_role("heading", name="Check before you send")).to_be_visible()
    expect(page.locator("ins")).to_have_text(["Pupil A", "Pupil A"])
    teacher.check_page("check-ticket")
    page.get_by_role("button", name="Mask and send").click()

    expect(page.get_by_text("Your ticket was sent to the helpdesk.")).to_be_visible()
    expect(page.get_by_role("heading", name="Pupil A needs a key set up")).to_be_visible()
    expect(page.get_by_text("I cannot find Pupil A in the list.")).to_be_visible()
    # The worker takes it over, and its number comes back.
    for _ in range(30):
        if page.get_by_text(re.compile(r"T-\d{6}")).count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_text(re.compile(r"T-\d{6}")).first).to_be_visible()
    expect(page.get_by_text("Promised by")).to_be_visible()
    teacher.check_page("ticket")
    page.goto(f"{teacher.base}/support/tickets/")
    expect(page.get_by_role("link", name="Pupil A needs a key set up")).to_be_visible()
    teacher.check_page("my-tickets")
    assert teacher.faults == []


def test_g8_02_without_javascript_it_is_sent_too(person):
    teacher = written(person, javascript=False)
    page = teacher.page
    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("link", name="Set up your key")).to_be_visible()
    page.get_by_role("button", name="Hide Names").click()
    expect(page.get_by_role("heading", name="Check before you send")).to_be_visible()
    expect(page.get_by_text(PUPIL)).to_have_count(0)
    page.get_by_role("button", name="Change what I wrote").click()
    expect(page.get_by_text("What you wrote is kept whole.").first).to_be_visible()
    page.get_by_role("button", name="Show Names to go on writing").first.click()
    expect(page.get_by_label("Subject")).to_have_value(f"{PUPIL} needs a key set up")
    page.get_by_role("button", name="Send to the helpdesk").click()
    page.get_by_role("button", name="Mask and send").click()
    expect(page.get_by_role("heading", name="Pupil A needs a key set up")).to_be_visible()
