"""Every address × everybody: what is new must be classified, and what is classified must hold."""

import re
from html import unescape
from http.cookies import SimpleCookie
from uuid import uuid4

import pytest
from django.test import Client

from core.tenancy import in_school
from schools.services.staff import deactivate_staff
from schools.terms import Refusal
from support.terms import Refusal as SupportRefusal
from tests.isolation.doors import (
    ADD,
    ADMINISTER,
    CONFIRM,
    ENTER,
    EXPORT,
    HOLD_KEY,
    IDENTIFY,
    IMPORT,
    KINDS,
    OWN,
    PUBLIC,
    RESET_KEYS,
    SEE_KEYS,
    doors_of,
    every_door,
)

pytestmark = pytest.mark.isolation

IN, LOG_IN, SHOW_KEY, REFUSED, ABSENT = "in", "log in", "show key", "refused", "absent"

#: Addresses that need no log-in, and why each may.
PUBLIC_DOORS = {
    "healthz": "says that the process lives",
    "readyz": "says that the database answers",
    "enter_support": "the helpdesk's signed pass lets in, once, whom the school has granted it",
    "leave_support": "ends the helpdesk's own access; does nothing for anybody else",
    "welcome": "the bare domain's page, which says how a school's address is made",
    "choose_language": "chooses the language of pages, which says nothing of anybody",
    "account_login": "where people log in",
    "account_unlock": "where a locked session's owner gives the password; else it leads on",
    "save_draft": "the form's signed pass lets in, also when its session has ended",
    "account_logout": "ends the session of whoever has one",
    "account_reset_password": "asks for the password link, by an address known or not",
    "account_reset_password_done": "says that a link is on its way, whoever asked",
    "create_password": "the link itself is the proof",
    "account_inactive": "says that the account was ended; allauth leads there at log-in",
    "account_key_lost": "says that the key is lost; without the first step it leads to that",
    "mfa_authenticate": "the second step of log-in; without the first it leads to the first",
}
#: Addresses for which the password alone is enough, and why.
IDENTIFY_DOORS = {
    "lock_session": "locks one's own session, with or without the key",
    "account_show_key": "leads to showing or enrolling the key",
    "mfa_activate_totp": "enrolling the first key; allauth asks for the password again",
    "mfa_add_webauthn": "the same for a passkey as the first key",
    "mfa_reauthenticate": "where the key is shown",
    "account_reauthenticate": "where the password is shown again",
}

_INSIDE = (CONFIRM, ENTER, OWN, ADD, HOLD_KEY, EXPORT, ADMINISTER, IMPORT, SEE_KEYS, RESET_KEYS)
_ANSWERS = {
    "anonymous": dict.fromkeys((IDENTIFY, *_INSIDE), LOG_IN),
    "staff": {
        CONFIRM: SHOW_KEY,
        **dict.fromkeys((HOLD_KEY, EXPORT, ADMINISTER, IMPORT, SEE_KEYS, RESET_KEYS), REFUSED),
    },
    "key holder without key": dict.fromkeys(_INSIDE, SHOW_KEY),
    "administrator without key": dict.fromkeys(_INSIDE, SHOW_KEY),
    "key holder": {OWN: ABSENT, ADMINISTER: REFUSED, IMPORT: REFUSED},
    # Has shown the key in this session, but not just now.
    "key holder long after": {
        OWN: ABSENT,
        ADMINISTER: REFUSED,
        IMPORT: REFUSED,
        CONFIRM: SHOW_KEY,
        EXPORT: SHOW_KEY,
        RESET_KEYS: SHOW_KEY,
    },
    "administrator": {HOLD_KEY: REFUSED, EXPORT: REFUSED},
}
#: Sessions that are nobody's here.
_NOBODY = ("other school's administrator", "deactivated")
VISITORS = (*_ANSWERS, *_NOBODY)
_REASONS = tuple(
    refusal.sentence
    for refusal in (
        Refusal.KEY_HOLDERS_ONLY,
        Refusal.ADMINISTRATORS_ONLY,
        Refusal.KEY_HELPERS_ONLY,
        SupportRefusal.NOT_AUTHORISED,
    )
)
METHODS = ("GET", "POST")


def answer_of(response):
    """Return what the door keeper said, or that it let the visitor in."""
    where = response.headers.get("Location", "")
    if where.startswith("/login/?next="):
        return LOG_IN
    if where.startswith("/account/key/?next="):
        return SHOW_KEY
    said = unescape(response.content.decode()) if response.status_code == 403 else ""
    return REFUSED if any(reason in said for reason in _REASONS) else IN


def cookies_of(visitor, world, other):
    """Return the session cookie with which a visitor comes to the world's host."""
    if visitor == "anonymous":
        return SimpleCookie()
    if visitor == "other school's administrator":
        return SimpleCookie({"__Host-session": other.session_of("administrator")})
    if visitor == "deactivated":
        cookie = world.session_of("colleague")
        with in_school(world.school):
            who = world.people["colleague"]
            deactivate_staff(actor=world.people["administrator"], ref=who.staff_ref)
        return SimpleCookie({"__Host-session": cookie})
    return SimpleCookie({"__Host-session": world.session_of(visitor)})


def at(world, cookies):
    client = Client(HTTP_HOST=world.school.host)
    client.cookies = SimpleCookie({name: one.value for name, one in cookies.items()})
    return client


def test_every_address_has_a_name_and_a_policy_that_the_matrix_knows():
    doors = every_door()
    assert len(doors) > 40
    assert [str(door) for door in doors if not door.name] == []
    unknown = [str(one) for one in doors if getattr(one.view, "policy", None) not in KINDS]
    assert unknown == []


