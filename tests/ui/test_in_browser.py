"""The components in a real browser, on the style page and under the real content security policy."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect, sync_playwright

from infra.browser import find

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
BUILT = ROOT / "platform/ui/static/ui/dist/ui.js"
MIDDLEWARE = ["csp.middleware.CSPMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]


class Server(ThreadingMixIn, WSGIServer):
    """Serves each request in a thread of its own."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def style_page() -> Iterator[str]:
    assert BUILT.exists(), "build the front end first: npm run build"
    settings = override_settings(
        ROOT_URLCONF="ui.urls",
        MIDDLEWARE=MIDDLEWARE,
        ALLOWED_HOSTS=["127.0.0.1"],
        CSRF_COOKIE_SECURE=False,
        CSRF_COOKIE_NAME="csrftoken",
    )
    with settings:
        handler = StaticFilesHandler(WSGIHandler())
        with make_server(
            "127.0.0.1", 0, handler, server_class=Server, handler_class=Quiet
        ) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, style_page: str) -> Iterator[Page]:
    page = browser.new_page(base_url=style_page, locale="en-GB")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/")
    yield page
    page.close()
    assert [words for words in said if "Failed to load resource" not in words] == []


@pytest.fixture
def form(page: Page) -> Locator:
    """The empty form of the style page."""
    return page.locator("#empty")


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def options(form: Locator) -> Locator:
    return form.locator(".autocomplete__option")


def posted(form: Locator, name: str) -> list[str]:
    """The last three digits of what would be posted under a name."""
    fields = form.locator(f"input[name={name}]:enabled")
    return [one.input_value()[-3:] for one in fields.all()]


