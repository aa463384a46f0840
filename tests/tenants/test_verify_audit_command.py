"""``verify_audit``: one line a school, what is wrong with it, and how it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.audit import sealing
from core.tenancy import in_school
from tests.core.audit.conftest import by_hand, write

pytestmark = pytest.mark.usefixtures("may_become_owner")


@pytest.fixture(autouse=True)
def no_anchors(settings):
    """Other tests' anchors outlive what was rolled back with them."""
    settings.AUDIT_ANCHOR_BUCKET = settings.S3_BUCKET


def run(*arguments):
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except CommandError as refusal:
        return refusal.returncode, out.getvalue().splitlines(), str(refusal)
    return 0, out.getvalue().splitlines(), ""


def test_a_record_that_holds_is_one_line_with_its_figures(school_a):
    with in_school(school_a):
        write(3)
        sealing.seal_all()
        write(1)
    ended, [line], _ = run("--school", school_a.slug)
    name, verdict, rows, speed, head, tail, anchor = line.split("\t")
    assert (ended, name, verdict) == (0, school_a.slug, "holds")
    assert int(rows.split()[0]) > 3
    assert speed.endswith("rows/s")
    assert head.startswith("head 1 ")
    assert tail.startswith("tail 1")
    assert anchor == "no anchor yet"


def test_t45_a_record_that_does_not_hold_ends_with_1_and_names_the_first_row(school_a):
    with in_school(school_a):
        first, second = write(2)
        sealing.seal_all()
        by_hand("UPDATE audit_auditentry SET user_id = 2 WHERE id >= %s", first.id)
    ended, [line, finding], said = run("--school", school_a.slug)
    assert (ended, said) == (1, "1 of 1 records do not hold.")
    assert line.split("\t")[1] == "BROKEN"
    assert f"2 bent rows; the first: id {first.id}, {first.ref}, tests.done, recorded " in finding
    assert str(second.ref) not in finding


def test_all_of_them_and_one_that_is_bent_hides_no_other(school_a, school_b):
    for school in (school_a, school_b):
        with in_school(school):
            rows = write(2)
            sealing.seal_all()
    ended, lines, _ = run("--all")
    assert ended == 0
    names = [line.split("\t")[0] for line in lines]
    assert names == ["control plane", school_a.slug, school_b.slug]
    with in_school(school_b):
        by_hand("DELETE FROM audit_auditentry WHERE id = %s", rows[0].id)
    ended, lines, said = run("--all")
    assert (ended, said) == (1, "1 of 3 records do not hold.")
    assert [line.split("\t")[0] for line in lines] == [*names, school_b.slug]
    assert f"1 missing rows; the first: id {rows[0].id}" in lines[-1]
