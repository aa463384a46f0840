"""‘Blank Screen’ in two tabs, and a form whose tab or server is killed."""

import json
import re
import time
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.browser.person import _RUN_AXE, AXE

pytestmark = pytest.mark.system

SECRET = "She whispered about the blue bicycle."
BACK = "Press B or tap to return"


def tree(page: Page) -> str:
    """Everything that assistive technology is told of a page, by Chromium itself."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    seen = [node for node in nodes if not node.get("ignored")]
    return json.dumps([[node.get("name"), node.get("value")] for node in seen])


def typing(page: Page, base: str) -> Any:
    page.goto(f"{base}/incidents/add/")
    box = page.get_by_label("Incident", exact=True)
    box.fill(SECRET)
    expect(page.locator("[data-draft-line]")).to_contain_text("Draft saved")
    return box


def test_g7_02_blank_screen_covers_two_tabs_and_locks(person):
    teacher = person("greenwood", "teacher")
    context: BrowserContext = teacher.context
    context.clock.install()
    teacher.log_in()
    one, two = teacher.page, context.new_page()
    two.goto(f"{teacher.base}/")
    box = typing(one, teacher.base)
    assert SECRET in tree(one)
    assert "Dashboard" in tree(two)

    # By one chord, inside a field; place, focus and text stay.
    box.focus()
    one.evaluate("scrollTo(0, 300)")
    assert one.evaluate("scrollY") == 300
    one.keyboard.press("Alt+b")
    for page in (one, two):
        expect(page.get_by_role("button", name=BACK)).to_be_visible()
        expect(page).to_have_title(re.compile("^Blank Screen – "))
        said = tree(page)
        assert not any(word in said for word in (SECRET, "Dashboard", "Student", "Add Incident"))
        assert page.evaluate("[...document.body.children].every(e => e.inert || e.open)")
        assert not page.locator("main").is_visible()
    expect(one.get_by_role("button", name=BACK)).to_be_focused()
    one.evaluate(AXE)
    assert one.evaluate(_RUN_AXE) == []
    teacher.picture("blank-1280")
    one.emulate_media(media="print")
    assert one.evaluate("getComputedStyle(document.querySelector('main')).visibility") == "hidden"
    assert one.evaluate("getComputedStyle(document.querySelector('.ui-page')).display") == "none"
    one.emulate_media(media="screen")

    # A page that loads meanwhile comes up covered, even before its scripts have run.
    three = context.new_page()
    three.route("**/ui/dist/ui.js", lambda route: route.abort())
    three.goto(f"{teacher.base}/")
    expect(three.get_by_role("button", name=BACK)).to_be_visible()
    expect(three).to_have_title(re.compile("^Blank Screen – "))
    assert "Dashboard" not in tree(three)
    assert not three.locator("main").is_visible()
    three.close()

    one.keyboard.press("Escape")
    expect(one.get_by_role("button", name=BACK)).to_be_visible()
    one.keyboard.press("b")
    for page in (one, two):
        expect(page.locator("main")).to_be_visible()
        assert page.evaluate("[...document.body.children].every(e => !e.inert && !e.open)")
    expect(one).to_have_title(re.compile("Add Incident"))
    expect(box).to_be_focused()
    expect(box).to_have_value(SECRET)
    assert one.evaluate("scrollY") == 300

    # After fifteen minutes without input in any tab, in all of them.
    context.clock.fast_forward("14:50")
    two.mouse.move(50, 50)
    context.clock.fast_forward("14:50")
    expect(one.locator("main")).to_be_visible()
    context.clock.fast_forward("00:20")
    for page in (one, two):
        expect(page.get_by_role("button", name=BACK)).to_be_visible()

    # Left blank, the session locks; the password leads back to the same form.
    context.clock.fast_forward("05:10")
    for page in (one, two):
        expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    two.goto(f"{teacher.base}/drafts/")
    expect(two.get_by_role("heading", name="Locked")).to_be_visible()
    teacher.check_page("locked")
    one.get_by_label("Password", exact=True).fill(teacher.account["password"])
    one.get_by_role("button", name="Unlock").click()
    expect(one.get_by_label("Incident", exact=True)).to_have_value(SECRET)
    expect(one.locator("main")).to_be_visible()
    expect(two.get_by_role("heading", name="Drafts")).to_be_visible()
    one.get_by_role("button", name="Throw this draft away").click()


def test_g6_09_a_killed_tabs_draft_and_a_killed_server(person, stack):
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    saves: list[tuple[float, str]] = []

    def note(request: Any) -> None:
        if request.url.endswith("/drafts/save/"):
            saves.append((time.monotonic(), request.post_data_json["fields"]["text"][0]))

    # While somebody types without a pause, nothing waits longer than three seconds.
    box = typing(page, teacher.base)
    page.on("request", note)
    box.press("End")
    box.press_sequentially(" " + "Then she told me more. " * 4, delay=60)
    ended = time.monotonic()
    moments = [at for at, _ in saves]
    assert len(moments) > 1
    assert max(b - a for a, b in zip(moments, [*moments[1:], ended], strict=True)) < 3
    expect(page).to_have_url(re.compile(r"/incidents/add/\?draft=[0-9a-f-]{36}$"))
    with page.expect_response("**/drafts/save/"):
        box.press_sequentially("The end.")

    # The server dies in the middle; typing goes on, and is kept as soon as it is back.
    stack.kill_web()
    box.press_sequentially(" Afterthought.")
    line = page.locator("[data-draft-line]")
    expect(line).to_contain_text("Not saved yet: no connection. Trying again.")
    assert "The end. Afterthought." in box.input_value()
    teacher.picture("draft-not-saved")
    stack.start_web()
    expect(line).to_contain_text("Draft saved")
    typed = box.input_value()

    # The tab dies without a word; in a new browser the draft is offered.
    with suppress(Error):
        page.goto("chrome://crash")
    teacher.context.close()
    teacher.open_browser(page.context.browser)
    teacher.log_in()
    teacher.page.goto(f"{teacher.base}/incidents/add/")
    expect(teacher.page.get_by_text("You have not finished this")).to_be_visible()
    teacher.check_page("draft-offered")
    teacher.page.get_by_role("button", name="Go on with it").first.click()
    expect(teacher.page.get_by_label("Incident", exact=True)).to_have_value(typed)
    expect(teacher.page.get_by_text("What you typed is back")).to_be_visible()
    teacher.check_page("draft-is-back")
    teacher.page.goto(f"{teacher.base}/drafts/")
    teacher.check_page("drafts")
    teacher.page.get_by_role("button", name="Throw this draft away").click()
    expect(teacher.page.get_by_text("You have no drafts.")).to_be_visible()
