"""Somebody at a browser."""

import time
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.stack import ROOT, Stack

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
#: 200 % zoom of a screen of 1280 px leaves 640 CSS pixels.
ZOOMED = {"width": 640, "height": 450}
_RUN_AXE = """async () => (await axe.run()).violations.map(
    v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`)"""
#: Codes that were used already: each works once.
_used: set[tuple[str, int]] = set()


class Person:
    """A person at a school with a browser of their own.

    Attributes:
        base: The school's address.
        page: What they look at.
    """

    def __init__(
        self, browser: Browser, stack: Stack, slug: str, name: str, *, javascript: bool = True
    ) -> None:
        self.stack = stack
        self.slug = slug
        self.email = f"{name}@{slug}.example"
        self.name = name
        self.base: str = stack.school(slug)["url"]
        self.open_browser(browser, javascript=javascript)

    def open_browser(self, browser: Browser, *, javascript: bool = True) -> None:
        """Open a page of their own, and note what goes wrong on it."""
        self.context: BrowserContext = browser.new_context(
            viewport=WIDE,  # type: ignore[arg-type] # a dict of the right shape
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",  # what fades from light to dark is not measured half way
            java_script_enabled=javascript,
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, said: ConsoleMessage) -> None:
        # A save of a draft that comes late is told so (409), and the page goes on as a form of its own.
        if said.type == "error" and "409 (Conflict)" not in said.text:
            self.faults.append(said.text)

    @property
    def account(self) -> dict[str, Any]:
        """Their demo account."""
        return self.stack.account(self.slug, self.name)

    def log_in(self, password: str | None = None) -> None:
        """Log in, with the key where they have one; a code works once, so wait for a new one."""
        if not self.page.url.startswith(f"{self.base}/login/"):
            self.page.goto(f"{self.base}/login/")
        self.page.get_by_label("Email address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(password or self.account["password"])
        self.page.get_by_role("button", name="Login").click()
        if secret := self.account["totp_secret"]:
            self.page.get_by_label("Code").fill(fresh_code(secret))
            self.page.get_by_role("button", name="Continue").click()

    def choose(self, label: str, typed: str, option: str) -> None:
        """Type into a typeahead and take an option, by keyboard."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        box.fill(typed)
        expect(self.page.get_by_role("option", name=option)).to_be_visible()
        expect(box).to_have_attribute("aria-expanded", "true")
        # To the keyboard, not to the box: the focus moves to the option.
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        chosen = self.page.get_by_role("button", name=f"Remove {option}").last
        expect(chosen).to_be_visible()

    def rows(self, section: str) -> Locator:
        """Return the rows of a section of the dashboard."""
        return self.page.get_by_role("region", name=section).get_by_role("listitem")

    def check_page(self, name: str = "") -> None:
        """Nothing for axe-core to find, light and dark; nothing sideways; a picture if asked for."""
        self.page.wait_for_load_state()
        for size, scheme in ((WIDE, "light"), (ZOOMED, "light"), (NARROW, "dark")):
            self.page.set_viewport_size(size)  # type: ignore[arg-type] # as above
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of both
            too_wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not too_wide, f"{self.page.url} scrolls sideways at {size['width']} px"
            if size is not ZOOMED:
                self.page.evaluate("() => 'axe' in window") or self.page.evaluate(AXE)
                found = self.page.evaluate(_RUN_AXE)
                assert found == [], f"{self.page.url}, {scheme}: {found}"
            if name:
                self.picture(f"{name}-{size['width']}")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type] # as above
        self.page.emulate_media(color_scheme="light")
        assert self.faults == [], self.faults

    def picture(self, name: str) -> None:
        """Keep a screenshot, to be looked at."""
        folder: Path = self.stack.folder / "pictures"
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)


def fresh_code(secret: str) -> str:
    """Return a code of the app that was not used yet; the next half minute's is taken as well."""
    while True:
        now = int(time.time()) // 30
        for counter in (now, now + 1):
            if (secret, counter) not in _used:
                _used.add((secret, counter))
                return format_hotp_value(hotp_value(secret, counter))
        time.sleep(1)
