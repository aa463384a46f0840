"""``check_business_time``: every case of a folder, and what differs."""

import csv
import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).with_name("business_time")
DUE = ["id", "title", "calendar", "start_utc", "minutes", "pauses_utc", "expected_due_utc"]
ELAPSED = ["id", "calendar", "from_utc", "to_utc", "expected_worked_seconds"]


def check(folder):
    """Return what the command says and, if it fails, why."""
    said = StringIO()
    try:
        call_command("check_business_time", str(folder), stdout=said)
    except CommandError as failure:
        return said.getvalue(), str(failure)
    return said.getvalue(), None


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "calendars.json").write_text((CASES / "calendars.json").read_text())
    return tmp_path


def write(file, columns, *rows):
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([columns, *rows])


def due_row(
    name="C1", calendar="office", start="2026-02-10T10:00:00Z", minutes="60", pauses="", expected="2026-02-10T11:00:00Z"
):  # fmt: skip
    return [name, "a title", calendar, start, minutes, pauses, expected]


def test_every_kept_case_agrees():
    said, failure = check(CASES)
    assert failure is None
    assert said == "48 cases checked, 0 mismatches.\n"


def test_it_runs_without_an_environment_and_tells_the_shell(folder):
    manage = [sys.executable, ROOT / "platform/manage.py", "check_business_time"]
    done = subprocess.run([*manage, CASES], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == "48 cases checked, 0 mismatches.\n"
    failed = subprocess.run([*manage, folder], env={}, capture_output=True, text=True, check=False)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == f"CommandError: {folder} holds no cases.\n"


def test_each_mismatch_is_named_and_the_command_fails(folder):
    write(folder / "my_due.csv", DUE, due_row(), due_row("C2", expected="2026-02-10T11:00:01Z"))
    write(
        folder / "elapsed.csv",
        ELAPSED,
        ["E1", "office", "2026-02-10T10:00:00Z", "2026-02-10T10:01:00Z", "61"],
    )
    timelines = json.loads((CASES / "sla_timelines.json").read_text())[:1]
    timelines[0]["expected"] |= {
        "first_response_met": True,
        "resolution_due": "2026-02-12T15:00:00+00:00",
        "mood": "good",
    }
    (folder / "timelines.json").write_text(json.dumps(timelines))
    said, failure = check(folder)
    assert said.splitlines() == [
        "elapsed.csv E1: worked: expected 0:01:01, got 0:01:00",
        "my_due.csv C2: due: expected 2026-02-10T11:00:01+00:00, got 2026-02-10T11:00:00+00:00",
        "timelines.json TL01: first_response_met: expected True, got False",
        "timelines.json TL01: resolution_due: expected 2026-02-12T15:00:00+00:00, got 2026-02-12T14:00:00+00:00",
        "timelines.json TL01: mood is not worked out",
        "4 cases checked, 5 mismatches.",
    ]
    assert failure == "5 mismatches."


def test_offsets_fractions_pauses_and_no_due_time_are_read(folder):
    write(
        folder / "random_cases.csv",
        DUE,
        due_row(start="2026-02-10T15:30:00+05:30", minutes="0.5", expected="2026-02-10T10:00:30Z"),
        due_row(start="2026-02-10T10:00:00", expected="2026-02-10 11:00:00+00:00"),
        due_row(
            pauses="2026-02-10T10:30:00Z/2026-02-10T10:40:00Z;2026-02-10T10:50:00Z/2026-02-10T11:00:00Z",
            expected="2026-02-10T11:20:00Z",
        ),
        due_row(
            pauses="2026-02-10T10:30:00Z/2026-02-10T10:40:00Z | 2026-02-10T10:35:00Z/2026-02-10T11:00:00Z",
            expected="2026-02-10T11:30:00Z",
        ),
        due_row(pauses="2026-02-10T10:30:00Z/", expected=""),
        due_row("C\n6"),
    )
    assert check(folder) == ("6 cases checked, 0 mismatches.\n", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar": "nowhere"},
        {"start": "yesterday"},
        {"minutes": "an hour"},
        {"minutes": "-1"},
        {"pauses": "2026-02-10T10:30:00Z"},
        {"pauses": "2026-02-10T10:30:00Z/2026-02-10T10:00:00Z"},
        {"expected": "soon"},
    ],
)
def test_a_case_that_cannot_be_worked_out_is_a_mismatch_and_the_others_are_checked(folder, wrong):
    write(folder / "due.csv", DUE, due_row("C1", **wrong), due_row("C2"))
    said, failure = check(folder)
    first, last = said.splitlines()
    assert first.startswith("due.csv C1: not worked out (")
    assert last == "2 cases checked, 1 mismatches."
    assert failure == "1 mismatches."


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("calendars.json", "{", "calendars.json is no JSON"),
        ("calendars.json", "[]", "holds no calendars"),
        ("calendars.json", '{"desk": {"tz": "Nowhere", "week": {}}}', "calendar desk"),
        ("due.csv", "", "has the columns of no kind of case"),
        ("due.csv", "id,calendar\n1,office\n", "has the columns of no kind of case"),
        ("due.csv", b"\xff\xfe\x00", "cannot be read"),
        ("timelines.json", "[1]", "no list of timelines"),
        ("timelines.json", "nothing", "no JSON"),
        ("other.csv", "id\n1\n", "holds no cases"),
        ("due.csv", ",".join(DUE) + "\n", "holds no cases"),
    ],
)
def test_a_folder_that_cannot_be_read_is_said_to_be_so(folder, file, content, why):
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    _, failure = check(folder)
    assert why in failure


def test_a_folder_must_be_there_with_its_calendars(tmp_path):
    assert "is no folder" in check(tmp_path / "absent")[1]
    assert "calendars.json cannot be read" in check(tmp_path)[1]
