"""``give_access`` as an operator runs it."""

import io

import pytest
from django.core.management import CommandError, call_command

from core.audit.models import AuditEntry
from core.tenancy import in_school
from schools.models import Staff
from schools.services import staff as services
from schools.terms import Refusal
from tests.factories import make_staff, staff_row


def run(school="greenwood", email="", group="Key holders"):
    out = io.StringIO()
    call_command("give_access", "--school", school, "--email", email, "--group", group, stdout=out)
    return out.getvalue()


def email_of(actor):
    return staff_row(actor).user.email


def test_ops_gives_access_whatever_the_capitals(teacher):
    said = run(email=email_of(teacher).upper(), group="key HOLDERS")
    assert said == f"{email_of(teacher).upper()} is in ‘Key holders’.\n"
    assert staff_row(teacher).access_group.holds_key
    entry = AuditEntry.objects.get(verb="staff.access_changed")
    assert (entry.user_id, entry.subject_ref) == (None, teacher.staff_ref)
    assert entry.request_id


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"school": "nowhere"}, "There is no open school with that slug."),
        ({"email": "nobody@greenwood.example"}, "Nobody at this school logs in with that"),
        ({"group": "Heads"}, "there are: Staff, Key holders, Administrators."),
    ],
)
def test_ops_is_told_in_one_line_what_is_unknown(teacher, wrong, said):
    right = {"email": email_of(teacher)}
    with pytest.raises(CommandError) as refused:
        run(**right | wrong)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not staff_row(teacher).access_group.holds_key
    assert run(**right)


@pytest.mark.parametrize("options", [[], ["--school", "greenwood", "--school", "hillside"]])
def test_t21_command_without_a_school_or_with_two_refuses(teacher, options):
    with pytest.raises(CommandError, match="exactly one"):
        call_command("give_access", *options, "--email", email_of(teacher), "--group", "Staff")


@pytest.mark.isolation
def test_t04_command_finds_nobody_of_another_school(in_school_a, school_b):
    with in_school(school_b):
        theirs = email_of(make_staff("theirs"))
    with pytest.raises(CommandError, match="Nobody at this school"):
        run(email=theirs)
    assert run(school="hillside", email=theirs)


def test_t33_ops_does_not_take_the_last_administrator_away(administrator):
    for staff in Staff.objects.administrators().exclude(pk=administrator.staff_id):
        services.deactivate_staff(actor=administrator, ref=staff.ref)
    with pytest.raises(CommandError) as refused:
        run(email=email_of(administrator))
    assert str(refused.value) == Refusal.LAST_ADMINISTRATOR.sentence
    assert staff_row(administrator).access_group.administers
    assert run(email=email_of(administrator), group="Administrators")
