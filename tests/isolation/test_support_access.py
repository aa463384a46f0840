"""The helpdesk at a school: every address, without a grant, with one of each scope, and after it."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as config
from django.db import transaction
from django.test import Client

from core import clock
from core.audit.models import AuditEntry
from core.tenancy import in_school
from safeguarding.terms import ROW_VERBS
from support.models import SupportAccess, Ticket
from support.services.access import end_access, take_back
from support.terms import PAGES_OPEN, Refusal
from tests.factories import make_incident, make_student
from tests.isolation.doors import PUBLIC, doors_of
from tests.isolation.test_hidden_names import STARS, STUDENTS, fill, names_within, said_by
from tests.isolation.test_matrix import LOG_IN, answer_of, at
from tests.support.access import AGENT, asked, come_in, grant, helper_of, pass_for
from ui.hidden_names import COOKIE

pytestmark = pytest.mark.isolation

SCOPES = list(PAGES_OPEN)
#: What shows an agent out.
WAYS_OUT = {"leave_support", "account_logout"}
#: What asking and being refused may leave: where the session is, and the record.
_NOT_COUNTED = {"audit.auditentry", "sessions.session"}


@pytest.fixture
def still():
    """The clock, standing still at about now: the object store has a clock of its own."""
    with time_machine.travel(clock.now(), tick=False) as moved:
        yield moved


def ticket_of(world):
    return Ticket.objects.get(ref=world.refs["support/tickets/"])


def helper(world, scope="settings"):
    with in_school(world.school):
        ticket = ticket_of(world)
    return helper_of(world.school, world.people["administrator"], ticket, scope=scope)


def counted():
    """Return how many rows every table of the school has."""
    tables = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name in config.TENANT_APPS
        and model._meta.label_lower not in _NOT_COUNTED
    ]
    return {model._meta.label: model._base_manager.count() for model in tables}


def newest_entry():
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


@pytest.mark.parametrize("scope", SCOPES)
def test_t19_with_a_grant_the_pages_of_its_scope_open_read_only_and_nothing_else(
    scope, twins, undone, still
):
    world, _ = twins
    client, access = helper(world, scope)
    cookies, wrong, opened = client.cookies, [], set()
    for door in doors_of("school"):
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            with undone():
                with in_school(world.school):
                    before, newest = counted(), newest_entry()
                answer = at(world, cookies).generic(method, door.path(world))
                said = b"" if answer.streaming else answer.content
                with in_school(world.school):
                    after = counted()
                    left = AuditEntry.objects.filter(id__gt=newest)
                    verbs = set(left.values_list("verb", flat=True))
                    keys = set(left.exclude(verb__in=ROW_VERBS).values_list("key", flat=True))
            if method == "POST" and door.name in WAYS_OUT:
                assert answer.status_code == 302, str(door)
                continue
            if method == "POST" and door.name == "enter_support":
                # Without a pass; with one: test_support_visit.py.
                assert (answer.status_code, verbs) == (403, set()), str(door)
                continue
            if method == "GET" and door.name in PAGES_OPEN[scope]:
                opened.add(door.name)
                fine = answer.status_code == 200 and "support.viewed" in verbs
                fine = fine and keys == {f"support:{access.pk}"}
            else:
                fine = answer.status_code == 403 and verbs == {"support.stopped"}
                fine = fine and (
                    method == "HEAD" or Refusal.ONLY_LOOKS.sentence in unescape(said.decode())
                )
                fine = fine and world.mark not in said.decode()
            if not fine or before != after or verbs & ROW_VERBS or b"Zebedee" in said:
                wrong.append((str(door), method, answer.status_code, verbs))
    assert wrong == []
    assert opened == set(PAGES_OPEN[scope])


def _expired(world, access, still):
    still.shift(timedelta(hours=1))


def _ended(world, access, still):
    end_access(actor=world.people["administrator"], ref=access.ref)


def _taken_back(world, access, still):
    take_back(access.ref)


def _completed(world, access, still):
    Ticket.objects.filter(pk=access.ticket_id).update(state="completed", completed_at=clock.now())


@pytest.mark.parametrize("over", [_expired, _ended, _taken_back, _completed])
def test_t20_when_it_is_over_the_open_tab_opens_nothing_at_the_next_request(
    over, twins, undone, still
):
    world, _ = twins
    client, access = helper(world, "records")
    cookies = client.cookies
    assert client.get("/incidents/").status_code == 200
    with in_school(world.school):
        over(world, access, still)
    assert come_in(world.school, pass_for(world.school, access))[1].status_code == 403
    for door in doors_of("school"):
        if door.kind == PUBLIC:
            continue
        for method in ("GET", "POST"):
            with undone():
                answer = at(world, cookies).generic(method, door.path(world))
            assert answer_of(answer) == LOG_IN, (str(door), method)
            assert world.mark not in answer.content.decode()


@pytest.mark.parametrize("scope", SCOPES)
def test_t19_no_page_that_is_open_says_a_students_name_whatever_the_browser_asks_for(
    scope, twins, undone
):
    world, _ = twins
    with in_school(world.school):
        fill(world, STUDENTS)
    page = world.client("key holder").get(f"/incidents/{world.refs['incidents/']}/")
    assert names_within(said_by(page), STUDENTS)
    client, _ = helper(world, scope)
    leaks, starred = [], set()
    for door in doors_of("school"):
        if door.name not in PAGES_OPEN[scope]:
            continue
        for cookie in (None, "0", "show"):
            if cookie is not None:
                client.cookies[COOKIE] = cookie
            for query in ("", "?list=1&names=show", f"?name={STUDENTS[0]['given_name']}"):
                answer = client.get(f"{door.path(world)}{query}")
                assert answer.status_code == 200, str(door)
                said = said_by(answer)
                leaks += [(str(door), query, word) for word in names_within(said, STUDENTS)]
                assert 'action="/names/"' not in said
                if STARS in said:
                    starred.add(door.name)
    assert leaks == []
    assert starred >= (set(PAGES_OPEN[scope]) if scope == "records" else set())


def test_t19_a_text_is_hidden_whole_so_that_it_names_no_child_who_is_not_linked_either(twins):
    world, _ = twins
    with in_school(world.school):
        make_student("Xanthippe", "Unlinked")
        incident = make_incident(
            world.people["key holder"],
            student=world.student,
            text="Quarrelled with Xanthippe Unlinked.",
        )
    path = f"/incidents/{incident.ref}/"
    hidden = world.client("key holder")
    hidden.cookies[COOKIE] = "1"
    assert "Xanthippe" in hidden.get(path).text
    client, _ = helper(world, "records")
    for page in (path, f"/students/{world.student.ref}/"):
        said = client.get(page).text
        assert "Xanthippe" not in said
        assert "Quarrelled" not in said


def test_t19_a_pass_that_is_forged_used_old_or_for_somebody_else_lets_nobody_in(twins, still):
    world, other = twins
    with in_school(world.school):
        access = asked(ticket_of(world))
        early = pass_for(world.school, access)
    assert come_in(world.school, early)[1].status_code == 403
    with in_school(world.school):
        grant(world.people["administrator"], access)
    still.shift(timedelta(seconds=1))
    good = pass_for(world.school, access)
    bad = {
        "forged": f"{good[:-1]}{'A' if good[-1] != 'A' else 'B'}",
        "of another school": pass_for(other.school, access),
        "of another agent": pass_for(world.school, access, agent=world.school.ref),
        "nothing": "",
    }
    for what, sent in bad.items():
        client, answer = come_in(world.school, sent)
        assert (answer.status_code, answer_of(client.get("/administration/"))) == (403, LOG_IN), (
            what
        )
    assert come_in(other.school, good)[1].status_code == 403
    staff = world.client("staff")
    assert come_in(world.school, good, staff)[1].status_code == 403
    client, answer = come_in(world.school, good)
    assert (answer.status_code, client.get("/administration/").status_code) == (302, 200)
    assert come_in(world.school, good)[1].status_code == 403
    assert come_in(world.school, early)[1].status_code == 403
    late = pass_for(world.school, access)
    still.shift(timedelta(seconds=61))
    assert come_in(world.school, late)[1].status_code == 403
    assert access.agent_ref == AGENT


def test_t19_a_session_with_a_grant_opens_nothing_at_the_other_school(twins):
    world, other = twins
    client, access = helper(world)
    with in_school(other.school):
        assert not SupportAccess.objects.filter(ref=access.ref).exists()
    stolen = Client(HTTP_HOST=other.school.host)
    stolen.cookies["__Host-session"] = client.cookies["__Host-session"].value
    assert answer_of(stolen.get("/administration/")) == LOG_IN


def test_t20_the_scope_is_read_from_the_grant_and_not_from_the_session(twins):
    world, _ = twins
    client, access = helper(world, "records")
    assert client.get("/incidents/").status_code == 200
    with in_school(world.school):
        SupportAccess.objects.filter(pk=access.pk).update(scope="settings")
    assert client.get("/incidents/").status_code == 403
    assert client.get("/administration/").status_code == 200


def test_t19_the_database_takes_no_write_while_an_agent_looks(twins, monkeypatch):
    world, _ = twins
    client, _ = helper(world, "records")

    def also_writes(*_args, **_kwargs):
        with transaction.atomic():
            Ticket.objects.update(subject="Changed")
        return []

    assert client.get("/incidents/").status_code == 200
    monkeypatch.setattr("safeguarding.views.incidents.left_behind", also_writes)
    assert client.get("/incidents/").status_code == 403
    with in_school(world.school):
        assert not Ticket.objects.filter(subject="Changed").exists()


def test_an_agent_who_leaves_ends_the_grant_itself(twins):
    world, _ = twins
    client, access = helper(world)
    assert client.post("/support/access/leave/").status_code == 302
    assert answer_of(client.get("/administration/")) == LOG_IN
    with in_school(world.school):
        access.refresh_from_db()
        assert access.ended_by == "agent"
        assert AuditEntry.objects.latest("id").verb == "support.ended"


def test_an_agent_who_logs_out_may_come_again_with_a_new_pass(twins, still):
    world, _ = twins
    client, access = helper(world)
    assert client.post("/logout/").status_code == 302
    assert answer_of(client.get("/administration/")) == LOG_IN
    still.shift(timedelta(seconds=1))
    client, answer = come_in(world.school, pass_for(world.school, access))
    assert (answer.status_code, client.get("/administration/").status_code) == (302, 200)
