"""Bringing a school on: all of it or nothing of it, however often it is stopped."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core import keyring
from core.accounts.models import User
from core.accounts.tokens import password_link_tokens
from core.tenancy import in_control_plane, in_school
from schools.models import AccessGroup, Category, Staff
from schools.services import onboarding
from schools.services.onboarding import onboard_school
from schools.terms import DEFAULT_CATEGORIES
from tenants.models import Domain, School
from tenants.services import blueprints
from tenants.terms import RESERVED_SLUGS, SchoolState

OAKFIELD = {
    "slug": "oakfield",
    "name": "Oakfield School",
    "urn": "100001",
    "admin_email": "Head@Oakfield.example",
}
HOST = "oakfield.localhost"


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 's\\_%'")
        return {name for (name,) in cursor.fetchall()}


def everything():
    """All that onboarding could leave behind."""
    with in_control_plane():
        rows = [list(model.objects.order_by("pk").values()) for model in (School, Domain)]
    return *rows, schemas()


def at(school):
    with in_school(school):
        kinds = (AccessGroup, Category, Staff, User)
        return [list(model.objects.order_by("pk").values()) for model in kinds]


def answers():
    return Client(HTTP_HOST=HOST).get("/login/").status_code


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        *[
            ("slug", value, "lower-case")
            for value in (
                "Oakfield",
                "-oak",
                "oak-",
                "o--ak",
                "oak_field",
                "1oak",
                "oak.field",
                "oakfeld\n",
            )
        ],
        ("slug", "grünfeld", "lower-case"),
        ("slug", "", "3 to 40"),
        ("slug", "oa", "3 to 40"),
        ("slug", "o" * 41, "3 to 40"),
        ("slug", "helpdesk", "name of the platform"),
        ("slug", "greenwood", "taken"),
        ("urn", "123456", "under another slug"),
        *[
            ("urn", value, "six digits")
            for value in (
                "12345",
                "1234567",
                "abcdef",
                "12 456",
                "-12345",
                "\N{FULLWIDTH DIGIT ONE}23456",
            )
        ],
        ("urn", "", "cannot be blank"),
        *[
            ("admin_email", value, "full email address")
            for value in ("", "head", "head@", "@oakfield.example", "a b@oakfield.example", "a@b\n")
        ],
        ("name", "", "name"),
        ("name", "   ", "name"),
        ("name", "Oak\nfield", "name"),
        ("name", "O" * 201, "200 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(field, value, reason, school_a):
    before = everything()
    with pytest.raises(ValidationError) as refused:
        onboard_school(**{**OAKFIELD, field: value})
    assert list(refused.value.message_dict) == [field]
    assert reason in refused.value.message_dict[field][0]
    assert everything() == before


def test_every_host_of_the_platform_is_reserved(school_a):
    before = everything()
    assert {"www", "helpdesk", "ops"} <= RESERVED_SLUGS
    for slug in RESERVED_SLUGS:
        with pytest.raises(ValidationError):
            onboard_school(**{**OAKFIELD, "slug": slug})
    assert everything() == before


def command(**changed):
    told = StringIO()
    asked = {f"--{name.replace('_', '-')}": value for name, value in (OAKFIELD | changed).items()}
    line = [word for pair in asked.items() for word in pair]
    call_command("onboard_school", *line, stdout=told)
    return told.getvalue()


def test_the_command_says_field_by_field_what_is_wrong(school_a):
    before = everything()
    with pytest.raises(CommandError) as refused:
        command(slug="Oak", urn="1", admin_email="head")
    said = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in said] == ["--slug", "--urn", "--admin-email"]
    assert everything() == before


def test_g6_02_a_new_school_has_what_it_starts_with(school_a):
    assert answers() == 404
    told = command()
    assert "Oakfield School is open at http://oakfield.localhost/login/" in told
    assert answers() == 200
    with in_control_plane():
        school = School.objects.get(slug="oakfield")
        assert [d.domain for d in Domain.objects.filter(tenant=school)] == [HOST]
    assert school.state == SchoolState.OPEN
    assert school.schema_name.startswith("s_")
    assert "oakfield" not in school.schema_name
    assert school.schema_name in schemas()
    assert keyring.text_aead(school)
    assert keyring.files_aead(school)
    assert bytes(school.text_keyset) != bytes(school_a.text_keyset)
    with in_school(school):
        names = Category.objects.filter(parent=None).values_list("name", flat=True)
        assert sorted(names) == sorted(DEFAULT_CATEGORIES)
        groups = AccessGroup.objects.values_list("name", "holds_key", "administers", "is_default")
        assert set(groups) == {
            ("Staff", False, False, True),
            ("Key holders", True, False, False),
            ("Administrators", False, True, False),
        }
        administrator = Staff.objects.select_related("user", "access_group").get()
        assert administrator.access_group.administers
        assert administrator.user.email == "head@oakfield.example"
        assert not administrator.user.has_usable_password()
        token = password_link_tokens.make_token(administrator.user)
    path = f"/login/link/{administrator.user.ref}/{token}/"
    assert "set-password" in Client(HTTP_HOST=HOST).get(path)["Location"]


def test_running_it_again_changes_nothing(school_a):
    before, inside = everything(), at(school_a)
    again = onboard_school(
        slug="greenwood",
        name="Another name",
        urn="123456",
        admin_email="head@greenwood.example",
        admin_name=("Another", "Name"),
    )
    assert again.pk == school_a.pk
    assert everything() == before
    assert at(school_a) == inside


def test_what_a_school_changed_since_stays_changed_when_it_is_run_again(school_a):
    with in_school(school_a):
        Category.objects.filter(name="Legacy").update(name="Older", is_active=False)
        AccessGroup.objects.filter(name="Key holders").update(administers=True)
        inside = at(school_a)
    onboard_school(slug="greenwood", name="x", urn="123456", admin_email="head@greenwood.example")
    assert at(school_a) == inside


class Killed(BaseException):
    """What a killed process does not live to catch."""


def killed(*_args, **_kwargs):
    raise Killed


def stop_in(monkeypatch, step):
    """Let the run be killed right after a step, or in the middle of it."""
    after = {
        "registering": (onboarding.provisioning, "build_schema"),
        "half the schema": (blueprints, "note"),
        "building": (onboarding, "furnish_school"),
        "furnishing": (onboarding.provisioning, "open_school"),
    }
    monkeypatch.setattr(*after[step], killed)


@pytest.mark.parametrize("step", ["registering", "half the schema", "building", "furnishing"])
def test_t68_a_run_that_was_killed_is_finished_by_the_next(step, school_a, monkeypatch):
    with monkeypatch.context() as patched:
        stop_in(patched, step)
        with pytest.raises(Killed):
            onboard_school(**OAKFIELD)
        assert locks() == []
    with in_control_plane():
        half = School.objects.get(slug="oakfield")
    assert half.state == SchoolState.ONBOARDING
    assert answers() == 404
    whole = onboard_school(**OAKFIELD)
    assert (whole.pk, whole.ref, whole.schema_name) == (half.pk, half.ref, half.schema_name)
    assert bytes(whole.text_keyset) == bytes(half.text_keyset)
    assert answers() == 200
    with in_control_plane():
        assert Domain.objects.filter(tenant=whole).count() == 1
    with in_school(whole):
        assert Category.objects.count() == len(DEFAULT_CATEGORIES)
        assert AccessGroup.objects.count() == 3
        assert Staff.objects.count() == User.objects.count() == 1


def test_a_half_made_school_is_not_taken_over_by_another(school_a, monkeypatch):
    with monkeypatch.context() as patched:
        stop_in(patched, "registering")
        with pytest.raises(Killed):
            onboard_school(**OAKFIELD)
    for changed in ({"urn": "100002"}, {"slug": "elmfield"}):
        with pytest.raises(ValidationError):
            onboard_school(**OAKFIELD | changed)


def locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        )
        return [number for (number,) in cursor.fetchall()]


def test_two_runs_for_one_school_wait_for_each_other(school_a, monkeypatch):
    held = []
    build = onboarding.provisioning.build_schema

    def look(school):
        build(school)
        held.append(locks())

    monkeypatch.setattr(onboarding.provisioning, "build_schema", look)
    assert locks() == []
    onboard_school(slug="greenwood", name="x", urn="123456", admin_email="head@greenwood.example")
    assert held == [[123456]]
    assert locks() == []
