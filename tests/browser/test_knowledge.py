"""An article and a webinar, from the editor who writes them to the school that reads them."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.system

LONG = (
    "Rhosllannerchrugog and other long words: what to do when a title does not want to end, and why"
)
TEXT = "## First of all\n\nTurn it **off** and on.\n\n| See | Do |\n|---|---|\n| Nothing | Wait |\n\n<script>alert(1)</script>"


class Editor(Person):
    """The demo's lead at the helpdesk, with a browser."""

    def __init__(self, browser, stack):
        self.stack = stack
        face = next(one for one in stack.demo["faces"] if one["slug"] == "helpdesk")
        self.base, self._account = face["url"], face["accounts"][0]
        self.email = self._account["email"]
        self.open_browser(browser)

    @property
    def account(self):
        return self._account


@pytest.fixture
def editor(chromium, stack):
    somebody = Editor(chromium, stack)
    somebody.log_in()
    expect(somebody.page.get_by_role("heading", level=1)).to_be_visible()
    yield somebody
    somebody.context.close()


def test_an_article_is_written_looked_at_published_found_and_offered(editor, person):
    page = editor.page
    page.get_by_role("link", name="Knowledge base").click()
    expect(page.get_by_role("heading", name=re.compile("^Knowledge base"))).to_be_visible()
    editor.check_page("desk-articles")
    page.get_by_role("button", name="New article").click()
    page.get_by_label("Title").fill(LONG)
    page.get_by_label("Summary").fill("For titles that do not want to end.")
    page.get_by_label("Topic").select_option("Recording incidents")
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="First of all")).to_be_visible()
    expect(page.get_by_text("<script>alert(1)</script>", exact=True).first).to_be_visible()
    editor.check_page("desk-preview")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("All schools can read this now.")).to_be_visible()
    editor.check_page("desk-article")

    # Somebody else saves it in another tab meanwhile.
    address = page.url
    other = editor.context.new_page()
    for tab in (page, other):
        tab.goto(f"{address}edit/")
    other.get_by_label("Summary").fill("What she wrote.")
    other.get_by_role("button", name="Save draft").click()
    expect(other.get_by_text("Saved. Schools see no change until you publish it.")).to_be_visible()
    page.get_by_label("Summary").fill("What he wrote.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Somebody else saved this while you were writing")).to_be_visible()
    expect(page.get_by_label("Summary")).to_have_value("What he wrote.")
    editor.check_page("desk-two-editors")

    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    page.get_by_role("link", name="Support").click()
    expect(page.get_by_role("heading", name="Newest from the helpdesk")).to_be_visible()
    teacher.check_page("support")
    page.get_by_label("Search Support").fill("title turn off")
    page.get_by_role("button", name="Search").click()
    found = page.get_by_role("region", name="What was found")
    expect(found.locator("mark").first).to_be_visible()
    teacher.check_page("support-found")
    found.get_by_role("link", name=LONG).click()
    expect(page.get_by_role("heading", name="First of all")).to_be_visible()
    expect(page.get_by_text("For titles that do not want to end.")).to_be_visible()
    teacher.check_page("school-article")
    page.goto(f"{teacher.base}/support/articles/?kind=video")
    teacher.check_page("school-articles")
    page.get_by_role("link", name="Film: your first ten minutes").click()
    teacher.check_page("school-video")
    page.goto(f"{teacher.base}/support/contact/")
    page.get_by_label("Subject").fill("My Rhosllannerchrugog title")
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
    assert teacher.faults == []


def test_a_webinar_is_planned_and_somebody_takes_a_place_and_gives_it_up(editor, person):
    page = editor.page
    page.goto(f"{editor.base}/webinars/new/")
    page.get_by_label("Title").fill("Maps in twenty minutes")
    page.get_by_label("Summary").fill("Marking where something happened.")
    page.get_by_label("Description").fill("Bring a *plan* of your school.")
    day = (date.today() + timedelta(days=5)).isoformat()  # noqa: DTZ011 - of this browser
    page.locator("input[type=date]").fill(day)
    page.locator("input[type=time]").fill("15:30")
    page.get_by_label("Minutes").fill("20")
    page.get_by_label("Places").fill("1")
    page.get_by_label("Joining link").fill("https://meet.example/maps")
    editor.check_page("desk-webinar-form")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("All schools see this webinar now.")).to_be_visible()
    address = page.url

    teacher, other = person("greenwood", "teacher"), person("hillside", "teacher")
    for somebody in (teacher, other):
        somebody.log_in()
        somebody.page.get_by_role("link", name="Support").click()
        somebody.page.get_by_role("link", name="Maps in twenty minutes").click()
    page = teacher.page
    teacher.check_page("school-webinar")
    page.get_by_role("button", name="Take a place").click()
    expect(page.get_by_role("link", name="https://meet.example/maps")).to_be_visible()
    teacher.check_page("school-webinar-taken")
    with page.expect_download() as download:
        page.get_by_role("button", name="Add to your calendar").click()
    (event,) = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert event.decoded("dtstart").strftime("%H:%M") in ("14:30", "15:30")  # summer, winter
    assert "https://meet.example/maps" in str(event["description"])

    other.page.get_by_role("button", name="Take a place").click()
    expect(other.page.get_by_text("There is no place left at this webinar.")).to_be_visible()
    other.check_page("school-webinar-full")
    editor.page.goto(address)
    expect(editor.page.get_by_role("cell", name="Greenwood Primary School")).to_be_visible()
    editor.check_page("desk-webinar")
    editor.page.goto(f"{editor.base}/webinars/")
    editor.check_page("desk-webinars")
    page.get_by_role("button", name="Give up your place").click()
    expect(page.get_by_text("Your place was given up.")).to_be_visible()
    editor.page.goto(address)
    expect(editor.page.get_by_text("Nobody has a place yet.")).to_be_visible()
    assert teacher.faults == other.faults == []
