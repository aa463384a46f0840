"""Marking a map: by mouse, keyboard and touch, and without JavaScript (acceptance G6.4, G4.1)."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.person import NARROW

pytestmark = pytest.mark.system


def open_form(somebody):
    somebody.log_in()
    expect(somebody.page.get_by_role("heading", name="Dashboard")).to_be_visible()
    somebody.page.goto(f"{somebody.base}/incidents/add/")


def posted(page):
    places = [one.input_value() for one in page.locator("[name=maps_marker]").all()]
    notes = [one.input_value() for one in page.locator("[name=maps_note]").all()]
    return places, notes


def stage_of(page):
    return page.locator("[data-stage]").first


def press(page, x, y):
    """Press on a place of the first map."""
    box = stage_of(page).locator("svg").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def where(page):
    return page.locator("[data-where]").all_inner_texts()


def test_g6_04_markers_are_placed_moved_removed_undone_and_recorded(person):
    teacher = person("greenwood", "teacher")
    open_form(teacher)
    page = teacher.page
    page.get_by_role("button", name="Body Map: child").click()
    press(page, 0.38, 0.41)
    press(page, 0.25, 0.95)
    expect(page.locator("[data-where]")).to_have_text(["front, left forearm", "front, left foot"])
    page.get_by_label("Note of marker 1").fill("Bruise")
    box = stage_of(page).locator("svg").bounding_box()
    page.mouse.move(box["x"] + 0.38 * box["width"], box["y"] + 0.41 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.up()
    expect(page.locator("[data-where]").first).to_contain_text("stomach")
    page.get_by_role("button", name="Remove marker 1").click()
    expect(page.locator("[data-where]")).to_have_text(["front, left foot"])
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-where]")).to_have_text(["front, left forearm", "front, left foot"])
    assert posted(page)[1] == ["Bruise", ""]
    teacher.check_page("maps-form")
    teacher.choose("Student", "Maddy", "Maddy Greenwood")
    text = f"Marked, {uuid4()}."
    page.get_by_label("Incident", exact=True).fill(text)
    page.get_by_label("Medical", exact=True).check()
    page.get_by_role("button", name="Add Incident", exact=True).click()
    expect(page.get_by_text("The incident was added.")).to_be_visible()
    teacher.rows("My History").first.get_by_role("link").click()
    expect(page.get_by_text("Bruise")).to_be_visible()
    expect(page.locator(".ui-marked__note")).to_have_count(2)
    teacher.check_page("maps-incident")


def test_g6_04_a_map_is_marked_by_keyboard_alone(person):
    teacher = person("greenwood", "teacher")
    open_form(teacher)
    page, key = teacher.page, teacher.page.keyboard
    page.get_by_role("button", name="Body Map: child").focus()
    key.press("Enter")
    expect(stage_of(page)).to_be_focused()
    for _ in range(4):
        key.press("Shift+ArrowLeft")
    key.press("Enter")
    assert posted(page)[0] == ["body_child|0.2500|0.5000"]
    expect(page.get_by_label("Note of marker 1")).to_be_focused()
    key.type("Scratch")
    key.press("Enter")
    assert posted(page)[1] == ["Scratch"]
    page.locator("[data-move]").focus()
    key.press("Enter")
    expect(page.locator(".ui-maps [data-status]")).to_contain_text("Moving marker 1")
    for _ in range(3):
        key.press("ArrowUp")
    key.press("Enter")
    expect(page.locator(".ui-maps [data-status]")).to_contain_text("Marker 1 stays: front")
    ((place,), _) = posted(page)
    assert float(place.split("|")[2]) < 0.5
    page.get_by_role("button", name="Remove marker 1").focus()
    key.press("Enter")
    assert posted(page) == ([], [])
    page.get_by_role("button", name="Undo").focus()
    key.press("Space")
    assert posted(page)[1] == ["Scratch"]
    assert teacher.faults == []


def test_g6_04_a_finger_places_and_drags_a_marker_and_the_page_stays(person, chromium):
    teacher = person("greenwood", "teacher")
    teacher.context.close()
    teacher.context = chromium.new_context(
        viewport=NARROW, has_touch=True, is_mobile=True, device_scale_factor=2, locale="en-GB"
    )
    page = teacher.page = teacher.context.new_page()
    open_form(teacher)
    page.get_by_role("button", name="Body Map: child").tap()
    stage_of(page).scroll_into_view_if_needed()
    box = stage_of(page).locator("svg").bounding_box()
    x, y = box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"]
    page.touchscreen.tap(x, y)
    expect(page.locator("[data-where]")).to_have_count(1)
    small = [
        (one.inner_text(), one.bounding_box()["height"])
        for one in page.locator(".ui-map__button:visible, .ui-maps__offer:visible").all()
        if one.bounding_box()["height"] < 44
    ]
    assert small == []
    box = stage_of(page).locator("svg").bounding_box()
    x, y = box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"]
    scrolled = page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)
    for kind, down in (("touchStart", 0), ("touchMove", 30), ("touchMove", 60), ("touchMove", 90)):
        points = [{"x": x, "y": y + down}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    ((place,), _) = posted(page)
    assert float(place.split("|")[2]) == pytest.approx(0.4 + 90 / box["height"], abs=0.02)
    assert page.evaluate("scrollY") == scrolled


def test_g6_04_a_map_is_marked_without_javascript(person):
    teacher = person("greenwood", "teacher", javascript=False)
    open_form(teacher)
    page = teacher.page
    page.get_by_label("Incident", exact=True).fill("Half a sentence")
    page.get_by_role("button", name="Body Map: child").click()
    page.locator(".ui-map__point").scroll_into_view_if_needed()
    box = page.locator(".ui-map__point").bounding_box()
    assert box["width"] == 280
    with page.expect_navigation():
        page.mouse.click(box["x"] + 0.38 * 280, box["y"] + 0.41 * box["height"])
    ((place,), _) = posted(page)
    _, x, y = place.split("|")
    assert (float(x), float(y)) == (pytest.approx(0.38, abs=0.01), pytest.approx(0.41, abs=0.01))
    expect(page.get_by_label("Incident", exact=True)).to_have_value("Half a sentence")
    page.get_by_label("Note of marker 1").fill("Bruise")
    page.get_by_label("Note of marker 1").press("Enter")
    # Enter is ‘Add Incident’, whose faults are said; it placed and opened nothing.
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert posted(page) == ([place], ["Bruise"])
