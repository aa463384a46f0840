"""Hiding names everywhere, as a DSL lives it with somebody looking over their shoulder."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_story import first_pupil
from ui.names import STARS

pytestmark = pytest.mark.system


def test_g7_01_hiding_names_everywhere(person):
    first, family = first_pupil(person, "hillside")
    dsl = person("hillside", "dsl")
    page = dsl.page
    page.goto(f"{dsl.base}/students/")
    dsl.log_in()
    expect(page.get_by_text(f"{first} {family}")).to_be_visible()

    # Pressed once, and no page has a name any more.
    page.get_by_role("button", name="Hide Names").click()
    expect(page.get_by_role("button", name="Show Names")).to_be_visible()
    expect(page.get_by_role("heading", name="Students")).to_be_visible()
    dsl.check_page("hidden-students")
    record = page.get_by_role("link", name="Record").first.get_attribute("href")

    def is_hidden():
        html = page.content()
        assert f"{first} {family}" not in html
        assert f"{first} " not in html
        assert first not in page.title()

    is_hidden()
    for path in ("/", "/incidents/", record, "/audit/", "/audit/?list=1", "/incidents/add/?list=1"):
        page.goto(dsl.base + path)
        is_hidden()
        expect(page.get_by_role("button", name="Show Names")).to_be_visible()
    page.goto(f"{dsl.base}/incidents/")
    page.locator("main .ui-row__link").first.click()
    expect(page.get_by_role("heading", name="Incident", exact=True)).to_be_visible()
    expect(page.get_by_text("name hidden").first).to_be_attached()
    dsl.check_page("hidden-incident")

    # Writing goes on: suggestions are stars, and what was typed comes back as stars.
    page.goto(f"{dsl.base}/incidents/add/")
    dsl.choose("Student", f"{first} {family}".lower(), STARS)
    page.get_by_label("Incident", exact=True).fill(f"{first} told me about {first}’s evening.")
    page.get_by_role("button", name="Add Incident").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one category.")
    expect(page.get_by_label("Incident", exact=True)).to_have_value(
        f"{STARS} told me about {STARS}’s evening."
    )
    is_hidden()
    dsl.check_page("hidden-form")

    # Shown again to go on writing: nothing was lost. Hidden in the middle of it: neither.
    page.get_by_role("button", name="Show Names to go on writing").click()
    text = page.get_by_label("Incident", exact=True)
    expect(text).to_have_value(f"{first} told me about {first}’s evening.")
    expect(page.get_by_role("button", name=f"Remove {first} {family}")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    text.fill(f"{first} told me about {first}’s weekend.")
    page.get_by_role("button", name="Hide Names").click()
    expect(text).to_have_value(f"{STARS} told me about {STARS}’s weekend.")
    is_hidden()
    page.get_by_label("Medical").check()
    page.get_by_role("button", name="Add Incident").click()
    expect(page.get_by_text("The incident was added.")).to_be_visible()

    # On a phone the button is its drawing; the sentence is kept as it was written.
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("button", name="Show Names").click()
    expect(dsl.rows("My History").first).to_contain_text(f"{first} {family}")
    dsl.rows("My History").first.get_by_role("link").click()
    expect(page.get_by_text(f"{first} told me about {first}’s weekend.")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    dsl.check_page("shown-incident-dark")
    assert dsl.faults == []
