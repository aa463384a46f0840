"""Many schools in one go: checked as a whole, brought on side by side, finished by the next run."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.outbox.models import OutboxEvent
from core.tenancy import in_control_plane, in_school
from schools.models import Staff
from schools.services import onboarding
from tenants.models import Domain, Establishment, Onboarding, School
from tenants.terms import Step
from tests.factories import forget_school
from tests.tenants.registers import line, write

HEAD = "urn,admin_email,slug,plan\n"


@pytest.fixture(autouse=True)
def register(django_db_setup, django_db_blocker, tmp_path):
    """Three establishments, one of them closed; everything is committed, and taken away again."""
    lines = (
        line("860001", "Many Ash School"),
        line("860002", "Many Birch School"),
        line("860003", "Many Cedar School", **{"EstablishmentStatus (name)": "Closed"}),
    )
    with django_db_blocker.unblock():
        call_command("load_gias", str(write(tmp_path / "gias.csv", *lines)), stdout=StringIO())
        yield
        with in_control_plane():
            for school in School.objects.filter(urn__startswith="8600"):
                forget_school(school)
            Onboarding.objects.filter(urn__startswith="8600").delete()
            Establishment.objects.all().delete()


def bring_on(tmp_path, *lines, head=HEAD):
    path, told = tmp_path / "schools.csv", StringIO()
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    call_command("onboard_schools", str(path), stdout=told)
    return told.getvalue()


def schools():
    with in_control_plane():
        return list(School.objects.filter(urn__startswith="8600").order_by("urn"))


def rows():
    with in_control_plane():
        return list(Onboarding.objects.filter(urn__startswith="8600").order_by("urn"))


TWO = ("860001,head@ash.example,,trust", "860002,head@birch.example,birchwood,")


def test_schools_of_a_file_are_open_with_what_the_register_knows(tmp_path):
    told = bring_on(tmp_path, *TWO)
    assert "All 2 schools are open." in told
    ash, birch = schools()
    assert (ash.slug, ash.name, ash.plan) == ("many-ash", "Many Ash School", "trust")
    assert (birch.slug, birch.plan) == ("birchwood", "standard")
    assert (ash.phase, ash.local_authority, ash.trust) == ("Primary", "Rutland", "Elm Trust")
    assert ash.address == "1 High Street, Oakham, LE15 6AA"
    for school, email in ((ash, "head@ash.example"), (birch, "head@birch.example")):
        assert Client(HTTP_HOST=school.host).get("/login/").status_code == 200
        with in_school(school):
            assert Staff.objects.get().user.email == email
            assert Staff.objects.get().invited_at
            assert [event.kind for event in OutboxEvent.objects.all()] == ["schools.staff_invited"]
    assert [row.step for row in rows()] == [Step.OPENED, Step.OPENED]


def test_the_same_file_again_doubles_nothing(tmp_path):
    bring_on(tmp_path, *TWO)
    before = [school.pk for school in schools()]
    assert "2 schools, 2 of them open already." in bring_on(tmp_path, *TWO)
    assert [school.pk for school in schools()] == before
    for school in schools():
        with in_school(school):
            assert Staff.objects.count() == OutboxEvent.objects.count() == 1


@pytest.mark.parametrize("step", ["registering", "building", "furnishing"])
def test_t68_a_run_killed_half_way_is_finished_by_the_next(tmp_path, monkeypatch, step):
    class Killed(BaseException):
        pass

    def killed(*_args, **_kwargs):
        raise Killed

    after = {
        "registering": (onboarding.provisioning, "build_schema"),
        "building": (onboarding, "furnish_school"),
        "furnishing": (onboarding.provisioning, "open_school"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(*after[step], killed)
        with pytest.raises(Killed):
            bring_on(tmp_path, *TWO)
    assert all(row.opened_at is None for row in rows())
    assert "All 2 schools are open." in bring_on(tmp_path, *TWO)
    assert len(schools()) == 2
    with in_control_plane():
        assert Domain.objects.filter(tenant__in=schools()).count() == 2
    for school in schools():
        with in_school(school):
            assert Staff.objects.count() == OutboxEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["86000,head@ash.example,,"], "line 2, urn: No establishment has this URN"),
        (["860003,head@ash.example,,"], "line 2, urn: This establishment is closed"),
        (["860001,head,,"], "line 2, admin_email: Give the administrator's full email"),
        (["860001,head@ash.example,he1pdesk,"], "line 2, slug: “he1pdesk” is, or looks like"),
        (["860001,head@ash.example,,gold"], "line 2, plan: Give one of: standard, trial, trust"),
        (
            [TWO[0], "860002,a@b.example,many-4sh,", TWO[0]],
            "line 4, urn: This stands in the list twice",
        ),
        ([TWO[0], "860002,a@b.example,m-any-ash,"], "line 3, slug: This stands in the list twice"),
    ],
)
def test_an_error_is_said_at_its_line_and_field_and_nothing_is_taken_down(tmp_path, lines, said):
    with pytest.raises(CommandError) as refused:
        bring_on(tmp_path, *lines)
    assert said in str(refused.value)
    assert rows() == schools() == []


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("urn,slug\n", "Columns are missing: admin_email"),
        ("urn,admin_email,colour\n", "There are unknown columns. Known are: urn, admin_email"),
        ("", "Columns are missing"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, head, said):
    with pytest.raises(CommandError, match=said):
        bring_on(tmp_path, "860001,head@ash.example,x", head=head)


def test_a_look_alike_of_a_school_is_refused(tmp_path):
    bring_on(tmp_path, TWO[1])
    with pytest.raises(CommandError, match="“b1rchw00d” looks like “birchwood” of another school"):
        bring_on(tmp_path, "860001,head@ash.example,b1rchw00d,")


def test_one_that_fails_says_why_and_the_others_are_brought_on(tmp_path, monkeypatch):
    furnish = onboarding.furnish_school

    def away(**facts):
        if facts["admin_email"] == "head@ash.example":
            raise onboarding.KeysUnavailable("away")
        return furnish(**facts)

    with monkeypatch.context() as patched:
        patched.setattr(onboarding, "furnish_school", away)
        with pytest.raises(CommandError, match=r"many-ash: KeysUnavailable\. It is tried again."):
            bring_on(tmp_path, *TWO)
    assert [bool(row.opened_at) for row in rows()] == [False, True]
    assert "All 2 schools are open." in bring_on(tmp_path, *TWO)
    assert [row.failure for row in rows()] == ["", ""]
