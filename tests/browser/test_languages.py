"""Welsh and English in a real browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system


def _log_in_in_welsh(gwen):
    gwen.page.get_by_label("Cyfeiriad e-bost").fill(gwen.email)
    gwen.page.get_by_label("Cyfrinair", exact=True).fill(gwen.account["password"])
    gwen.page.get_by_role("button", name="Mewngofnodi").click()
    expect(gwen.page.get_by_role("heading", name="Dangosfwrdd")).to_be_visible()


def _lang(page):
    return page.locator("html").get_attribute("lang")


def test_somebody_asks_for_welsh_at_the_door_keeps_it_and_goes_back_to_english(person):
    gwen = person("hillside", "teacher")
    page = gwen.page
    page.goto(f"{gwen.base}/login/?next=/incidents/add/")
    gwen.check_page("login-english")
    button = page.get_by_role("button", name="Cymraeg")
    assert button.get_attribute("lang") == "cy"
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mewngofnodi")).to_be_visible()
    assert page.url.endswith("/login/?next=/incidents/add/")
    assert _lang(page) == "cy"
    gwen.check_page("login-welsh")
    page.goto(f"{gwen.base}/login/")
    _log_in_in_welsh(gwen)
    gwen.check_page("dashboard-welsh")
    page.emulate_media(color_scheme="dark")
    page.goto(f"{gwen.base}/incidents/add/")
    gwen.check_page("incident-welsh-dark")
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Ychwanegu Digwyddiad").click()
    expect(page.get_by_role("heading", name="Mae problem")).to_be_visible()
    gwen.check_page("refused-welsh")
    page.locator(".ui-menu summary").click()
    gwen.picture("menu-welsh")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Add Incident")).to_be_visible()
    assert _lang(page) == "en-gb"
    assert page.url.startswith(f"{gwen.base}/incidents/add/?draft=")  # what was sent is kept


def test_without_a_script_the_language_is_switched_too(person):
    gwen = person("greenwood", "teacher", javascript=False)
    page = gwen.page
    page.goto(f"{gwen.base}/login/")
    page.get_by_role("button", name="Cymraeg").click()
    _log_in_in_welsh(gwen)
    page.locator(".ui-menu summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_words_of_an_open_page_stay_true_in_welsh(person):
    gwen = person("greenwood", "dsl")
    page = gwen.page
    page.clock.install()
    gwen.log_in()
    page.locator(".ui-menu summary").click()
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.get_by_role("heading", name="Dangosfwrdd")).to_be_visible()
    page.evaluate(
        """() => { const time = document.querySelector("time.ui-when");
                   time.dateTime = new Date(Date.now() - 95_000).toISOString(); }"""
    )
    # The words are looked at every half minute.
    page.clock.run_for(60_000)
    expect(page.locator("time.ui-when [data-ago]").first).to_have_text(re.compile("2 funud yn ôl"))
    # The choice is kept with the account, which other stories use too.
    page.reload()
    page.locator(".ui-menu summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_g6_09_what_was_typed_comes_back_in_the_other_language(person):
    teacher = person("greenwood", "teacher")
    page = teacher.page
    teacher.log_in()
    page.goto(f"{teacher.base}/incidents/add/")
    page.get_by_label("Incident", exact=True).fill("Late again, and very quiet.")
    page.locator(".ui-menu summary").click()
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.get_by_role("heading", name="Ychwanegu Digwyddiad")).to_be_visible()
    expect(page.get_by_label("Digwyddiad", exact=True)).to_have_value("Late again, and very quiet.")
    page.locator(".ui-menu summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Incident", exact=True)).to_have_value("Late again, and very quiet.")
