"""Finding a student and being told whom a text names, as people do it (acceptance G6.1, G6.8)."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system


def test_g6_08_a_student_named_in_the_text_is_linked_by_a_press(person):
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    page.goto(f"{teacher.base}/incidents/add/")
    box = page.get_by_role("combobox", name="Student", exact=True)
    box.fill("madddy gree")
    expect(page.get_by_role("option", name="Maddy Greenwood").first).to_be_visible()
    box.fill("qqqq")
    expect(page.get_by_text("No student on roll has that name")).to_be_visible()
    box.fill("")

    page.get_by_label("Incident", exact=True).fill("Then maddy greenwood fell over.")
    line = page.get_by_role("listitem").filter(has_text="is named here but not linked")
    expect(line.first).to_contain_text("Maddy Greenwood, Year")
    teacher.check_page("named-in-text")
    page.emulate_media(color_scheme="dark")
    teacher.picture("named-in-text-dark")
    page.emulate_media(color_scheme="light")
    line.first.get_by_role("button", name="Link: Maddy Greenwood").press("Enter")
    expect(page.get_by_role("button", name="Remove Maddy Greenwood")).to_be_visible()
    expect(line).to_have_count(0)
    page.get_by_role("button", name="Remove Maddy Greenwood").click()
    line.first.get_by_role("button", name="Leave it: Maddy Greenwood").click()
    page.get_by_label("Incident", exact=True).fill("Then Maddy Greenwood fell over. She cried.")
    page.wait_for_timeout(1500)
    expect(line).to_have_count(0)
    assert teacher.faults == []


def test_g6_01_an_agency_is_suggested_after_each_comma(person):
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    page.goto(f"{teacher.base}/incidents/add/")
    known = page.locator("datalist option")
    names = known.evaluate_all("all => all.map((one) => one.value)")
    assert len(names) > 1
    page.get_by_label("Agency involved").press_sequentially(f"{names[0]}, ")
    assert known.evaluate_all("all => all.map((one) => one.value)") == [
        f"{names[0]}, {name}" for name in names
    ]
    assert known.evaluate_all("all => all.map((one) => one.disabled)").index(False) == 1
    assert teacher.faults == []
