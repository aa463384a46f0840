"""Screens that no link leads to: states of a form, pages before the log-in, pages of errors."""

import io
import re
import zipfile
from collections.abc import Callable

from playwright.sync_api import expect

from schools.mis.example import example_files
from tests.browser.person import Person
from tests.browser.test_story import PASSWORD

PUPIL = "Maddy Greenwood"


def _logged_in(somebody: Person) -> None:
    somebody.log_in()
    expect(somebody.page.get_by_role("heading", name="Dashboard")).to_be_visible()


def login(somebody: Person) -> None:
    """The log-in page."""
    somebody.page.goto(f"{somebody.base}/login/")


def wrong_password(somebody: Person) -> None:
    """The log-in page after a wrong password."""
    login(somebody)
    somebody.page.get_by_label("Email address").fill(somebody.email)
    somebody.page.get_by_label("Password", exact=True).fill("not this one")
    somebody.page.get_by_role("button", name="Login").click()


def ask_for_link(somebody: Person) -> None:
    """‘Forgotten your password or using CPOMS for the first time?’."""
    somebody.page.goto(f"{somebody.base}/login/link/")


def expired_link(somebody: Person) -> None:
    """A link that does not open any more."""
    somebody.page.goto(f"{somebody.base}/login/link/MQ/x-0/")


def add_incident_errors(somebody: Person) -> None:
    """‘Add Incident’ sent empty."""
    _logged_in(somebody)
    somebody.page.goto(f"{somebody.base}/incidents/add/")
    somebody.page.locator("main").get_by_role("button", name="Add Incident").last.click()


def not_found(somebody: Person) -> None:
    """A page that is not there."""
    _logged_in(somebody)
    somebody.page.goto(f"{somebody.base}/incidents/00000000-0000-7000-8000-000000000000/")


def locked(somebody: Person) -> None:
    """Left blank until the session locks."""
    somebody.page.clock.install()
    _logged_in(somebody)
    blank_screen(somebody)
    somebody.page.clock.fast_forward("05:10")
    expect(somebody.page.get_by_role("heading", name="Locked")).to_be_visible()


def empty_dashboard(somebody: Person) -> None:
    """A new colleague's first sight."""
    page = somebody.page
    page.goto(f"{somebody.base}/login/link/")
    page.get_by_label("Email address").fill(somebody.email)
    page.get_by_role("button", name="Reset Password").click()
    mail = somebody.stack.mails_to(somebody.email)[0]
    page.goto(re.search(rf"{somebody.base}/login/link/\S+", mail["text"])[0])  # type: ignore[index] # it has one
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Create password").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    somebody.log_in(PASSWORD)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def blank_screen(somebody: Person) -> None:
    """The cover."""
    somebody.page.goto(f"{somebody.base}/")
    somebody.page.keyboard.press("Alt+b")
    expect(somebody.page.get_by_role("button", name="Press B or tap to return")).to_be_visible()


def alerted_without_key(somebody: Person) -> None:
    """An incident that can be read once."""
    somebody.page.keyboard.press("b")
    somebody.page.goto(f"{somebody.base}/")
    somebody.rows("Alert").first.get_by_role("link").click()
    expect(somebody.page.get_by_role("button", name="Mark as read")).to_be_visible()


def map_on_form(somebody: Person) -> None:
    """A body map, open and marked."""
    _form(somebody)
    page = somebody.page
    page.get_by_role("button", name="Body Map: child").click()
    box = page.locator("[data-stage] svg").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.38 * box["width"], box["y"] + 0.41 * box["height"])
    page.get_by_label("Note of marker 1").fill("Bruise, the size of a coin")


def named_in_text(somebody: Person) -> None:
    """Students whom the text names, not linked."""
    _form(somebody)
    text = somebody.page.get_by_label("Incident", exact=True)
    text.fill(f"{PUPIL} and Ali Qureshi were behind the shed at break.")
    expect(somebody.page.get_by_text("is named here but not linked").first).to_be_visible()
    expect(somebody.page.locator("[data-draft-line]")).to_contain_text("Draft saved")


def draft_offered(somebody: Person) -> None:
    """What was not finished."""
    _form(somebody)
    expect(somebody.page.get_by_text("You have not finished this").first).to_be_visible()


def draft_is_back(somebody: Person) -> None:
    """And going on with it."""
    somebody.page.get_by_role("button", name="Go on with it").first.click()
    expect(somebody.page.get_by_text("What you typed is back")).to_be_visible()


