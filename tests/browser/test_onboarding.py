"""An operator brings a school on, and its host answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.colleague import Colleague
from tests.tenants.registers import line, write

pytestmark = pytest.mark.system

LONG = (
    "The Blessed Saint Bartholomew of the Meadows Church of England Voluntary Aided Primary School"
)


def test_from_the_register_to_the_first_letter(chromium, stack, tmp_path):
    rows = [line("830001", LONG), *(line(f"8301{n:02}", f"Meadow {n} School") for n in range(40))]
    stack.manage("load_gias", write(tmp_path / "gias.csv", *rows))
    stack.start_fleet()
    colleague = Colleague(chromium, stack, "ops", "onboarder")
    page = colleague.page
    colleague.arrive("add_operator", full_name="Robin Fleet")
    colleague.set_up_key()

    page.goto(f"{colleague.base}/onboarding/")
    colleague.check_page("ops-onboarding-empty")
    words = page.get_by_label("Name, town, postcode, trust or URN")
    words.fill("meadow")
    words.press("Enter")
    expect(page.get_by_role("link", name="Meadow 7 School")).to_be_visible()
    colleague.check_page("ops-onboarding-found")
    words.fill("bartholomew")
    words.press("Enter")
    page.get_by_role("link", name=LONG).click()
    expect(page.get_by_label("Address", exact=True)).to_have_value(re.compile("^the-blessed-saint"))
    page.get_by_label("Address", exact=True).fill("he1pdesk")
    page.get_by_label("First administrator’s email address").fill("head@blessed.example")
    page.get_by_role("button", name="Bring on").click()
    expect(page.get_by_role("alert")).to_contain_text("looks like, a name of the platform")
    colleague.check_page("ops-onboarding-refused")
    page.get_by_label("Address", exact=True).fill("blessed-meadows")
    page.get_by_role("button", name="Bring on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "1 of 1 school is open", timeout=60_000
    )
    colleague.check_page("ops-onboarding-progress")
    (letter,) = stack.mails_to("head@blessed.example")
    assert f"http://blessed-meadows.localhost:{stack.port}/" in letter["text"]
    page.goto(f"http://blessed-meadows.localhost:{stack.port}/login/")
    expect(page.get_by_role("button", name="Login")).to_be_visible()

    page.goto(f"{colleague.base}/onboarding/list/")
    page.get_by_label("Lines of the list").fill("urn,admin_email\n830100,head\n")
    page.get_by_role("button", name="Bring them on").click()
    expect(page.get_by_text("Line 2, admin_email")).to_be_visible()
    colleague.check_page("ops-onboarding-list")
    colleague.context.close()
