"""An operator and an agent, from the command to their first page."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Person, fresh_code
from tests.browser.stack import Stack

pytestmark = pytest.mark.system

PASSWORD = "entirely other words for it"
COMMANDS = {
    "ops": ("add_operator",),
    "helpdesk": ("add_agent", "--role", "lead"),
}
HEADINGS = {"ops": re.compile("^Schools"), "helpdesk": re.compile("^Mine")}


class Colleague(Person):
    """One of the platform's own people, with a browser."""

    def __init__(self, browser: Browser, stack: Stack, face: str) -> None:
        self.stack = stack
        self.email = f"first@{face}.example"
        self.base = f"http://{face}.localhost:{stack.port}"
        self.open_browser(browser)


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_from_the_command_to_the_first_page(face, chromium, stack):
    colleague = Colleague(chromium, stack, face)
    page = colleague.page
    stack.manage(*COMMANDS[face], "--email", colleague.email, "--name", "Robin First")
    (letter,) = stack.mails_to(colleague.email)
    link = re.search(r"http://\S+/login/link/\S+", letter["text"]).group()
    assert link.startswith(colleague.base)
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Create password").click()
    page.get_by_label("Email address").fill(colleague.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Login").click()
    colleague.check_page(f"{face}-key")
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Six digits from the app").fill(fresh_code(secret))
    page.get_by_role("button", name="Set up key").click()
    expect(page.get_by_role("heading", name=re.compile("codes", re.IGNORECASE))).to_be_visible()
    page.goto(colleague.base)
    expect(page.get_by_role("heading", name=HEADINGS[face], level=1)).to_be_visible()
    colleague.check_page(f"{face}-first")
    page.goto(f"{colleague.base}/nowhere/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    colleague.context.close()