def violations(page: Page, within: str = "html") -> list[object]:
    """What axe finds, evaluated past the policy as browser tools are."""
    protocol = page.context.new_cdp_session(page)
    run = f"axe.run({json.dumps(within)}, {{resultTypes: ['violations']}})"
    shown = "v => [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]"
    expression = f"{AXE.read_text()};{run}.then(r => JSON.stringify(r.violations.map({shown})))"
    answer = protocol.send(
        "Runtime.evaluate",
        {"expression": expression, "awaitPromise": True, "returnByValue": True},
    )
    found: list[object] = json.loads(answer["result"]["value"])
    return found


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        ("/", 1280, "light"),
        ("/", 320, "dark"),
        ("/?list=1", 320, "light"),
        ("/plain/", 320, "light"),
        ("/plain/", 1280, "dark"),
    ],
)
def test_every_component_is_accessible(
    browser: Browser, style_page: str, path: str, width: int, scheme: str
) -> None:
    page = browser.new_page(
        base_url=style_page,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(path)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_g6_01_a_student_is_chosen_and_removed_with_the_keyboard(page: Page, form: Locator) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    box = form.get_by_label("Student", exact=True)
    box.press_sequentially("madd", delay=20)
    expect(options(form)).to_have_text([re.compile("Year 1 · 1A"), re.compile("Year 4 · 4B")])
    assert violations(page, "#empty") == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    remove = form.get_by_role("button", name="Remove Maddy Greenwood")
    expect(remove).to_be_focused()
    expect(box).to_be_hidden()
    assert posted(form, "empty-student") == ["002"]
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    assert posted(form, "empty-student") == []
    assert ("POST", page.url + "people/students/") in asked
    assert not any("madd" in url.lower() for _, url in asked)


def test_a_name_typed_but_not_chosen_is_pointed_out(page: Page, form: Locator) -> None:
    box = form.get_by_label("Student", exact=True)
    box.press_sequentially("zzz")
    expect(options(form)).to_have_text(["Nobody by that name"])
    box.press("Enter")
    box.press("Tab")
    expect(form.get_by_text("Nobody is chosen yet.").first).to_be_visible()
    assert page.url.endswith("/")


def test_g6_03_linked_students_have_their_own_ticks(form: Locator) -> None:
    box = form.get_by_label("Linked student(s)")
    for typed in ("rob", "elsi"):
        box.press_sequentially(typed)
        options(form).first.click()
        expect(box).to_have_value("")
    expect(form.get_by_role("button", name="Remove <b>Robert</b>")).to_be_visible()
    assert posted(form, "empty-linked") == ["006", "003"]
    assert posted(form, "monitor") == ["006", "003"]
    form.get_by_label("Monitor under the same category(s)").last.check()
    box.press_sequentially("elsi")
    expect(options(form)).not_to_contain_text(["Elsie Davies"])


def test_g6_07_groups_put_people_in_and_take_them_out(form: Locator) -> None:
    team, leaders = form.get_by_label("Safeguarding team"), form.get_by_label("Senior leaders")
    team.check()
    leaders.check()
    assert posted(form, "empty-alerts") == ["101", "102", "103", "104"]
    team.uncheck()
    assert posted(form, "empty-alerts") == ["101", "102", "103", "104"]
    form.get_by_role("button", name="Remove Tom Okafor").click()
    expect(leaders).not_to_be_checked()
    assert posted(form, "empty-alerts") == ["101", "103", "104"]
    assert posted(form, "alert_groups") == []


def test_g5_04_incident_alert_recipients_are_added_each_removable(form: Locator) -> None:
    form.get_by_label("Add incident alert recipients").check()
    assert posted(form, "empty-alerts") == ["100", "101", "102"]
    form.get_by_role("button", name="Remove Anna Cohen").click()
    assert posted(form, "empty-alerts") == ["101", "102"]


def test_files_go_at_once_and_a_refused_one_says_why(page: Page, form: Locator) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    form.locator("input[type=file]").set_input_files(
        [
            file("O'Neill (1) é.txt", b"x" * 2000),
            file("bad.exe", b"MZ"),
        ]
    )
    expect(form.get_by_role("listitem").filter(has_text="O'Neill (1) é.txt")).to_contain_text(
        "2 KB"
    )
    expect(form.get_by_role("listitem").filter(has_text="bad.exe")).to_contain_text(
        "Programs cannot"
    )
    expect(form.get_by_role("alert")).to_contain_text("bad.exe: Programs cannot be uploaded.")
    assert posted(form, "empty-files") == ["500"]
    assert violations(page, "#empty") == []
    assert not any("Neill" in url for url in asked)
    form.get_by_role("button", name="Add Incident").click()
    expect(form.get_by_role("button", name="Remove bad.exe")).to_be_focused()


def test_a_file_lost_on_the_way_can_be_sent_again(page: Page, form: Locator) -> None:
    page.route("**/files/", lambda route: route.abort())
    form.locator("input[type=file]").set_input_files([file("a.txt", b"x")])
    error = form.locator(".ui-chosen__error")
    expect(error).to_contain_text("It was not sent.")
    page.unroute("**/files/")
    form.get_by_role("button", name="Try again").click()
    expect(error).to_have_count(0)
    expect(form.locator("input[name=empty-files]:enabled")).to_have_count(1)


def test_the_form_waits_for_its_files(page: Page, form: Locator) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/files/", hold)
    form.locator("input[type=file]").set_input_files([file("slow.txt", b"x")])
    button = form.locator("button[type=submit]")
    button.click()
    expect(button).to_have_text("Waiting for the files…")
    expect(page.locator("time.ui-when").first).to_be_attached()
    with page.expect_request(lambda request: request.is_navigation_request()) as sent:
        held[0].continue_()
    assert "000000000500" in (sent.value.post_data or "")
    page.wait_for_load_state()


def test_without_a_script_everything_can_still_be_chosen(browser: Browser, style_page: str) -> None:
    page = browser.new_page(base_url=style_page, java_script_enabled=False)
    page.goto("/")
    page.locator("#filled").get_by_role("link", name="Choose from a list").first.click()
    form = page.locator("#filled")
    expect(form.get_by_label("Student", exact=True)).to_have_value(re.compile("0002$"))
    form.get_by_label("Alert Staff Members").select_option(label="Beth Lyle (SENDCo)")
    expect(form.locator("input[name=alert_groups]")).to_have_count(3)
    expect(form.locator("input[name=new_files]")).to_be_visible()
    page.close()


def test_the_persons_menu_closes_by_escape(page: Page) -> None:
    page.get_by_text("Anna Cohen").first.click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
