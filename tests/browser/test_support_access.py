"""Access by consent, at three browsers: the agent's, the administrator's, the key holder's."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.colleague import Colleague

pytestmark = pytest.mark.system

WHY = "To see why the list of incidents is empty for one colleague."
STARS = "★★★★★ ★★★★★"


def until(page, what):
    """Load a page anew until the worker has done its part."""
    for _ in range(60):
        if what.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(what.first).to_be_visible()


@pytest.fixture(scope="module")
def agent(chromium, stack):
    """Somebody of the helpdesk, with their key."""
    colleague = Colleague(chromium, stack, "helpdesk", "agatha")
    colleague.arrive("add_agent", "--role", "agent", full_name="Agatha Agent")
    colleague.set_up_key()
    yield colleague
    colleague.context.close()


def raised(person):
    """A ticket of a teacher's; return its number and the subject."""
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    page.goto(f"{teacher.base}/support/contact/")
    page.get_by_label("What it is about").select_option("Something else")
    page.get_by_label("Subject").fill("A list stays empty")
    page.get_by_label("Message").fill("It should have rows in it.")
    page.get_by_role("button", name="Send to the helpdesk").click()
    # An article is offered first.
    expect(page.get_by_role("heading", name="These pages may help")).to_be_visible()
    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("heading", name="A list stays empty")).to_be_visible()
    number = page.get_by_text(re.compile(r"T-\d{6}"))
    until(page, number)
    return teacher, number.first.inner_text().strip()


def asked(agent, number, *, scope, hours):
    """The agent takes the ticket, and asks."""
    page = agent.page
    page.goto(agent.base)
    page.get_by_label("Number, school or words").fill(number)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=number).first.click()
    page.get_by_role("button", name="Take", exact=True).click()
    page.get_by_text("Ask to look at the school’s site").click()
    page.get_by_label("What for").fill(WHY)
    page.get_by_label("What you need to see").select_option(scope)
    page.get_by_label("For how many hours").select_option(hours)
    agent.check_page("access-desk-asking")
    page.get_by_role("button", name="Ask the school").click()
    expect(page.get_by_text("The school’s administrators are asked.")).to_be_visible()
    agent.check_page("access-desk-asked")


def at_the_schools(agent):
    """The agent goes from the ticket to the school's site."""
    page = agent.page
    ticket = page.url
    until(page, page.get_by_role("button", name="Open the school’s site"))
    agent.check_page("access-desk-granted")
    page.get_by_role("button", name="Open the school’s site").click()
    expect(page.get_by_text("The button works once, within a minute.")).to_be_visible()
    agent.check_page("access-desk-open")
    page.get_by_role("button", name="Go to the school’s site").click()
    expect(page.get_by_text("This is the session of Agatha Agent.")).to_be_visible()
    return ticket


def test_s6_10_asked_allowed_used_seen_in_the_audit_and_ended_by_a_click(agent, person):
    teacher, number = raised(person)
    asked(agent, number, scope="Incidents and students, names hidden", hours="2")
    head = person("greenwood", "head")
    page = head.page
    (letter,) = head.stack.mails_to(head.email, about="asks to look at your site")
    assert WHY not in letter["text"]
    link = re.search(r"http://\S+/login/\?next=\S+", letter["text"])
    page.goto(link.group())
    head.log_in()
    expect(
        page.get_by_role("heading", name="Agatha Agent asks to look at your site")
    ).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    head.check_page("access-school-asked")
    page.get_by_label("For how many hours").select_option("1")
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("The helpdesk may look at your site now.")).to_be_visible()
    head.check_page("access-school-live")

    ticket = at_the_schools(agent)
    desk = agent.page
    expect(desk.get_by_role("heading", name="Incidents")).to_be_visible()
    school = head.base
    agent.check_page("access-visit-incidents")
    desk.goto(f"{school}/students/")
    expect(desk.get_by_text(STARS).first).to_be_visible()
    desk.locator(".ui-row__link").first.click()
    expect(desk.get_by_role("heading", name="Record")).to_be_visible()
    agent.check_page("access-visit-record")
    expect(desk.get_by_role("button", name="Show Names")).to_have_count(0)
    assert desk.goto(f"{school}/administration/staff/").status == 403
    agent.faults.clear()  # the browser notes it
    agent.check_page("access-visit-shut")
    desk.get_by_role("link", name="Back to the start").click()
    expect(desk.get_by_role("heading", name="Incidents")).to_be_visible()

    dsl = person("greenwood", "dsl")
    dsl.page.goto(f"{dsl.base}/students/")
    dsl.log_in()
    names = dsl.page.locator(".ui-row__who").all_inner_texts()
    assert names
    desk.goto(f"{school}/students/")
    shown = desk.content()
    assert not [one for one in names if one.split(",")[0] in shown]
    dsl.page.goto(f"{dsl.base}/audit/")
    lines = dsl.page.locator(".ui-log__line")
    expect(lines.filter(has_text="Agatha Agent of the helpdesk").first).to_be_visible()
    expect(lines.filter(has_text="tried a page that is shut to the helpdesk")).to_have_count(1)

    page.get_by_role("link", name="Each page that they opened").click()
    seen = page.get_by_role("region", name="Each page that they opened").get_by_role("listitem")
    expect(seen.filter(has_text="Record")).not_to_have_count(0)
    expect(seen.filter(has_text="Not shown")).to_have_count(1)
    expect(seen.filter(has_text="Came in")).to_have_count(1)
    head.check_page("access-school-seen")
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_text("The helpdesk’s access is ended.")).to_be_visible()
    head.check_page("access-school-ended")

    desk.reload()
    expect(desk.get_by_role("heading", name="Log in")).to_be_visible()
    desk.goto(f"{school}/incidents/")
    expect(desk.get_by_role("heading", name="Log in")).to_be_visible()
    desk.goto(ticket)
    until(desk, desk.get_by_text("Ended", exact=True))
    expect(desk.get_by_role("button", name="Open the school’s site")).to_have_count(0)
    desk.get_by_role("link", name="Promises explained, and the log").click()
    for step in ("Access asked", "Access granted", "Access opened", "Access ended"):
        expect(desk.get_by_text(step)).to_be_visible()
    teacher.page.reload()
    expect(teacher.page.get_by_text("Access of the helpdesk")).to_be_visible()
    teacher.check_page("access-ticket")
    assert [*head.faults, *dsl.faults] == []


def test_s6_11_a_refusal_by_keyboard_and_without_a_script_opens_nothing(agent, person):
    _, number = raised(person)
    asked(agent, number, scope="Administration pages only", hours="8")
    head = person("greenwood", "head", javascript=False)
    page = head.page
    page.goto(f"{head.base}/login/?next=/administration/helpdesk/")
    head.log_in()
    until(page, page.get_by_role("button", name="Refuse"))
    page.get_by_role("button", name="Refuse").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The helpdesk is told that it may not.")).to_be_visible()
    until(agent.page, agent.page.get_by_text("Refused", exact=True))
    expect(agent.page.get_by_role("button", name="Open the school’s site")).to_have_count(0)
