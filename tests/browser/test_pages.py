"""Every page of every role: axe-core, 320 px, 200 %, keyboard, no JavaScript, the other school."""

from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.spider import screens_of
from tests.isolation.doors import doors_of

pytestmark = pytest.mark.system

ROLES = ("teacher", "dsl", "head")

#: Addresses that no screen leads to by a link, and where else they are tested.
_TAKES_FORM = "takes a form and leads on; its refusals are in tests/acceptance and tests/schools"
_IS_DATA = "answers a script or a machine, or hands out a file; no page"
_BEFORE = "before the log-in or in the middle of it: test_story, test_keys, test_languages"
NO_SCREEN: dict[str, str] = {
    **dict.fromkeys(
        (
            *("add_action", "mark_as_read", "settle", "stop_monitoring", "hide_names"),
            *("discard_draft", "lock_session", "choose_language", "account_logout"),
            *("end_session", "end_other_sessions", "remove_key", "invite_again"),
            *("deactivate_staff", "reactivate_staff", "confirm_mis_import", "cancel_mis_import"),
            *("retire_agency", "retire_alert_group", "retire_category", "retire_map"),
            *("bring_back_agency", "bring_back_alert_group", "bring_back_category"),
            *("bring_back_map", "add_sub_category", "change_details"),
            *("answer_ticket", "rate_ticket", "webinar_place", "grant_support", "refuse_support"),
            *("decide_official", "answer_official_call"),
            *("end_support", "enter_support", "leave_support"),
        ),
        _TAKES_FORM,
    ),
    **dict.fromkeys(
        (
            *("healthz", "readyz", "page_printed", "save_draft", "upload_file", "students_named"),
            *("suggest_key_holders", "suggest_staff", "suggest_students"),
            *("file", "map_image", "audit_export", "mis_example"),
            *("ticket_file", "help_sheets", "webinar_calendar"),
        ),
        _IS_DATA,
    ),
    **dict.fromkeys(
        (
            *("account_login", "account_inactive", "account_key_lost", "account_show_key"),
            *("account_reset_password", "account_reset_password_done", "create_password"),
            *("mfa_authenticate", "account_unlock"),
        ),
        _BEFORE,
    ),
    "account_reauthenticate": "asked for when a key is shown too long ago: test_keys",
    "mfa_reauthenticate": "asked for when a key is shown too long ago: test_keys",
    "add_app": "leads to showing the key again: test_keys",
    "action": "leads on to the incident that the action belongs to",
    "mis_import": "there is none before files were brought: tests/schools",
}

#: Screens of what only a story makes, where they are looked at, and which story.
OF_STORIES = {
    "ticket": "there is none before one is sent: test_support",
    "support_access": "there is none before the helpdesk asks: test_support_access",
    "official_request": "there is none before one is made: test_support_official",
    "official_call": "there is none before somebody telephones: test_official_in_browser",
}


_OUTLINE = """() => [...document.querySelectorAll('nav a, main :is(h1, h2, h3, label, legend, button, th, dt)')]
    .map(one => one.textContent.trim()).join('|')"""


def test_every_screen_has_no_accessibility_fault_and_fits_320_px_and_200_percent(person):
    seen, outlines = set(), set()
    for name in ROLES:
        somebody = person("greenwood", name)
        somebody.log_in()
        expect(somebody.page.get_by_role("heading", name="Dashboard")).to_be_visible()
        for screen, _ in screens_of(somebody):
            outline = (screen, somebody.page.evaluate(_OUTLINE))
            if outline not in outlines:  # the same for another role needs no second look
                somebody.check_page()
            outlines.add(outline)
            seen.add(screen)
    unseen = {door.name for door in doors_of("school")} - seen - set(NO_SCREEN) - set(OF_STORIES)
    assert unseen == set()
    assert set(NO_SCREEN) & seen == set()


def test_g6_an_incident_is_recorded_by_keyboard_alone(person):
    teacher = person("hillside", "teacher")
    page, press = teacher.page, teacher.page.keyboard
    page.goto(f"{teacher.base}/login/")
    _tab_to(page, "Email address")
    press.type(teacher.email)
    _tab_to(page, "Password")
    press.type(teacher.account["password"])
    press.press("Enter")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    _tab_to(page, "Add Incident")
    press.press("Enter")
    expect(page.get_by_role("heading", name="Add Incident")).to_be_visible()
    _tab_to(page, "Student")
    press.type("an")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.get_by_role("combobox", name="Student", exact=True)).to_have_attribute(
        "aria-expanded", "true"
    )
    press.press("ArrowDown")
    press.press("Enter")
    expect(page.get_by_role("button", name="Remove").first).to_be_focused()
    _tab_to(page, "Incident")
    press.type("Late three times this week; tired.")
    _tab_to(page, "Attendance")
    press.press("Space")
    _tab_to(page, "Safeguarding team")
    press.press("Space")
    _tab_to(page, "Add Incident")
    press.press("Enter")
    expect(page.get_by_text("The incident was added.")).to_be_visible()


