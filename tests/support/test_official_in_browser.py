"""Pages of official requests in a real browser: they are real, and what they ask is answered here."""

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.finders import find as static_file
from playwright.sync_api import Page, Route, sync_playwright

from core.clock import now
from core.identifiers import uuid7
from helpdesk.handover import CompletionTold
from infra.browser import find
from schools.models import Staff
from support.models import Ticket
from support.services.official import approve, complete
from support.services.official_calls import deny_call
from tests.browser.person import AXE
from tests.factories import make_staff
from tests.support.official import call_of, make_request
from tests.support.test_official import browser_of

pytestmark = pytest.mark.system

_RUN_AXE = "async () => (await axe.run()).violations.map(one => one.id)"


class School:
    """Pages as an administrator sees them, fetched before the browser starts; it asks nothing else."""

    def __init__(self, school) -> None:
        ada = make_staff("ada", kind="administrator", given_name="Ada")
        dora = make_staff("dora", kind="key_holder", given_name="Dora")
        address = Staff.objects.get(pk=ada.staff_id).user.email
        mine, theirs = make_request(ada), make_request(dora, text="For the trust, by Easter.")
        approve(actor=dora, ref=mine.ref)
        told = CompletionTold(
            ref=uuid7(), done="Handed over.", agent_name="Agatha Agent", done_at=now()
        )
        complete(Ticket.objects.get().ref, told)
        denied, asked = call_of(ada, address), call_of(ada, address)
        deny_call(actor=ada, ref=denied.ref)
        self.base = f"http://{school.host}"
        self.paths = {
            "list": "/support/official/",
            "completed": f"/support/official/{mine.ref}/",
            "to-decide": f"/support/official/{theirs.ref}/",
            "call": f"/support/official/calls/{asked.ref}/",
            "call-denied": f"/support/official/calls/{denied.ref}/",
            "form": "/support/official/new/?kind=new_key_holder",
            "contact": "/support/contact/",
        }
        client = browser_of(ada, school)
        self.pages = {path: client.get(path) for path in self.paths.values()}

    def answer(self, route: Route) -> None:
        """Answer what the browser asks."""
        path = route.request.url.removeprefix(self.base)
        if path in self.pages:
            page = self.pages[path]
            route.fulfill(body=page.content, headers=dict(page.headers))
            return
        name = path.removeprefix("/static/").partition("?")[0]
        found = static_file(name) if path.startswith("/static/") else None
        if isinstance(found, str):
            route.fulfill(path=found)
        else:
            route.fulfill(status=404)


@pytest.fixture
def school(school_a, in_school_a) -> School:
    return School(school_a)


@pytest.fixture
def page(school: School) -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = chromium.new_page(reduced_motion="reduce")
        page.route("**/*", school.answer)
        yield page
        chromium.close()


def test_each_page_has_no_accessibility_fault_and_fits(school, page, tmp_path):
    assert {one.status_code for one in school.pages.values()} == {200}
    for width, scheme in ((1280, "light"), (320, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for name, path in school.paths.items():
            page.goto(school.base + path)
            page.evaluate(AXE)
            assert page.evaluate(_RUN_AXE) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
