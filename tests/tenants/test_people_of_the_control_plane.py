"""From the command to the first page: operators and agents."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import keyring
from core.accounts.models import PasswordLinkRequest, User
from core.audit.models import AuditEntry
from core.faces import face_labelled
from core.outbox import doorbell
from core.outbox.models import OutboxEvent
from core.outbox.tasks import relay_control_plane
from core.tenancy import in_control_plane
from helpdesk.models import Agent
from tenants.models import Operator, School
from tests.control_plane import at, make_agent, make_operator

OLIVE, AGATHA = "olive@platform.example", "agatha@platform.example"
COMMANDS = {
    "ops": ("add_operator", "--email", OLIVE, "--name", "Olive Operator"),
    "helpdesk": (
        *("add_agent", "--email", AGATHA, "--name", "Agatha Agent"),
        *("--role", "lead"),
    ),
}
EMAILS = {"ops": OLIVE, "helpdesk": AGATHA}
ENDS = {"ops": "deactivate_operator", "helpdesk": "deactivate_agent"}


@pytest.fixture(autouse=True)
def _public(db, schools):
    with in_control_plane():
        yield


def run(*line):
    told = StringIO()
    call_command(*line, stdout=told)
    return told.getvalue()


def link_in(letter):
    return re.search(r"http://(\S+?)(/login/link/\S+)", letter.body).groups()


def newest():
    """Return the number of the newest entry: what other tests committed stays on the record."""
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def verbs(since):
    said = AuditEntry.objects.filter(id__gt=since).exclude(verb__startswith="row.")
    return list(said.order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_from_the_command_to_the_first_page(face):
    since = newest()
    assert f"http://{face}.localhost/login/" in run(*COMMANDS[face])
    assert relay_control_plane.run() == 1
    (letter,) = mail.outbox
    assert letter.to == [EMAILS[face]]
    assert letter.subject == f"Your password for Safeguarding {face_labelled(face).word}"
    host, path = link_in(letter)
    assert host == f"{face}.localhost"
    client = Client(HTTP_HOST=host)
    chosen = "entirely other words for it"
    form = client.get(path)["Location"]
    client.post(form, {"new_password1": chosen, "new_password2": chosen})
    entered = client.post("/login/", {"login": EMAILS[face], "password": chosen})
    assert entered["Location"] == "/"
    # A password alone opens nothing: the key must be enrolled first.
    assert client.get("/")["Location"] == "/account/key/?next=%2F"
    enrol = client.get("/account/key/?next=%2F")["Location"]
    secret = re.search(r"[A-Z2-7]{32}", client.get(enrol).text).group()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post(enrol, {"code": code}).status_code == 302
    page = client.get("/")
    assert page.status_code == 200
    assert "Olive Operator" in page.text or "Agatha Agent" in page.text
    assert f"– Safeguarding {face_labelled(face).word}</title>" in page.text
    added = "operator.added" if face == "ops" else "agent.added"
    wanted = [added, "account.password_created", "session.began", "key.enrolled"]
    assert verbs(since)[:4] == wanted


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_a_link_asked_for_at_a_face_goes_to_its_own_people_alone(face):
    for command in COMMANDS.values():
        run(*command)
    relay_control_plane.run()
    mail.outbox.clear()
    client = Client(HTTP_HOST=f"{face}.localhost")
    for email in (*EMAILS.values(), "nobody@platform.example"):
        assert client.post("/login/link/", {"email": email})["Location"] == "/login/link/sent/"
    assert relay_control_plane.run() == 3
    assert [letter.to for letter in mail.outbox] == [[EMAILS[face]]]
    assert link_in(mail.outbox[0])[0] == f"{face}.localhost"


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_who_comes_back_begins_with_a_new_link(face):
    run(*COMMANDS[face])
    run(ENDS[face], "--email", EMAILS[face].upper())
    model = Operator if face == "ops" else Agent
    assert not model.objects.get().is_active
    run(*COMMANDS[face])
    person = model.objects.get()
    assert person.is_active
    assert person.user.is_active
    assert not person.user.has_usable_password()
    relay_control_plane.run()
    assert len(mail.outbox) == 2


def test_one_account_belongs_to_one_face():
    run(*COMMANDS["ops"])
    taken = [*COMMANDS["helpdesk"]]
    taken[2] = OLIVE
    with pytest.raises(CommandError, match="another account"):
        run(*taken)
    assert Agent.objects.count() == 0
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["", "olive", "olive@"])
def test_what_is_no_address_makes_nobody(email):
    for line in COMMANDS.values():
        wrong = [*line]
        wrong[2] = email
        with pytest.raises(CommandError):
            run(*wrong)
    assert (User.objects.count(), PasswordLinkRequest.objects.count()) == (0, 0)


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_nobody_is_deactivated_by_another_faces_command(face):
    run(*COMMANDS[face])
    other = "helpdesk" if face == "ops" else "ops"
    with pytest.raises(CommandError, match="Nobody here"):
        run(ENDS[other], "--email", EMAILS[face])
    assert User.objects.get().is_active


def test_an_event_in_the_control_plane_rings_for_its_own_relay(
    monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda *asked, **_: rung.append(asked))
    doorbell.answer()
    with django_capture_on_commit_callbacks(execute=True):
        run(*COMMANDS["ops"])
    assert rung == [("core.outbox.relay_control_plane",)]
    assert OutboxEvent.objects.filter(done_at=None).count() == 1
    doorbell.answer()


# Pages -------------------------------------------------------------------------------------------


def more_schools(number):
    for one in range(number):
        school = School(slug=f"more-{one:03}", name=f"More {one:03}", urn=f"{300000 + one}")
        school.take(keyring.Keysets(text=b"-", files=b"-", wrapped_by=""))
        school.save()


def test_the_list_of_schools_shows_name_host_and_state_and_nothing_inside(school_a, school_b):
    client = at(make_operator())
    page = client.get("/")
    for school in (school_a, school_b):
        assert school.name in page.text
        assert school.host in page.text
        for hidden in (str(school.ref), school.schema_name, school.urn):
            assert hidden not in page.text
    School.objects.filter(pk=school_a.pk).update(state="suspended")
    assert "Suspended" in client.get("/").text
    entry = AuditEntry.objects.filter(verb="schools.listed").latest("id")
    assert (entry.user_id, entry.had_key) == (make_user_id(), True)
    assert entry.facts == {"page": 1, "schools": 2}


def make_user_id():
    return User.objects.get(email=OLIVE).pk


def test_the_list_asks_as_much_of_one_school_as_of_a_hundred(school_a):
    client, asked = at(make_operator()), []
    for number in (0, 100):
        more_schools(number)
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/")
        asked.append(len([one for one in captured if "search_path" not in one["sql"]]))
        assert page.status_code == 200
    assert asked[0] == asked[1]
    assert "More 049" in page.text or "More 047" in page.text
    assert "More 099" not in page.text
    assert "More 099" in client.get("/?page=3").text


def test_the_helpdesk_says_who_is_logged_in_and_the_offices_telephone_number():
    page = at(make_agent()).get("/")
    assert "Agatha Agent" in page.text
    assert "01756 797766" in page.text
    assert "Add Incident" not in page.text


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_no_page_of_a_face_speaks_of_a_school(face):
    client = Client(HTTP_HOST=f"{face}.localhost")
    for path in ("/login/", "/login/link/", "/login/link/sent/"):
        page = client.get(path)
        assert "your school" not in page.text.lower(), path
        assert f"Safeguarding {face_labelled(face).word}" in page.text


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_t37_a_lost_key_is_reset_by_command_which_ends_every_session(face):
    person = make_operator() if face == "ops" else make_agent()
    relay_control_plane.run()
    mail.outbox.clear()
    client = at(person)
    assert client.get("/").status_code == 200
    with pytest.raises(CommandError, match="Nobody here"):
        run("reset_key_at_face", "--face", face, "--email", "nobody@platform.example")
    other = {"ops": "helpdesk", "helpdesk": "ops"}[face]
    with pytest.raises(CommandError, match="Nobody here"):
        run("reset_key_at_face", "--face", other, "--email", person.email)
    assert client.get("/").status_code == 200
    assert "within 24 hours" in run("reset_key_at_face", "--face", face, "--email", person.email)
    assert client.get("/")["Location"] == "/login/?next=%2F"
    assert not Authenticator.objects.filter(user=person.user).exists()
    assert relay_control_plane.run() == 1
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert f"http://{face}.localhost/login/" in letter.body
    assert "the people who run this platform" in letter.body
    again = at(person, has_key=False)
    assert again.get("/")["Location"] == "/account/key/?next=%2F"
    assert again.get("/account/key/?next=%2F")["Location"].startswith("/account/key/enrol/")