def test_a_name_leads_to_one_address():
    for face in ("school", "www", "helpdesk", "ops"):
        names = [door.name for door in doors_of(face)]
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("kind", "listed"), [(PUBLIC, PUBLIC_DOORS), (IDENTIFY, IDENTIFY_DOORS)])
def test_what_is_open_without_a_key_is_listed_with_its_reason(kind, listed):
    assert {door.name for door in every_door() if door.kind == kind} == set(listed)


def test_everything_below_administration_is_for_administrators():
    below = [door for door in doors_of("school") if door.route.startswith("administration/")]
    assert len(below) > 10
    administrators = {ADMINISTER, IMPORT}
    assert {door.kind for door in below} == administrators
    assert [door for door in doors_of("school") if door.kind in administrators] == below


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_address_answers_each_visitor_as_its_policy_says(visitor, twins, undone):
    world, other = twins
    cookies = cookies_of(visitor, world, other)
    expected = _ANSWERS["anonymous" if visitor in _NOBODY else visitor]
    wrong = []
    for door in doors_of("school"):
        wanted = expected.get(door.kind, IN)
        for method in METHODS:
            with undone():
                response = at(world, cookies).generic(method, door.path(world))
            answer = answer_of(response)
            if wanted == ABSENT and response.status_code == 404:
                answer = ABSENT
            if wanted == IN and method == "GET" and response.status_code not in (200, 302, 405):
                answer = "nothing"
            if answer != wanted:
                wrong.append((str(door), method, response.status_code, wanted))
            elif wanted != IN and world.mark in response.content.decode():
                wrong.append((str(door), method, "says what it hides"))
    assert wrong == []


@pytest.mark.parametrize("face", ["www", "helpdesk", "ops"])
def test_other_faces_know_no_session_and_no_address_of_a_school(face, twins, settings):
    world, _ = twins
    host = settings.BASE_DOMAIN if face == "www" else f"{face}.{settings.BASE_DOMAIN}"
    own = {door.route: door.kind for door in doors_of(face)}
    for visitor in ("anonymous", "key holder", "administrator"):
        client = world.client(visitor)
        for door in doors_of("school"):
            path = door.path(world)
            assert client.get(path).status_code in (200, 302, 403, 405) or visitor == "anonymous"
            answer = client.get(path, headers={"host": host})
            if door.route not in own:
                assert answer.status_code == 404, (face, path)
            elif own[door.route] == PUBLIC:
                assert answer.status_code in (200, 302, 405), (face, path)
            else:
                assert answer_of(answer) == LOG_IN, (face, path)
            assert world.mark not in answer.content.decode()


_CHANGING = re.compile(
    r'(name="csrfmiddlewaretoken" value="|name="csrf-token" content=")[A-Za-z0-9]{64}"'
    # The address that was asked for, which the language switch leads back to.
    r'|name="next" value="[^"]*"'
)


def told(response):
    """Return all that a visitor can tell apart, without what differs from request to request."""
    headers = {k: v for k, v in response.headers.items() if k not in ("X-Request-ID", "Expires")}
    body = b"" if response.streaming else response.content
    return response.status_code, headers, _CHANGING.sub("", body.decode())


def _ask(world, visitor, door, ref, undone):
    """Ask by GET, or by POST where GET answers nothing of the row; return the answer."""
    cookies = world.client(visitor).cookies
    for method in ("GET", "POST"):
        with undone():
            response = at(world, cookies).generic(method, door.path(world, ref))
        if response.status_code != 405 and str(ref) not in response.headers.get("Location", ""):
            break
    return response


_RIGHTFUL = {
    PUBLIC: "anonymous",
    ENTER: "staff",
    OWN: "staff",
    ADD: "staff",
    HOLD_KEY: "key holder",
    ADMINISTER: "administrator",
    IMPORT: "administrator",
    SEE_KEYS: "administrator",
    RESET_KEYS: "administrator",
}


def doors_with_a_ref():
    return [door for door in doors_of("school") if door.takes_ref]


def test_every_parameter_of_an_address_is_a_reference_or_a_token():
    for door in doors_of("school"):
        known = {("ref", "uuid"), ("token", "string"), ("page", "slug")}
        assert set(door.parameters) <= known, str(door)


@pytest.mark.parametrize("visitor", list(_ANSWERS))
def test_t04_another_schools_reference_is_answered_like_one_that_never_was(visitor, twins, undone):
    ours, theirs = twins
    for door in doors_with_a_ref():
        if _ANSWERS[visitor].get(door.kind, IN) != IN:
            continue
        ref = theirs.refs[door.route.partition("<")[0]]
        rightful = _ask(theirs, _RIGHTFUL[door.kind], door, ref, undone)
        assert rightful.status_code in (200, 302), str(door)
        foreign = _ask(ours, visitor, door, ref, undone)
        absent = _ask(ours, visitor, door, uuid4(), undone)
        assert told(foreign) == told(absent), str(door)
        assert not any(secret in str(told(foreign)) for secret in theirs.secrets()), str(door)
        # The page behind a password link says “expired” of any link that does not work.
        assert foreign.status_code == (200 if door.kind == PUBLIC else 404), str(door)


def test_t04_where_references_collide_everybody_sees_their_own(twins):
    ours, theirs = twins
    with in_school(theirs.school):
        for name in ("incident", "student", "category"):
            row = getattr(theirs, name)
            type(row).objects.filter(pk=row.pk).update(ref=getattr(ours, name).ref)
    for path, visitor in {
        f"/incidents/{ours.incident.ref}/": "key holder",
        f"/students/{ours.student.ref}/": "key holder",
        f"/administration/categories/{ours.category.ref}/": "administrator",
    }.items():
        for world, foreign in ((ours, theirs), (theirs, ours)):
            page = world.client(visitor).get(path).content.decode()
            assert world.mark in page
            assert foreign.mark not in page
