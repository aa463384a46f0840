"""Which school answers depends on the registered host name alone."""

import pytest
from django.test import Client

from core.tenancy import in_control_plane, in_school
from notifications.channels.email import letters
from tenants.models import School
from tenants.terms import SchoolState

pytestmark = pytest.mark.isolation


def ask(host, path="/login/", **headers):
    return Client().get(path, headers={"host": host, **headers})


@pytest.mark.parametrize(
    "host",
    [
        "greenwood.localhost",
        "greenwood.localhost:8000",
        "greenwood.localhost:1",
        "GREENWOOD.LOCALHOST",
        "GreenWood.LocalHost:443",
        "greenwood.localhost.",
        "greenwood.localhost.:8000",
    ],
)
def test_t14_ways_to_write_one_host_lead_to_one_school(host, school_a, school_b):
    page = ask(host)
    assert page.status_code == 200
    assert school_a.name in page.text
    assert school_b.name not in page.text


@pytest.mark.parametrize(
    "host",
    [
        "",
        "nowhere.localhost",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
        "2130706433",
        "greenwood",
        "greenwood.",
        "greenwood.localhost..",
        "greenwood..localhost",
        ".greenwood.localhost",
        "www.greenwood.localhost",
        "hillside.greenwood.localhost",
        "greenwood.localhost.evil.example",
        "greenwood.localhost@evil.example",
        "evil.example#greenwood.localhost",
        "greenwood.evil.example",
        "green_wood.localhost",
        "greenwood_.localhost",
        "greenwo\N{CYRILLIC SMALL LETTER O}d.localhost",
        "xn--greenwod-fij.localhost",
        "greenwood\N{FULLWIDTH FULL STOP}localhost",
        "greenwood%2elocalhost",
        "greenwood.localhost:8000:8000",
        "greenwood.localhost:http",
        "greenwood.localhost/../hillside.localhost",
        "greenwood.localhost, hillside.localhost",
        "greenwood.localhost hillside.localhost",
        "greenwood.localhost\thillside.localhost",
        " greenwood.localhost",
        "greenwood.localhost\x00",
        "*.localhost",
        "%.localhost",
        "a" * 300 + ".localhost",
    ],
)
def test_t14_any_other_host_is_a_404_that_names_no_school(host, school_a, school_b):
    assert ask("greenwood.localhost").status_code == 200
    for path in ("/", "/login/", "/healthz"):
        page = ask(host, path)
        assert page.status_code == 404
        for school in (school_a, school_b):
            for word in (school.name, school.slug, str(school.ref), school.schema_name):
                assert word not in page.text
        assert not page.cookies


def test_t14_the_platforms_own_hosts_are_no_schools(school_a, settings):
    for host in ("localhost", "www.localhost", "helpdesk.localhost", "ops.localhost"):
        assert ask(host, "/healthz").status_code == 200
        page = ask(host)
        assert page.status_code == (200 if host in ("helpdesk.localhost", "ops.localhost") else 404)
        assert school_a.name not in page.text


@pytest.mark.parametrize(
    "header",
    ["x-forwarded-host", "forwarded", "x-host", "x-original-host", "x-forwarded-server", "via"],
)
def test_t14_a_forwarded_host_changes_nothing(header, school_a, school_b):
    value = f"host={school_b.host}" if header == "forwarded" else school_b.host
    page = ask(school_a.host, **{header: value})
    assert school_a.name in page.text
    assert school_b.name not in page.text
    assert ask("nowhere.localhost", **{header: school_b.host}).status_code == 404


def test_t14_a_redirect_never_leaves_the_host(twins):
    world, other = twins
    for host in (world.school.host, "GREENWOOD.localhost:99"):
        answer = Client().get("/", headers={"host": host, "x-forwarded-host": "evil.example"})
        assert answer["Location"] == "/login/?next=%2F"
    for target in (f"https://{other.school.host}/", "//evil.example/", "https:evil.example"):
        client = world.client("staff")
        answer = client.get("/login/", {"next": target})
        assert answer["Location"] == "/"


def test_t14_links_in_emails_carry_the_registered_host(school_a, rf):
    with in_school(school_a):
        letter = letters.password_link(
            recipient="a@trust.example", path="/login/link/x/y/", outbox_ref=school_a.ref
        )
    assert "http://greenwood.localhost/login/link/x/y/" in letter.body


@pytest.mark.parametrize(
    ("state", "status"), [(SchoolState.ONBOARDING, 404), (SchoolState.SUSPENDED, 503)]
)
def test_t14_a_school_that_is_not_open_shows_nothing(state, status, world):
    client = world.client("key holder")
    path = f"/incidents/{world.incident.ref}/"
    assert client.get(path).status_code == 200
    with in_control_plane():
        School.objects.filter(pk=world.school.pk).update(state=state)
    for asked in ("/", path, "/login/", "/healthz"):
        page = client.get(asked)
        assert page.status_code == status
        assert not any(secret in page.text for secret in world.secrets())
