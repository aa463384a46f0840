"""A DSL corrects the record; an administrator narrows what a group sees."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system


def test_g4_05_t33_a_dsl_amends_an_incident_and_an_administrator_sees_what_a_change_takes_away(
    person,
):
    dsl = person("greenwood", "dsl")
    dsl.log_in()
    page = dsl.page
    page.goto(f"{dsl.base}/incidents/")
    page.locator("main .ui-row__link").first.click()
    incident = page.url
    said = page.locator("main .ui-reading--typed").first.inner_text()

    page.get_by_role("button", name="Amend the text or time").or_(
        page.get_by_role("link", name="Amend the text or time")
    ).click()
    dsl.check_page("amend")
    page.get_by_label("What it says").fill("It was Wednesday, after lunch.")
    page.get_by_role("button", name="Save the amendment").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is corrected.")
    dsl.check_page("amend-refused")
    page.get_by_label("Why it is corrected").fill("The day was wrong.")
    page.get_by_role("button", name="Save the amendment").click()
    expect(page.locator("main .ui-reading--typed").first).to_have_text(
        "It was Wednesday, after lunch."
    )
    page.get_by_text("What it said until then").first.click()
    expect(page.get_by_text(said.strip()[:60]).first).to_be_visible()
    dsl.check_page("amended")

    page.goto(f"{incident}categories/")
    dsl.check_page("categories")
    page.get_by_label("SEND", exact=True).check()
    page.get_by_role("button", name="Save categories").click()
    expect(page.get_by_role("region", name="Correct it")).to_contain_text("added by")

    page.goto(f"{incident}student/")
    dsl.check_page("student")
    page.goto(f"{dsl.base}/incidents/?status=closed&assigned=left")
    dsl.check_page("incidents-filtered")

    head = person("greenwood", "head")
    head.log_in()
    page = head.page
    page.goto(f"{head.base}/administration/access-groups/")
    head.check_page("access-groups")
    page.get_by_role("link", name="Key holders").click()
    page.get_by_role("radio", name="Only the year groups ticked below").check()
    page.get_by_label("Year 1", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("will no longer see").first).to_be_visible()
    head.check_page("access-group-impact")
