"""One of the platform's own people at a browser."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.person import Person, fresh_code
from tests.browser.stack import Stack

PASSWORD = "entirely other words for it"


class Colleague(Person):
    """Somebody at one of the platform's own faces, with a browser."""

    def __init__(self, browser: Browser, stack: Stack, face: str, name: str = "first") -> None:
        self.stack = stack
        self.email = f"{name}@{face}.example"
        self.base = f"http://{face}.localhost:{stack.port}"
        self.open_browser(browser)

    def arrive(self, *command: str, full_name: str) -> None:
        """Be added by a command, and create a password behind the link of the letter."""
        self.stack.manage(*command, "--email", self.email, "--name", full_name)
        (letter,) = self.stack.mails_to(self.email)
        found = re.search(r"http://\S+/login/link/\S+", letter["text"])
        assert found
        assert found.group().startswith(self.base)
        page = self.page
        page.goto(found.group())
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_role("button", name="Create password").click()
        page.get_by_label("Email address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Login").click()
        expect(page.locator("#secret")).to_be_visible()

    def set_up_key(self) -> None:
        """Set up the key that is asked for at the first log-in."""
        page = self.page
        page.get_by_label("Six digits from the app").fill(
            fresh_code(page.locator("#secret").inner_text())
        )
        page.get_by_role("button", name="Set up key").click()
        codes = page.get_by_role("heading", name=re.compile("codes", re.IGNORECASE))
        expect(codes).to_be_visible()
