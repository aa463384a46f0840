"""The platform's own people: somebody at their own face, nobody anywhere else."""

from http.cookies import SimpleCookie
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from core.accounts.adapter import DEVICE_COOKIE, is_known_device
from core.accounts.models import User
from core.accounts.tokens import password_link_tokens
from core.faces import face_labelled
from core.tenancy import at_face, current_face, in_control_plane, in_school, place
from helpdesk.services.agents import deactivate_agent
from helpdesk.terms import AgentRole
from tenants.services.operators import deactivate_operator
from tests.control_plane import NOBODY, PASSWORD, Person, at, make_agent, make_operator
from tests.isolation.doors import CONFIRM, ENTER, IDENTIFY, PUBLIC, doors_of
from tests.isolation.test_matrix import IN, LOG_IN, SHOW_KEY, answer_of

pytestmark = pytest.mark.isolation
SESSION = "__Host-session"
FACES = ("ops", "helpdesk")
#: What each address of a face answers to its own people.
_OWN = {
    True: {},
    False: {CONFIRM: SHOW_KEY, ENTER: SHOW_KEY},
}


@pytest.fixture
def people(db: None, schools: object) -> dict[str, Person]:
    """One person of each face."""
    return {"ops": make_operator(), "helpdesk": make_agent(role=AgentRole.LEAD)}


def path_of(door, person):
    """Return an address of a face, with a link that works for the person."""
    from django.urls import reverse

    given = {}
    for name, _ in door.parameters:
        if name == "token":
            with at_face(person.face):
                given[name] = password_link_tokens.make_token(person.user)
        else:
            given[name] = person.user.ref
    return reverse(door.name, urlconf=f"config.urls.{door.face}", kwargs=given)


def session_at(person, host, **options):
    """Return a browser that brings a person's session to a host."""
    client = Client(HTTP_HOST=host)
    client.cookies = SimpleCookie({SESSION: at(person, **options).cookies[SESSION].value})
    return client


def all_of(person, face, host, expected, undone, **options):
    """Ask every address of a face; return what was not as expected."""
    wrong = []
    for door in doors_of(face):
        wanted = expected.get(door.kind, IN)
        for method in ("GET", "POST"):
            with undone():
                client = session_at(person, host, **options)
                response = client.generic(method, path_of(door, person))
            answer = answer_of(response)
            # Without saying which, there is none to end or remove; and no row has a person's reference.
            names_one = door.name in {"end_session", "remove_key"} or door.takes_ref
            fine = (200, 302, 404, 405) if names_one else (200, 204, 302, 405)
            if wanted == IN and response.status_code not in fine:
                answer = response.status_code
            if answer != wanted:
                wrong.append((str(door), method, response.status_code, wanted))
    return wrong


@pytest.mark.parametrize("has_key", [True, False])
@pytest.mark.parametrize("face", FACES)
def test_t19_its_own_people_come_in_at_their_face_and_only_with_their_key(
    face, has_key, people, undone
):
    person = people[face]
    assert len(doors_of(face)) > 12
    assert all_of(person, face, person.face.host, _OWN[has_key], undone, has_key=has_key) == []


@pytest.mark.parametrize("face", FACES)
def test_t19_the_other_faces_people_are_nobody(face, people, undone):
    stranger = people["helpdesk" if face == "ops" else "ops"]
    nobody = dict.fromkeys((IDENTIFY, CONFIRM, ENTER), LOG_IN)
    host = face_labelled(face).host
    assert at(stranger).get("/").status_code == 200
    assert all_of(stranger, face, host, nobody, undone) == []


@pytest.mark.parametrize("face", FACES)
def test_t19_a_session_row_signed_anew_for_the_other_face_is_nobodys_there(face, people):
    stranger = people["helpdesk" if face == "ops" else "ops"]
    other = face_labelled(face)
    client = Client(HTTP_HOST=other.host)
    with at_face(other):
        client.force_login(stranger.user)
    assert client.get("/")["Location"] == "/login/?next=%2F"
    # And the log-in page takes them for nobody too, or it would send them back for ever.
    assert client.get("/login/").status_code == 200


@pytest.mark.parametrize("face", FACES)
def test_t34_whose_post_alone_has_ended_is_nobody(face, people):
    person = people[face]
    client = at(person)
    assert client.get("/").status_code == 200
    with in_control_plane():
        type(person.row).objects.filter(pk=person.row.pk).update(is_active=False)
    assert client.get("/")["Location"] == "/login/?next=%2F"


@pytest.mark.parametrize("face", FACES)
def test_t19_on_a_schools_host_they_are_nobody(face, people, twins, undone):
    world, _ = twins
    person = people[face]
    assert at(person).get("/").status_code == 200
    for door in doors_of("school"):
        for method in ("GET", "POST"):
            with undone():
                client = session_at(person, world.school.host)
                response = client.generic(method, door.path(world))
            if door.kind == PUBLIC:
                continue
            assert answer_of(response) == LOG_IN, (str(door), method)
            assert world.mark not in response.content.decode()


