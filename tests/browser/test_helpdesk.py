"""Tickets between a school and the helpdesk, as both live them.

The office is opened and closed from its own page, so that the promises are worked out for the day on which the story runs.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system

PUPIL = "Maddy Greenwood"
TODAY = datetime.now(ZoneInfo("Europe/London")).date()
NUMBER = re.compile(r"T-\d{6}")
CANNED = (
    "Hello {requester}, this is {agent} about {number} of {school}. Use the import’s second page."
)
CLOSED = "Stocktaking"


@pytest.fixture
def robin(person):
    """The lead of the helpdesk, with the key shown, on duty."""
    lead = person("helpdesk", "robin")
    lead.log_in()
    expect(lead.page.get_by_role("heading", name=re.compile("^Mine"), level=1)).to_be_visible()
    go_on, go_off = (
        lead.page.get_by_role("button", name=f"Go {way} duty") for way in ("on", "off")
    )
    expect(go_on.or_(go_off)).to_be_visible()
    if go_on.is_visible():
        go_on.click()
        expect(lead.page.get_by_text("You are on duty: tickets are dealt to you.")).to_be_visible()
    return lead


@pytest.fixture
def teacher(person):
    """A teacher, who has no key."""
    asker = person("greenwood", "teacher")
    asker.log_in()
    expect(asker.page.get_by_role("heading", name="Dashboard")).to_be_visible()
    return asker


def keep_hours(lead, hours, reason, days=2):
    """Let the office keep these hours, today and tomorrow: a story may last past midnight."""
    for number in range(days):
        set_day(lead, TODAY + timedelta(days=number), hours, reason)


def set_day(lead, day, hours, reason):
    lead.page.goto(f"{lead.base}/office/")
    lead.page.get_by_label("Day", exact=True).fill(day.isoformat())
    lead.page.get_by_label("Hours", exact=True).fill(hours)
    lead.page.get_by_label("Reason, as schools read it").fill(reason)
    lead.page.get_by_role("button", name="Change day").click()
    expect(lead.page.get_by_text(reason).first).to_be_visible()


def write_ticket(asker, subject, message, **options):
    """Fill in ‘Contact Support’; it is not sent yet."""
    page = asker.page
    page.goto(f"{asker.base}/support/contact/")
    page.get_by_label("What it is about").select_option("Importing from your MIS")
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Message").fill(message)
    if telephone := options.get("telephone"):
        page.get_by_label("Phone number").fill(telephone)
    if options.get("is_urgent"):
        page.get_by_label("It is urgent").check()


def send_ticket(asker, *, masks=False):
    """Send it past the check page, if there is one, and return its number once it is known."""
    page = asker.page
    page.get_by_role("button", name="Send to the helpdesk").click()
    sent = page.get_by_text("Your ticket was sent to the helpdesk.")
    check = page.get_by_role("heading", name="Check before you send")
    expect(sent.or_(check)).to_be_visible()
    if check.is_visible():
        if masks:
            asker.check_page("check-places")
        button = "Mask and send" if masks else "Send to the helpdesk"
        page.get_by_role("button", name=button).click()
    expect(sent).to_be_visible()
    return until(page, page.get_by_text(NUMBER).first).inner_text()


def until(page, wanted):
    """Reload until something is there: a worker is at it."""
    for _ in range(60):
        if wanted.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(wanted.first).to_be_visible()
    return wanted


def count_of(page, queue):
    return page.locator(f'[data-queue="{queue}"]')


def add_canned_reply(lead, title):
    lead.page.goto(f"{lead.base}/office/")
    form = lead.page.locator("form").filter(
        has=lead.page.get_by_role("button", name="Add canned reply")
    )
    form.get_by_label("Title").fill(title)
    form.get_by_label("Text").fill(CANNED)
    form.get_by_role("button", name="Add canned reply").click()
    expect(lead.page.get_by_role("link", name=title)).to_be_visible()


def answer_by_key(lead, text=""):
    """Answer by single keys: r to begin, Ctrl and Enter to send."""
    lead.page.keyboard.press("r")
    expect(lead.page.get_by_label("Your words")).to_be_focused()
    lead.page.keyboard.type(text)
    lead.page.keyboard.press("Control+Enter")
    expect(lead.page.get_by_text("Your reply goes out in ten seconds.")).to_be_visible()


def test_g8_a_ticket_about_a_pupil_is_answered_completed_reopened_and_rated(robin, teacher, stack):
    desk, page = robin.page, teacher.page
    keep_hours(robin, "00:00–24:00", "Open all day")
    add_canned_reply(robin, "Second page")
    desk.goto(f"{robin.base}/")
    before = int(count_of(desk, "mine").inner_text())

    # In hours somebody is promised to reply today; the pupil's name stays at the school.
    write_ticket(teacher, f"{PUPIL} is missing", f"I cannot find {PUPIL.upper()} after the import.")
    expect(page.get_by_text("Someone will reply by")).to_be_visible()
    number = send_ticket(teacher, masks=True)
    (received,) = stack.mails_to(teacher.email, about=number)
    assert "Someone will reply by" in received["text"]

    # It is routed to who is on duty, whose open page says so without being loaded again.
    expect(count_of(desk, "mine")).to_have_text(str(before + 1))
    desk.goto(f"{robin.base}/")
    for _ in range(before + 1):
        desk.keyboard.press("j")
    expect(desk.get_by_role("link", name=number)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name=f"{number}: Pupil A is missing")).to_be_visible()
    expect(desk.get_by_text("I cannot find Pupil A after the import.")).to_be_visible()
    expect(count_of(desk, "mine")).to_have_text(str(before + 1))
    assert "maddy" not in desk.content().lower()
    robin.check_page("desk-ticket")

    # A canned reply, taken back in time; then the one that is meant.
    desk.get_by_label("Canned reply").select_option("Second page")
    desk.get_by_role("button", name="Insert").click()
    filled = re.compile(
        rf"^Hello .+, this is Robin Lake about {number} of Greenwood Primary School"
    )
    expect(desk.get_by_label("Your words")).to_have_value(filled)
    desk.get_by_role("button", name="Send reply").click()
    desk.get_by_role("button", name="Undo send").click()
    expect(desk.get_by_text("It was taken back. Nobody at the school saw it.")).to_be_visible()
    answer_by_key(robin, "The second page of the import shows who is left out.")
    mails = stack.mails_to(teacher.email, at_least=2, about=number)
    assert len(mails) == 2
    assert "second page" not in str(mails)
    answer = page.get_by_text("The second page of the import shows who is left out.")
    until(page, answer)
    expect(page.get_by_text("Use the import’s second page")).to_have_count(0)

    # Completed, reopened, completed again, rated.
    desk.get_by_role("button", name="Complete").click()
    expect(desk.get_by_text("The ticket is completed, and its requester is told.")).to_be_visible()
    completed = f"has completed your ticket {number}"
    assert len(stack.mails_to(teacher.email, about=completed)) == 1
    until(page, page.get_by_role("button", name="Reopen this ticket"))
    page.get_by_label("Message").fill(f"Not yet: {PUPIL} is still missing.")
    page.get_by_role("button", name="Reopen this ticket").click()
    page.get_by_role("button", name="Mask and send").click()
    until(desk, desk.get_by_text("Not yet: Pupil A is still missing."))
    desk.get_by_role("button", name="Complete").click()
    until(page, page.get_by_label("5, very good")).check()
    page.get_by_label("In a sentence").fill("Quick and kind.")
    page.get_by_role("button", name="Send the rating").click()
    expect(page.get_by_text("5 of 5. Quick and kind.")).to_be_visible()
    teacher.check_page("ticket-rated")
    desk.goto(f"{robin.base}/?queue=closed")
    expect(desk.get_by_role("link", name=number)).to_be_visible()
    assert [robin.faults, teacher.faults] == [[], []]


def test_g8_an_urgent_ticket_out_of_hours_waits_in_the_queue_and_is_merged(robin, teacher, stack):
    desk, page = robin.page, teacher.page
    opening = TODAY + timedelta(days=2)
    keep_hours(robin, "", CLOSED)
    set_day(robin, opening, "08:30–12:00", "Short day")
    until_then = f"{opening:%A} {opening.day} {opening:%B} 08:30"
    desk.goto(f"{robin.base}/")
    before = int(count_of(desk, "unassigned").inner_text())

    write_ticket(teacher, "Nobody can log in", "Since the power cut.")
    expect(
        page.get_by_text(
            f"The office is closed until {until_then} ({CLOSED}). We will reply by 10:30."
        )
    ).to_be_visible()
    page.get_by_label("It is urgent").check()
    expect(page.get_by_text("Telephone 01756 797766 as well.")).to_be_visible()
    expect(page.get_by_text(f"Nobody is there until {until_then}.")).to_be_visible()
    expect(page.get_by_text("Is a child in immediate danger? Call 999")).to_be_visible()
    urgent = send_ticket(teacher)
    (received,) = stack.mails_to(teacher.email, about=urgent)
    assert "Someone will reply by 09:00" in received["text"]

    # Nobody is given it before the office opens, but the alarm is raised at once.
    expect(count_of(desk, "unassigned")).to_have_text(str(before + 1))
    expect(desk.get_by_text("There is a new urgent ticket.")).to_be_visible()
    write_ticket(teacher, "Still nobody can log in", "See my first ticket.", telephone="01756 111")
    double = send_ticket(teacher)
    desk.reload()
    notice = desk.locator(".ui-notice").filter(has_text=urgent)
    notice.get_by_role("button", name="Acknowledge").click()
    expect(desk.get_by_role("heading", name=f"{urgent}: Nobody can log in")).to_be_visible()
    desk.keyboard.press("t")
    expect(desk.get_by_text("The ticket is yours.")).to_be_visible()

    # The second one goes into the first, where its requester finds the answer.
    desk.goto(f"{robin.base}/?queue=unassigned")
    desk.get_by_role("link", name=double).click()
    desk.get_by_role("link", name="Topic, team, tags, notice, merge").click()
    robin.check_page("desk-sort")
    desk.get_by_label("Number of the ticket that goes on").fill(urgent)
    desk.get_by_role("button", name="Merge").click()
    expect(desk.get_by_text("The tickets were merged.")).to_be_visible()
    expect(desk.get_by_role("heading", name=f"{urgent}: Nobody can log in")).to_be_visible()
    answer_by_key(robin, "The lines are up again.")
    page.goto(f"{teacher.base}/support/tickets/")
    page.get_by_role("link", name="Nobody can log in", exact=True).click()
    until(page, page.get_by_text("The lines are up again."))
    assert [robin.faults, teacher.faults] == [[], []]
