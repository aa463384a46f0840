"""An agent at a school: how a visit goes on, what is said of it, and what it still does not open."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine

from core import clock
from core.audit.models import AuditEntry
from core.tenancy import in_school
from support.terms import Refusal
from tests.factories import make_incident
from tests.isolation.doors import doors_of
from tests.isolation.test_hidden_names import STARS
from tests.isolation.test_matrix import LOG_IN, answer_of, at
from tests.isolation.test_support_access import helper, ticket_of
from tests.support.access import asked, come_in, grant, pass_for

pytestmark = pytest.mark.isolation


@pytest.fixture
def still():
    """The clock, standing still at about now: the object store has a clock of its own."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


def said_in(page):
    return " ".join(unescape(page.text).split())


def test_t19_an_agent_whose_visit_is_still_open_comes_in_with_another_pass(twins, still):
    world, _ = twins
    client, access = helper(world)
    still.shift(timedelta(seconds=1))
    with in_school(world.school):
        before = client.cookies["__Host-session"].value
        again = pass_for(world.school, access)
    assert come_in(world.school, again, client)[1].status_code == 302
    assert client.cookies["__Host-session"].value != before
    assert client.get("/administration/").status_code == 200
    with in_school(world.school):
        more = grant(world.people["administrator"], asked(ticket_of(world), scope="records"))
        other = pass_for(world.school, more)
    assert client.get("/incidents/").status_code == 403
    assert come_in(world.school, other, client)[1]["Location"] == "/incidents/"
    assert client.get("/incidents/").status_code == 200
    # A used one changes nothing, and neither does one that does not open.
    for sent in (again, other, "nothing"):
        assert come_in(world.school, sent, client)[1].status_code == 403
    assert client.get("/incidents/").status_code == 200
    assert client.get("/administration/").status_code == 403


def test_t19_a_visit_lasts_half_an_hour_however_much_is_looked_at(twins, still):
    world, _ = twins
    client, access = helper(world)
    for _ in range(2):
        still.shift(timedelta(minutes=14))
        assert client.get("/administration/staff/").status_code == 200
    still.shift(timedelta(minutes=3))
    assert answer_of(client.get("/administration/staff/")) == LOG_IN
    client, answer = come_in(world.school, pass_for(world.school, access))
    assert (answer.status_code, client.get("/administration/").status_code) == (302, 200)


def test_t19_nobody_logs_in_over_a_visit_nor_chooses_its_language(twins):
    world, _ = twins
    client, _ = helper(world)
    page = client.get("/administration/", headers={"Accept-Language": "cy"})
    assert "Gweinyddu" in page.text
    assert "data-languages" not in page.text
    assert "data-languages" in world.client("administrator").get("/administration/").text
    for path in ("/login/", "/login/link/", "/language/", "/names/", "/account/lock/"):
        assert client.post(path, {"names": "show"}).status_code == 403, path
    assert client.get("/administration/").status_code == 200


def test_t19_what_is_not_there_and_what_fails_name_nobody_and_are_the_visits(twins, monkeypatch):
    world, _ = twins
    client, _ = helper(world, "records")
    client.raise_request_exception = False
    for path in ("/nowhere/", f"/incidents/{world.school.ref}/", "/incidents/x/"):
        page = client.get(path)
        assert page.status_code == 404
        assert "Zebedee" not in page.text
        assert world.mark not in page.text
    seen = "safeguarding.views.incidents.left_behind"
    monkeypatch.setattr(seen, lambda _: 1 / 0)
    page = client.get("/incidents/")
    assert (page.status_code, "Zebedee" in page.text) == (500, False)
    monkeypatch.undo()
    page = client.get("/incidents/")
    assert page.headers["Cache-Control"] == "no-store, private"
    assert STARS in page.text


def test_t19_agencies_are_stars_because_their_names_may_be_a_childs(twins):
    world, _ = twins
    with in_school(world.school):
        make_incident(
            world.people["key holder"], is_whole_school=True, agencies=["Aunt of little Xanthe"]
        )
    assert "Xanthe" in world.client("administrator").get("/administration/agencies/").text
    client, _ = helper(world)
    page = client.get("/administration/agencies/").text
    assert "Xanthe" not in page
    assert f"{world.mark} agency" not in page
    assert STARS in page
    page = client.get(f"/administration/agencies/{world.refs['administration/agencies/']}/").text
    assert f"{world.mark} agency" not in page
    assert STARS in page


def test_t19_what_is_shut_is_on_record_when_it_is_tried(twins):
    world, _ = twins
    client, access = helper(world)
    path = f"/incidents/{world.refs['incidents/']}/"
    assert client.get(path).status_code == 403
    assert client.post("/administration/staff/add/").status_code == 403
    with in_school(world.school):
        tried = AuditEntry.objects.filter(verb="support.stopped").order_by("id")
        assert {one.key for one in tried} == {f"support:{access.pk}"}
        assert [one.facts for one in tried] == [
            {"page": "incident", "of": str(world.refs["incidents/"])},
            {"page": "add_staff"},
        ]
    page = said_in(world.client("key holder").get("/audit/"))
    assert "Agatha Agent of the helpdesk</strong> tried a page that is shut to the helpdesk" in page


def test_the_audit_says_which_page_and_leads_to_whose_it_is(twins):
    world, _ = twins
    client, _ = helper(world)
    colleague = f"/administration/staff/{world.refs['administration/staff/']}/"
    assert client.get(colleague).status_code == 200
    assert client.get("/administration/maps/").status_code == 200
    page = said_in(world.client("key holder").get("/audit/"))
    assert "looked at a page of the school's site: Maps" in page
    assert "looked at a page of the school's site: Member of staff" in page
    assert colleague not in page, "the page is an administrator's"


def test_who_has_looked_at_a_student_tells_of_the_agent(twins):
    world, _ = twins
    record = f"/students/{world.student.ref}/"
    browser = world.client("key holder")
    assert "of the helpdesk" not in browser.get(record).text
    client, _ = helper(world, "records")
    for _ in range(2):
        assert client.get(record).status_code == 200
    page = said_in(browser.get(record)).split("Who has looked")[1]
    assert "Agatha Agent of the helpdesk</strong>: " in page
    assert "record 2" in page


def test_t19_no_other_way_of_asking_opens_anything(twins, undone):
    world, _ = twins
    client, _ = helper(world)
    for door in doors_of("school"):
        for method in ("OPTIONS", "TRACE", "LOCK"):
            with undone():
                answer = at(world, client.cookies).generic(method, door.path(world))
            assert answer.status_code == 403, (str(door), method)
            assert Refusal.ONLY_LOOKS.sentence in unescape(answer.text), (str(door), method)
            assert "Allow" not in answer.headers
