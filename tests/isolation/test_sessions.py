"""Cookies, sessions, links and signed values of one school are worth nothing at the other."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from core import clock
from core.accounts.adapter import DEVICE_COOKIE, is_known_device
from core.accounts.models import User
from core.tenancy import in_control_plane, in_school
from safeguarding.models import Draft
from safeguarding.services import drafts
from schools.models import Staff
from schools.services.staff import deactivate_staff, reactivate_staff
from tenants.models import Domain
from tests.drafts import keep, newest
from tests.isolation.doors import PUBLIC, doors_of
from tests.isolation.world import PASSWORD, TOTP_SECRET

pytestmark = pytest.mark.isolation
SESSION = "__Host-session"


def with_session(world, key, **options):
    client = Client(HTTP_HOST=world.school.host, **options)
    client.cookies[SESSION] = key
    return client


def is_logged_in(client):
    response = client.get("/")
    assert response.status_code == 200 or response["Location"] == "/login/?next=%2F"
    return response.status_code == 200


def code():
    """Return what the authenticator app shows."""
    return format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time())))


def log_in_by_form(world, visitor):
    """Log in as a browser does; return the client."""
    client = Client(HTTP_HOST=world.school.host)
    email = f"{visitor.replace(' ', '-')}@trust.example"
    client.post("/login/", {"login": email, "password": PASSWORD})
    show_key(client)
    assert is_logged_in(client)
    return client


def show_key(client):
    # A second time where the app's code changed on the way.
    tries = (client.post("/login/key/", {"code": code()}).status_code for _ in range(2))
    assert 302 in tries


@pytest.mark.parametrize("visitor", ["staff", "key holder", "administrator"])
def test_t01_a_session_of_one_school_is_nobodys_at_the_other(visitor, twins):
    ours, theirs = twins
    key = ours.session_of(visitor)
    assert is_logged_in(with_session(ours, key))
    assert not is_logged_in(with_session(theirs, key))
    assert ours.user(visitor).pk == theirs.user(visitor).pk
    assert ours.user(visitor).email == theirs.user(visitor).email


def test_t01_a_session_row_copied_to_the_other_school_opens_for_nobody(twins):
    ours, theirs = twins
    key = ours.session_of("key holder")
    with in_school(ours.school):
        row = Session.objects.values().get(session_key=key)
    with in_school(theirs.school):
        Session.objects.create(**row)
    assert is_logged_in(with_session(ours, key))
    assert not is_logged_in(with_session(theirs, key))


def test_t01_where_session_keys_collide_each_school_sees_its_own_person(twins):
    ours, theirs = twins
    key, other_key = ours.session_of("key holder"), theirs.session_of("staff")
    with in_school(theirs.school):
        Session.objects.filter(session_key=other_key).update(session_key=key)
    assert "Key Holder Quillfeather" in with_session(ours, key).get("/").text
    assert "Staff Oystercatcher" in with_session(theirs, key).get("/").text


def test_t02_a_password_link_works_at_its_own_school_alone(twins):
    ours, theirs = twins
    with in_school(theirs.school):
        User.objects.filter(pk=theirs.user("staff").pk).update(ref=ours.user("staff").ref)
    mine, twin = ours.user("staff"), theirs.user("staff")
    assert (mine.pk, mine.ref, mine.email, mine.password, mine.password_links_sent) == (
        (twin.pk, twin.ref, twin.email, twin.password, twin.password_links_sent)
    )
    path, chosen = ours.link("staff"), "entirely other words for it"

    there = theirs.client()
    assert "set-password" not in there.get(path, follow=True).request["PATH_INFO"]
    posted = path.replace(path.split("/")[4], "set-password")
    there.post(posted, {"new_password1": chosen, "new_password2": chosen})
    assert theirs.user("staff").password == twin.password

    here = ours.client()
    assert here.get(path)["Location"] == posted
    there.cookies[SESSION] = here.cookies[SESSION].value
    there.post(posted, {"new_password1": chosen, "new_password2": chosen})
    assert theirs.user("staff").password == twin.password
    assert here.post(posted, {"new_password1": chosen, "new_password2": chosen}).status_code == 302
    assert ours.user("staff").check_password(chosen)
    assert theirs.user("staff").password == twin.password


def test_t03_a_pass_of_one_school_keeps_no_draft_at_the_other(twins):
    ours, theirs = twins
    author = ours.people["staff"]
    with in_school(theirs.school):
        Staff.objects.filter(pk=author.staff_id).update(ref=author.staff_ref)
    with in_school(ours.school):
        given = drafts.author_pass(author)
    with in_school(ours.school):
        assert keep(given)
    with in_school(theirs.school):
        assert not keep(given)
        assert not Draft.objects.filter(author_id=author.staff_id).exists()


def test_t03_a_draft_copied_to_the_other_school_does_not_open(twins):
    ours, theirs = twins
    author = ours.people["key holder"]
    with in_school(ours.school):
        sealed = Draft.objects.get(author_id=author.staff_id).sealed
        found = newest(author)
    assert found.fields["text"] == ["Quillfeather draft"]
    with in_school(theirs.school):
        Draft.objects.filter(author_id=author.staff_id).update(sealed=sealed)
        assert newest(author) is None
    page = theirs.client("key holder").get("/incidents/add/")
    assert page.status_code == 200
    assert ours.mark not in page.text


def test_t03_a_device_known_at_one_school_is_a_stranger_at_the_other(twins):
    ours, theirs = twins
    client = log_in_by_form(ours, "staff")
    request = RequestFactory().get("/")
    request.COOKIES[DEVICE_COOKIE] = client.cookies[DEVICE_COOKIE].value
    with in_school(ours.school):
        assert is_known_device(request, "staff@trust.example")
        assert not is_known_device(request, "colleague@trust.example")
    with in_school(theirs.school):
        assert not is_known_device(request, "staff@trust.example")
    with in_control_plane():
        assert not is_known_device(request, "staff@trust.example")


def test_t15_every_cookie_is_bound_to_its_host(world, undone):
    logged_in = log_in_by_form(world, "key holder")
    seen = list(logged_in.cookies.items())
    for client in (logged_in, world.client("administrator"), world.client()):
        for door in doors_of("school"):
            for method in ("GET", "POST"):
                with undone():
                    seen += client.generic(method, door.path(world)).cookies.items()
    given = [(name, cookie) for name, cookie in seen if cookie.value]
    assert {name for name, _ in given} == {SESSION, DEVICE_COOKIE, "__Host-csrf"}
    for name, cookie in given:
        assert (cookie["domain"], cookie["path"]) == ("", "/"), name
        assert cookie["secure"], name
        assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name


@pytest.mark.parametrize("name", ["sessionid", "session", "__Secure-session", "__host-session"])
def test_t15_a_cookie_under_another_name_is_no_session(name, world):
    key = world.session_of("staff")
    assert is_logged_in(with_session(world, key))
    client = Client(HTTP_HOST=world.school.host)
    client.cookies = SimpleCookie({name: key})
    assert not is_logged_in(client)


def test_t17_a_slug_given_to_another_school_leads_nowhere_old(twins):
    ours, theirs = twins
    old, device = ours.session_of("key holder"), log_in_by_form(ours, "staff").cookies
    link = ours.link("staff")
    paths = [
        f"/incidents/{ours.incident.ref}/",
        f"/files/{ours.file.ref}/",
        f"/students/{ours.student.ref}/",
    ]
    for path in paths:
        assert with_session(ours, old).get(path).status_code == 200
    with in_control_plane():
        Domain.objects.filter(tenant=ours.school).delete()
        Domain.objects.filter(tenant=theirs.school).update(domain=ours.school.host)
    assert Client(HTTP_HOST=theirs.school.host).get("/login/").status_code == 404

    taken_over = Client(HTTP_HOST=ours.school.host)
    taken_over.cookies[DEVICE_COOKIE] = device[DEVICE_COOKIE].value
    assert theirs.school.name in taken_over.get("/login/").text
    assert "set-password" not in taken_over.get(link, follow=True).request["PATH_INFO"]
    for key, status in ((old, 302), (theirs.session_of("key holder"), 404)):
        client = with_session(ours, key)
        for path in paths:
            assert client.get(path).status_code == status


def test_t34_who_is_deactivated_is_out_at_once_and_stays_out(world):
    client, link = world.client("staff"), world.link("staff")
    who, administrator = world.people["staff"], world.people["administrator"]
    assert is_logged_in(client)
    with in_school(world.school):
        deactivate_staff(actor=administrator, ref=who.staff_ref)
    for door in doors_of("school"):
        if door.kind != PUBLIC:
            assert client.get(door.path(world))["Location"].startswith("/login/"), door
    assert "set-password" not in world.client().get(link, follow=True).request["PATH_INFO"]
    newcomer = world.client()
    newcomer.post("/login/", {"login": "staff@trust.example", "password": PASSWORD})
    assert not is_logged_in(newcomer)
    with in_school(world.school):
        reactivate_staff(actor=administrator, ref=who.staff_ref)
    assert not is_logged_in(client)


def test_t37_log_in_changes_the_session_and_log_out_ends_it(world):
    planted = "planted0planted0planted0planted0"
    client = Client(HTTP_HOST=world.school.host)
    client.cookies[SESSION] = planted
    client.post("/login/", {"login": "staff@trust.example", "password": PASSWORD})
    show_key(client)
    assert is_logged_in(client)
    key = client.cookies[SESSION].value
    assert key != planted
    assert not is_logged_in(with_session(world, planted))
    client.post("/logout/")
    assert not is_logged_in(with_session(world, key))


def test_t37_a_changed_password_ends_every_other_session(world):
    elsewhere = world.client("staff")
    assert is_logged_in(elsewhere)
    path, chosen = world.link("staff"), "entirely other words for it"
    client = world.client()
    client.post(client.get(path)["Location"], {"new_password1": chosen, "new_password2": chosen})
    assert world.user("staff").check_password(chosen)
    assert not is_logged_in(elsewhere)


def test_t37_a_session_ends_by_itself(world):
    client = world.client("staff")
    assert is_logged_in(client)
    with time_machine.travel(clock.now() + timedelta(hours=9), tick=True):
        assert not is_logged_in(client)