@pytest.mark.parametrize("face", FACES)
def test_t01_a_schools_people_are_nobody_at_a_face(face, people, twins):
    world, _ = twins
    for visitor in ("staff", "key holder", "administrator"):
        assert world.client(visitor).get("/").status_code in (200, 302)
        client = Client(HTTP_HOST=people[face].face.host)
        client.cookies[SESSION] = world.session_of(visitor)
        assert client.get("/")["Location"] == "/login/?next=%2F"


def test_t01_a_session_row_of_a_school_copied_into_public_is_nobodys(people, twins):
    world, _ = twins
    key = world.session_of("administrator")
    with in_school(world.school):
        row = Session.objects.values().get(session_key=key)
    with in_control_plane():
        Session.objects.create(**row)
    for person in people.values():
        client = Client(HTTP_HOST=person.face.host)
        client.cookies[SESSION] = key
        assert client.get("/")["Location"] == "/login/?next=%2F"


@pytest.mark.parametrize("face", FACES)
def test_t02_a_password_link_works_at_its_own_face_alone(face, people, school_a):
    person = people[face]
    with at_face(person.face):
        link = f"/login/link/{person.user.ref}/{password_link_tokens.make_token(person.user)}/"
    others = {face_labelled(other).host for other in FACES if other != face} | {school_a.host}
    with in_school(school_a):
        User.objects.create(ref=person.user.ref, email=person.email, password=person.user.password)
    for host in others:
        asked = Client(HTTP_HOST=host).get(link, follow=True)
        assert "set-password" not in asked.request["PATH_INFO"]
    assert "set-password" in Client(HTTP_HOST=person.face.host).get(link)["Location"]


@pytest.mark.parametrize("face", FACES)
def test_t03_a_device_known_at_a_face_is_a_stranger_elsewhere(face, people, school_a):
    person, request = people[face], RequestFactory().get("/")
    client = Client(HTTP_HOST=person.face.host)
    with at_face(person.face):
        from allauth.mfa.models import Authenticator

        Authenticator.objects.filter(user=person.user).delete()
    client.post("/login/", {"login": person.email, "password": PASSWORD})
    request.COOKIES[DEVICE_COOKIE] = client.cookies[DEVICE_COOKIE].value
    with at_face(person.face):
        assert is_known_device(request, person.email)
    for other in FACES:
        with at_face(face_labelled(other)):
            assert is_known_device(request, person.email) is (other == face)
    with in_school(school_a):
        assert not is_known_device(request, person.email)


@pytest.mark.parametrize("face", FACES)
def test_the_right_password_of_another_faces_person_is_a_wrong_one(face, people):
    own, stranger = people[face], people["helpdesk" if face == "ops" else "ops"]
    client = Client(HTTP_HOST=own.face.host)
    said = client.post("/login/", {"login": own.email, "password": PASSWORD})
    assert said["Location"].startswith("/login/key/")
    told = [
        Client(HTTP_HOST=own.face.host).post("/login/", {"login": email, "password": password})
        for email, password in (
            (stranger.email, PASSWORD),
            (f"{uuid4()}@platform.example", PASSWORD),
        )
    ]
    assert {one.status_code for one in told} == {200}
    assert all("The email address or the password is not right." in one.text for one in told)


@pytest.mark.parametrize("face", FACES)
def test_t34_who_is_deactivated_is_out_at_once_and_stays_out(face, people):
    person = people[face]
    client = at(person)
    assert client.get("/").status_code == 200
    with at_face(person.face):
        link = f"/login/link/{person.user.ref}/{password_link_tokens.make_token(person.user)}/"
    end = deactivate_operator if face == "ops" else deactivate_agent
    end(actor=NOBODY, email=person.email)
    assert client.get("/")["Location"] == "/login/?next=%2F"
    newcomer = Client(HTTP_HOST=person.face.host)
    assert "set-password" not in newcomer.get(link, follow=True).request["PATH_INFO"]
    newcomer.post("/login/", {"login": person.email, "password": PASSWORD})
    assert newcomer.get("/")["Location"] == "/login/?next=%2F"


def test_t09_a_face_leaves_nothing_behind(school_a):
    ops = face_labelled("ops")
    with at_face(ops):
        assert place() == "control-plane:ops"
        with in_school(school_a):
            assert place() == str(school_a.ref)
            assert current_face() is None
        assert place() == "control-plane:ops"
    with pytest.raises(LookupError), at_face(face_labelled("helpdesk")):
        raise LookupError
    with in_control_plane():
        assert place() == "control-plane"
