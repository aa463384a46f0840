"""Screens that no link leads to: states of a form, pages before the log-in, pages of errors."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.person import Person


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


#: By name: as whom, and how it is reached.
STATES: dict[str, tuple[str, Callable[[Person], None]]] = {
    "login": ("teacher", login),
    "wrong-password": ("teacher", wrong_password),
    "ask-for-link": ("teacher", ask_for_link),
    "expired-link": ("teacher", expired_link),
    "add-incident-errors": ("teacher", add_incident_errors),
    "not-found": ("teacher", not_found),
}
