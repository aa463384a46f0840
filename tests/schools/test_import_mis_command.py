"""``import_mis`` as an operator runs it."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.tenancy import in_school
from schools.models import Student
from tests.schools.mis.exports import pupil, teacher, write_export

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(school_a: Any) -> Any:
    """Run the command; return what it prints and, if it fails, why."""

    def run(*arguments: str) -> tuple[str, str]:
        out = io.StringIO()
        try:
            call_command("import_mis", *arguments, stdout=out, stderr=io.StringIO())
        except CommandError as error:
            return out.getvalue(), str(error)
        return out.getvalue(), ""

    return run


USERS = [
    pupil("p1", givenName="Maddy", familyName="Greenwood", identifier="H801200001001"),
    teacher("t1"),
]


def counted(out: str) -> dict[str, int]:
    rows = re.findall(r"^  (\D+?) +([\d,]+)$", out, re.MULTILINE)
    return {words: int(number.replace(",", "")) for words, number in rows}


def test_an_import_and_its_report(run, school_a, tmp_path):
    out, why = run("--school", school_a.slug, str(write_export(tmp_path, users=USERS)))
    assert why == ""
    assert counted(out)["students new"] == 1
    assert counted(out)["staff new"] == 1
    with in_school(school_a):
        assert Student.objects.filter(sourced_id="p1").exists()


def test_a_dry_run_names_lines_and_no_pupil(run, school_a, tmp_path):
    folder = write_export(tmp_path, users=USERS)
    out, why = run("--school", school_a.slug, str(folder), "--dry-run")
    assert why == ""
    assert "users.csv:2: student create" in out
    assert not [word for word in ("Maddy", "Greenwood,", "H801200001001") if word in out]
    with in_school(school_a):
        assert not Student.objects.exists()


def test_bad_rows_are_listed_with_file_line_column_and_reason(run, school_a, tmp_path):
    users = [*USERS, pupil("p2", familyName=""), teacher("t2", email="Tom Okafor")]
    folder = write_export(tmp_path, users=users)
    out, why = run("--school", school_a.slug, str(folder))
    assert "users.csv:4: familyName: is empty" in out
    assert "users.csv:5: email: is not an email address" in out
    assert "--keep-good-rows" in why
    out, why = run("--school", school_a.slug, str(folder), "--keep-good-rows")
    assert why == ""
    with in_school(school_a):
        assert Student.objects.count() == 1


def test_a_leaver_is_shown_by_reference(run, school_a, tmp_path):
    run("--school", school_a.slug, str(write_export(tmp_path, users=USERS)))
    with in_school(school_a):
        ref = Student.objects.get().ref
    folder = write_export(tmp_path, users=USERS[1:])
    out, _ = run("--school", school_a.slug, str(folder), "--dry-run")
    assert f"not in users.csv: student leave {ref}" in out


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ([], "exactly one"),
        (["--school", "greenwood", "--school", "hillside"], "exactly one"),
        (["--school", "nowhere"], "no open school"),
    ],
)
def test_t21_without_a_school_or_with_two_it_refuses(run, tmp_path, chosen, words):
    out, why = run(*chosen, str(write_export(tmp_path, users=USERS)))
    assert words in why
    assert out == ""


def test_a_folder_that_is_not_there(run, school_a):
    out, why = run("--school", school_a.slug, str(Path("/nowhere/at/all")))
    assert "manifest.csv:0: (file): cannot be opened" in out
    assert "Nothing was imported" in why


def test_only_one_of_the_two_options_about_bad_rows(run, school_a, tmp_path):
    _, why = run("--school", school_a.slug, str(tmp_path), "--keep-good-rows", "--all-or-nothing")
    assert "not allowed with" in why