def test_an_entry_is_found_by_keyboard_and_no_name_comes_into_the_address(person):
    dsl = person("greenwood", "dsl")
    page, press = dsl.page, dsl.page.keyboard
    dsl.page.goto(f"{dsl.base}/audit/")
    dsl.log_in()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    page.goto(f"{dsl.base}/students/")
    student = page.locator(".ui-row__who").first.inner_text().split(",")[0]
    page.goto(f"{dsl.base}/audit/")
    _tab_to(page, "Whose data")
    press.type(student[:6])
    expect(page.get_by_role("option", name=student).first).to_be_visible()
    press.press("ArrowDown")
    press.press("Enter")
    expect(page.get_by_role("button", name="Remove").first).to_be_focused()
    _tab_to(page, "Show")
    press.press("Enter")
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    assert "student=0" in page.url
    assert not any(part in page.url for part in (student[:6], *student.split()))
    expect(page.locator(".ui-log__line").first).to_contain_text(student)
    dsl.check_page("audit-of-a-student")
    _tab_to(page, "How")
    press.press("Enter")
    expect(
        page.get_by_text("Authenticator app").or_(page.get_by_text("Shown")).first
    ).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert student in download.value.path().read_text(encoding="utf-8-sig")
    assert not any(part in download.value.suggested_filename for part in student.split())


def test_a_page_that_is_printed_is_on_record_and_one_that_is_not_is_not(person):
    dsl = person("greenwood", "dsl")
    page = dsl.page
    page.goto(f"{dsl.base}/students/")
    dsl.log_in()
    page.locator(".ui-row__link").first.click()
    expect(page.get_by_role("heading", name="Who has looked")).to_be_visible()
    record = page.url.removeprefix(dsl.base)
    page.goto(f"{dsl.base}/audit/?kind=print")
    before = page.locator(".ui-log__line").count()
    page.goto(dsl.base + record)
    with page.expect_response(f"{dsl.base}/printed/") as answer:
        page.pdf()
    assert answer.value.status == 204
    page.goto(f"{dsl.base}/audit/?kind=print")
    expect(page.locator(".ui-log__line")).to_have_count(before + 1)
    first = page.locator(".ui-log__line").first
    expect(first).to_contain_text("printed a page")
    assert first.get_by_role("link").last.get_attribute("href") == record
    assert dsl.faults == []


def _tab_to(page: Any, name: str) -> None:
    """Press Tab until what has that name is focused."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const e = document.activeElement;
                const label = e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText;
                return (e.getAttribute('aria-label') || label || '').trim();
            }"""
        )
        if focused.split("\n")[0].strip(" +") == name:
            return
    raise AssertionError(f"the keyboard does not reach “{name}”")


def test_g6_an_incident_is_recorded_without_javascript(person):
    teacher = person("greenwood", "teacher", javascript=False)
    teacher.log_in()
    page = teacher.page
    page.goto(f"{teacher.base}/incidents/add/?list=1")
    page.get_by_label("Student", exact=True).select_option(label="Elsie Davies (Year 3 · 3 Elm)")
    page.get_by_label("Incident", exact=True).fill("Without a script, and still recorded.")
    page.get_by_label("Medical").check()
    page.get_by_label("Safeguarding team").check()
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "note.txt", "mimeType": "text/plain", "buffer": b"A note by hand.\n"}]
    )
    page.get_by_role("button", name="Add Incident").click()
    expect(page.get_by_text("The incident was added.")).to_be_visible()
    teacher.rows("My History").first.get_by_role("link").click()
    expect(page.get_by_text("Without a script, and still recorded.")).to_be_visible()
    expect(page.get_by_role("link", name="note.txt")).to_be_visible()


def test_g6_09_what_was_typed_when_the_session_had_ended_comes_back_after_log_in(person):
    teacher = person("greenwood", "teacher")
    teacher.log_in()
    page = teacher.page
    page.get_by_role("button", name="Add Incident").click()
    page.get_by_label("Incident", exact=True).fill("Typed for ten minutes, then the bell rang.")
    page.get_by_label("Behaviour").check()
    teacher.context.clear_cookies(name="__Host-session")
    page.get_by_role("button", name="Add Incident").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    teacher.log_in()
    expect(page.get_by_label("Incident", exact=True)).to_have_value(
        "Typed for ten minutes, then the bell rang."
    )
    expect(page.get_by_label("Behaviour")).to_be_checked()
    expect(page.get_by_text("What you typed is back")).to_be_visible()
    teacher.faults.clear()
    teacher.check_page("draft-is-back")
    page.get_by_role("button", name="Throw this draft away").click()
    expect(page.get_by_text("The draft was thrown away.")).to_be_visible()


def test_t01_t04_greenwoods_session_and_addresses_find_nothing_at_hillside(person, stack):
    dsl = person("greenwood", "dsl")
    dsl.page.goto(f"{dsl.base}/incidents/")
    dsl.log_in()
    expect(dsl.page.get_by_role("heading", name="Incidents")).to_be_visible()
    path = str(dsl.page.locator(".ui-row__link").first.get_attribute("href"))
    assert dsl.page.goto(dsl.base + path).status == 200
    hillside = stack.school("hillside")["url"]
    (session,) = [c for c in dsl.context.cookies() if c["name"] == "__Host-session"]
    # A browser does not send it there, so somebody does who holds it.
    stolen = {"Host": hillside.split("/")[2], "Cookie": f"__Host-session={session['value']}"}
    with closing(HTTPConnection("127.0.0.1", stack.port)) as connection:
        connection.request("GET", path, headers=stolen)
        answer = connection.getresponse()
        assert answer.status == 302
        assert str(answer.getheader("Location")).startswith("/login/")
        answer.read()
    other = person("hillside", "dsl")
    other.log_in()
    expect(other.page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert other.page.goto(hillside + path).status == 404


def test_g1_an_unknown_host_is_a_404_that_names_no_school(person, stack):
    somebody = person("greenwood", "teacher")
    address = somebody.base.replace("greenwood", "nowhere")
    assert somebody.page.goto(address).status == 404
    for school in stack.demo["schools"]:
        assert school["slug"] not in somebody.page.content().lower()
