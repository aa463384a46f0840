"""The console's pages in a real browser: they are real, and what they ask is answered here."""

import os
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.staticfiles.finders import find as static_file
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.terms import AgentRole
from infra.browser import find
from tests.browser.person import AXE
from tests.control_plane import at, make_agent
from tests.helpdesk.desk import TUESDAY, agent, raised, row
from tests.helpdesk.official import make_official, noted

pytestmark = pytest.mark.system

_RUN_AXE = "async () => (await axe.run()).violations.map(one => one.id)"
_FOCUSED = "document.activeElement.textContent.trim()"


class Desk:
    """Pages as a lead sees them, fetched before the browser starts; it asks nothing else."""

    def __init__(self) -> None:
        lead = at(make_agent("lena@platform.example", role=AgentRole.LEAD))
        mo = row(agent("mo"))
        self.tickets = [raised(TUESDAY) for _ in range(3)]
        own = [f"/tickets/{one.ref}/" for one in self.tickets]
        self.paths = ["/?queue=team", "/reports/", "/people/", f"/people/{mo.ref}/", "/office/"]
        self.paths += [f"{path}?queue=team" for path in own]
        asked = f"/tickets/{make_official().ref}/"
        self.paths += [asked, f"{asked}official/complete/", "/calls/", "/calls/note/"]
        noted(row(agent("nell")))
        self.pages = {path: lead.get(path) for path in self.paths}
        self.base = f"http://{FACE.host}"
        self.told: dict[str, object] = {}
        self.asked: list[dict[str, list[str]]] = []
        self.sent: list[tuple[str, dict[str, list[str]]]] = []

    def ticket(self, place: int) -> str:
        """Return the address of a ticket of the queue."""
        return f"{self.base}/tickets/{self.tickets[place].ref}/?queue=team"

    def answer(self, route: Route) -> None:
        """Answer what the browser asks."""
        request, address = route.request, urlsplit(route.request.url)
        path = f"{address.path}?{address.query}" if address.query else address.path
        posted = parse_qs(request.post_data or "")
        if address.path == "/live/":
            self.asked.append(posted)
            if self.told:
                route.fulfill(json=self.told)
            else:
                route.fulfill(status=503)
        elif request.method == "POST":
            self.sent.append((address.path, posted))
            route.fulfill(body="<title>Sent</title>", content_type="text/html")
        elif path in self.pages:
            page = self.pages[path]
            route.fulfill(body=page.content, headers=dict(page.headers))
        else:
            name = address.path.removeprefix("/static/")
            found = static_file(name)
            if isinstance(found, str) and os.path.exists(found):
                route.fulfill(path=found)
            else:
                route.fulfill(status=404)


@pytest.fixture
def desk(db: None, schools: object) -> Desk:
    with time_machine.travel(TUESDAY, tick=False), at_face(FACE):
        return Desk()


@pytest.fixture
def browser(desk: Desk) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Page:
    page = browser.new_page(reduced_motion="reduce")
    page.clock.install()
    page.route("**/*", desk.answer)
    return page


def counts(**changed: int) -> dict[str, object]:
    told = {"mine": 0, "team": 3, "unassigned": 0, "soon": 0, "waiting": 0, **changed}
    return {"counts": told, "alarms": []}


def test_counts_and_alarms_are_kept_true_and_a_failure_asks_less_often(desk, page):
    desk.told = counts(mine=7)
    page.goto(f"{desk.base}/?queue=team")
    expect(page.locator('[data-queue="mine"]')).to_have_text("7")
    desk.told = {**counts(mine=8), "alarms": ["new"]}
    page.clock.run_for(5_000)
    expect(page.locator('[data-queue="mine"]')).to_have_text("8")
    expect(page.get_by_text("There is a new urgent ticket.")).to_be_visible()
    desk.told = {}
    asked = len(desk.asked)
    for seconds in (5, 10, 20):
        page.clock.run_for(seconds * 1_000)
        page.wait_for_timeout(100)
    assert len(desk.asked) == asked + 3


def test_it_is_said_who_types_and_told_when_one_types_oneself(desk, page):
    desk.told = {**counts(), "watching": "Mo is typing a reply."}
    page.goto(desk.ticket(0))
    line = page.locator("[data-watching]")
    expect(line).to_have_text("Mo is typing a reply.")
    expect(page.locator('[data-queue="team"]')).to_have_text("3")
    expect(line).to_have_attribute("aria-live", "polite")
    ref = str(desk.tickets[0].ref)
    assert desk.asked[-1] == {"ticket": [ref]}
    page.get_by_label("Your words").press_sequentially("jk")
    page.clock.run_for(5_000)
    page.wait_for_timeout(100)
    assert desk.asked[-1] == {"ticket": [ref], "typing": ["1"]}


def test_single_keys_go_through_the_queue_write_and_take(desk, page):
    desk.told = counts()
    page.goto(f"{desk.base}/?queue=team")
    for key, place in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        assert page.evaluate(_FOCUSED) == desk.tickets[place].number
    page.keyboard.press("/")
    page.keyboard.type("j?t")
    expect(page.get_by_role("search").get_by_role("textbox")).to_have_value("j?t")
    page.goto(desk.ticket(0))
    page.keyboard.press("j")
    page.wait_for_url(desk.ticket(1))
    page.keyboard.press("n")
    page.keyboard.type("Ask Mo.")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_title("Sent")
    page.goto(desk.ticket(1))
    page.keyboard.press("t")
    expect(page).to_have_title("Sent")
    (said, what), (taken, _) = desk.sent
    assert (said.endswith("/say/"), what["kind"], what["text"]) == (True, ["note"], ["Ask Mo."])
    assert taken == f"/tickets/{desk.tickets[1].ref}/take/"


def test_the_list_of_keys_works_by_keyboard_and_switches_them_off(desk, page):
    desk.told = counts()
    page.goto(desk.ticket(0))
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.evaluate(AXE)
    assert page.evaluate(_RUN_AXE) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("j")
    page.reload()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    assert page.url == desk.ticket(0)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(dialog).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1500, "light"), (320, "light"), (1500, "dark")])
def test_each_page_has_no_accessibility_fault_and_fits(width, scheme, desk, page):
    desk.told = counts()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for path in desk.paths:
        page.goto(desk.base + path)
        page.evaluate(AXE)
        assert page.evaluate(_RUN_AXE) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
