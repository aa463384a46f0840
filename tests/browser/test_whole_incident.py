"""An incident with everything that the form takes, and one with what it needs."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_maps import press, stage_of
from tests.browser.test_story import photograph

pytestmark = pytest.mark.system

#: Linked to the incident about Elsie Davies; invented pupils of the demo's primary school.
LINKED = ("Maddy Greenwood", "Ali Qureshi")
TEXT = "Elsie Davies, Maddy Greenwood and Ali Qureshi were behind the shed; Elsie's arm is grazed."


def test_g6_03_g6_04_g6_07_two_linked_students_a_map_three_files_and_a_group_alert(person):
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    page.get_by_role("button", name="Add Incident").click()
    teacher.choose("Student", "elsie dav", "Elsie Davies")
    page.get_by_label("Incident", exact=True).fill(TEXT)
    page.get_by_label("Behaviour", exact=True).check()
    page.get_by_label("Medical", exact=True).check()
    for name in LINKED:
        teacher.choose("Linked student(s)", name.lower(), name)
    page.get_by_label("Monitor under the same category(s)").first.check()
    page.get_by_label("Share documents", exact=True).first.check()
    page.get_by_role("button", name="Body Map: child").click()
    expect(stage_of(page)).to_be_visible()
    press(page, 0.38, 0.41)
    page.get_by_label("Note of marker 1").fill("Graze")
    files = [photograph(), *(_note(number) for number in (1, 2))]
    page.locator("input[type=file]").set_input_files(files=files)
    for one in files:
        expect(page.get_by_role("button", name=f"Remove {one['name']}")).to_be_visible()
    page.get_by_label("Safeguarding team").check()
    teacher.check_page("whole-incident")
    page.get_by_role("button", name="Add Incident", exact=True).last.click()
    expect(page.get_by_text("The incident was added.")).to_be_visible()

    dsl = person("greenwood", "dsl")
    dsl.log_in()
    page = dsl.page
    dsl.rows("Alert").filter(has_text="Elsie Davies").first.get_by_role("link").click()
    expect(page.get_by_text("were behind the shed")).to_be_visible()
    for name in LINKED:
        expect(page.get_by_label("Facts").get_by_text(name).first).to_be_visible()
    expect(page.locator(".ui-marked__note")).to_contain_text("Graze")
    expect(page.locator(".ui-file-list__file")).to_have_count(3)
    dsl.check_page("whole-incident-read")
    # On both linked students' records; the files only where they are shared.
    for name, files_there in zip(LINKED, (3, 0), strict=True):
        page.goto(f"{dsl.base}/students/")
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Search").click()
        page.locator("main .ui-row__link").first.click()
        entry = page.locator(".moj-timeline__item, .ui-entry").filter(has_text="behind the shed")
        expect(entry.first).to_be_visible()
        assert entry.first.locator(".ui-file-list__file").count() == files_there


def _note(number: int) -> dict[str, object]:
    words = f"What witness {number} said.\n".encode()
    return {"name": f"witness {number}.txt", "mimeType": "text/plain", "buffer": words}


def test_an_incident_takes_a_practised_user_no_more_than_12_interactions(person):
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page, done = teacher.page, []

    def do(what, act, *given):
        done.append(what)
        act(*given)

    do("open the form", page.get_by_role("button", name="Add Incident").click)
    box = page.get_by_role("combobox", name="Student", exact=True)
    do("type part of the name", box.fill, "maddy")
    do("choose the student", page.get_by_role("option", name="Maddy Greenwood").click)
    do("write", page.get_by_label("Incident", exact=True).fill, "Quiet all morning; did not eat.")
    do("category", page.get_by_label("Cause for Concern", exact=True).check)
    do("alert the team", page.get_by_label("Safeguarding team").check)
    do("add", page.get_by_role("button", name="Add Incident", exact=True).last.click)
    expect(page.get_by_text("The incident was added.")).to_be_visible()
    assert len(done) <= 12