def drafts(somebody: Person) -> None:
    """All that is unfinished."""
    somebody.page.goto(f"{somebody.base}/drafts/")


def contact_support(somebody: Person) -> None:
    """The form to the support team."""
    somebody.page.goto(f"{somebody.base}/support/contact/")


def welsh_dashboard(somebody: Person) -> None:
    """In Welsh."""
    somebody.page.goto(f"{somebody.base}/")
    somebody.page.locator(".ui-menu summary").click()
    somebody.page.get_by_role("button", name="Cymraeg").click()
    expect(somebody.page.get_by_role("heading", name="Dangosfwrdd")).to_be_visible()


def welsh_form(somebody: Person) -> None:
    """In Welsh too."""
    _form(somebody)


def english_again(somebody: Person) -> None:
    """Back in English."""
    somebody.page.locator(".ui-menu summary").click()
    somebody.page.get_by_role("button", name="English").click()
    expect(somebody.page.get_by_role("heading", name="Add Incident")).to_be_visible()


def monitored(somebody: Person) -> None:
    """Students narrowed to whom somebody watches."""
    somebody.page.goto(f"{somebody.base}/students/?monitored=1")


def amend_refused(somebody: Person) -> None:
    """An amendment without a reason."""
    _first_incident(somebody)
    somebody.page.goto(f"{somebody.page.url}amend/")
    somebody.page.get_by_label("What it says").fill("It was Wednesday, after lunch.")
    somebody.page.get_by_role("button", name="Save the amendment").click()
    expect(somebody.page.get_by_role("alert")).to_be_visible()


def amended(somebody: Person) -> None:
    """And with one."""
    somebody.page.get_by_label("Why it is corrected").fill("The day was wrong.")
    somebody.page.get_by_role("button", name="Save the amendment").click()
    expect(somebody.page.get_by_text("What it said until then").first).to_be_visible()


def import_preview(somebody: Person) -> None:
    """What an import would change."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, text in example_files().items():
            package.writestr(name, text)
    page = somebody.page
    page.goto(f"{somebody.base}/administration/import/")
    given = {"name": "e.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    page.locator("input[type=file]").set_input_files(files=[given])  # type: ignore[list-item] # its shape
    page.get_by_role("button", name="Check the files").click()
    page.wait_for_url(re.compile(r"/administration/import/[0-9a-f-]{36}/"))


def hidden_dashboard(somebody: Person) -> None:
    """Names hidden; the next ones stay so."""
    somebody.page.goto(f"{somebody.base}/")
    somebody.page.get_by_role("button", name="Hide Names").click()
    expect(somebody.page.get_by_role("button", name="Show Names")).to_be_visible()


def _first_incident(somebody: Person) -> None:
    somebody.page.goto(f"{somebody.base}/incidents/")
    somebody.page.locator("main .ui-row__link").first.click()
    expect(somebody.page.get_by_role("heading", name="Incident", exact=True)).to_be_visible()


def _form(somebody: Person) -> None:
    somebody.page.goto(f"{somebody.base}/incidents/add/")


#: Of one who comes afresh. By name: as whom, and how it is reached.
STATES: dict[str, tuple[str, Callable[[Person], None]]] = {
    "login": ("teacher", login),
    "wrong-password": ("teacher", wrong_password),
    "ask-for-link": ("teacher", ask_for_link),
    "expired-link": ("teacher", expired_link),
    "add-incident-errors": ("teacher", add_incident_errors),
    "not-found": ("teacher", not_found),
    "locked": ("teacher", locked),
    "empty-dashboard": ("ta", empty_dashboard),
}
#: Of one who is logged in already, in this order: each begins where the one before it ended.
INSIDE: dict[str, dict[str, Callable[[Person], None]]] = {
    "teacher": {
        "blank-screen": blank_screen,
        "alerted-without-key": alerted_without_key,
        "map-on-form": map_on_form,
        "named-in-text": named_in_text,
        "draft-offered": draft_offered,
        "draft-is-back": draft_is_back,
        "drafts": drafts,
        "contact-support": contact_support,
        "welsh-dashboard": welsh_dashboard,
        "welsh-form": welsh_form,
        "english-again": english_again,
    },
    "dsl": {
        "monitored": monitored,
        "amend-refused": amend_refused,
        "amended": amended,
        "hidden-dashboard": hidden_dashboard,
        "hidden-incident": _first_incident,
        "hidden-form": _form,
    },
    "head": {"import-preview": import_preview},
}
