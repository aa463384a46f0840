"""Cases of working time, written down in files, with the answers that are expected.

A folder holds ``calendars.json`` and any of: CSV files of due times (``*due*``, ``*random*``) and of
elapsed time (``*elapsed*``), told apart by their columns, and ``*timelines*.json``.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Any

from helpdesk.promises import Event, Kind, Promises, Targets, promises_at
from helpdesk.working_time import Calendar, NoWorkingTime, Pause, calendar_from, due, worked

Row = Mapping[str, Any]
Calendars = Mapping[str, Calendar]

_DUE_COLUMNS = {"id", "calendar", "start_utc", "minutes", "expected_due_utc"}
_ELAPSED_COLUMNS = {"id", "calendar", "from_utc", "to_utc", "expected_worked_seconds"}
_MINUTE, _SECOND, _MICROSECOND = timedelta(minutes=1), timedelta(seconds=1), Decimal(1_000_000)


class Unreadable(Exception):
    """A folder or file holds no cases; the sentence says which and why."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case: what it is called and how to find out what is wrong with our answer."""

    file: str
    id: str
    row: Row
    calendars: Calendars
    compare: Callable[[Row, Calendars], list[str]]

    def mismatches(self) -> list[str]:
        """Return each difference, “expected …, got …”; a case that cannot be read is one too."""
        try:
            return self.compare(self.row, self.calendars)
        except (ValueError, TypeError, LookupError, AttributeError, InvalidOperation) as fault:
            return [f"not worked out ({type(fault).__name__}: {fault})"]


def cases_in(folder: Path) -> Iterator[Case]:
    """Yield every case of a folder, file by file.

    Raises:
        Unreadable: No such folder, no calendars, a file that cannot be read, or not one case.
    """
    if not folder.is_dir():
        raise Unreadable(f"{folder} is no folder.")
    calendars = _calendars(folder / "calendars.json")
    found = False
    for file in sorted(folder.iterdir()):
        for case in _cases_of(file, calendars):
            found = True
            yield case
    if not found:
        raise Unreadable(f"{folder} holds no cases.")


def _cases_of(file: Path, calendars: Calendars) -> Iterator[Case]:
    if re.search(r"(due|random|elapsed).*\.csv$", file.name):
        rows, compare = _table(file)
    elif re.search(r"timelines.*\.json$", file.name):
        rows, compare = _listed(file), _compare_timeline
    else:
        return
    for row in rows:
        name = str(row.get("id", "?"))
        yield Case(file=file.name, id=name, row=row, calendars=calendars, compare=compare)


def _calendars(file: Path) -> Calendars:
    written = _json(file)
    if not isinstance(written, dict) or not written:
        raise Unreadable(f"{file} holds no calendars by name.")
    calendars = {}
    for which, facts in written.items():
        try:
            calendars[which] = calendar_from(facts)
        except ValueError as fault:
            raise Unreadable(f"{file}, calendar {which}: {fault}") from fault
    return calendars


def _table(file: Path) -> tuple[list[Row], Callable[[Row, Calendars], list[str]]]:
    rows = csv.DictReader(StringIO(_text(file), newline=""))
    columns = set(rows.fieldnames or ())
    if columns >= _ELAPSED_COLUMNS:
        return list(rows), _compare_elapsed
    if columns >= _DUE_COLUMNS:
        return list(rows), _compare_due
    raise Unreadable(f"{file} has the columns of no kind of case.")


def _listed(file: Path) -> list[Row]:
    rows = _json(file)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(f"{file} is no list of timelines.")
    return rows


def _json(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except json.JSONDecodeError as fault:
        raise Unreadable(f"{file} is no JSON: {fault}.") from fault


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Unreadable(f"{file} cannot be read: {fault}.") from fault


def _compare_due(row: Row, calendars: Calendars) -> list[str]:
    calendar = calendars[row["calendar"]]
    budget = timedelta(microseconds=int(Decimal(row["minutes"]) * 60 * _MICROSECOND))
    got: datetime | None
    try:
        got = due(calendar, _utc(row["start_utc"]), budget, _pauses(row.get("pauses_utc")))
    except NoWorkingTime:
        got = None
    return _unequal("due", _instant_or_none(row["expected_due_utc"]), got)


def _compare_elapsed(row: Row, calendars: Calendars) -> list[str]:
    start, end = _utc(row["from_utc"]), _utc(row["to_utc"])
    pauses = _pauses(row.get("pauses_utc"))
    got = worked(calendars[row["calendar"]], start, end, pauses)
    microseconds = int(Decimal(row["expected_worked_seconds"]) * _MICROSECOND)
    return _unequal("worked", timedelta(microseconds=microseconds), got)


def _compare_timeline(row: Row, calendars: Calendars) -> list[str]:
    log = [_created(row, calendars)]
    log += [_event(one, calendars) for one in row["events"] if one["kind"] != "end"]
    ends = [_local(one["at_local"]) for one in row["events"] if one["kind"] == "end"]
    got = _answers(promises_at(log, ends[-1] if ends else max(event.at for event in log)))
    found = []
    for name, expected in row["expected"].items():
        if name not in got:
            found.append(f"{name} is not worked out")
        elif name.endswith("_due"):
            found += _unequal(name, expected and _local(expected), got[name])
        else:
            found += _unequal(name, expected, got[name])
    return found


def _answers(promises: Promises) -> dict[str, Any]:
    answers: dict[str, Any] = {"state_at_end": promises.state.value}
    both = {"first_response": promises.first_reply, "resolution": promises.resolution}
    for name, promise in both.items():
        answers |= {
            f"{name}_due": promise.due,
            f"{name}_met": promise.met,
            f"{name}_used_seconds": promise.used / _SECOND,
            f"{name}_left_seconds": promise.left / _SECOND,
        }
    return answers


def _created(row: Row, calendars: Calendars) -> Event:
    return Event(
        kind=Kind.CREATED,
        at=_local(row["created_local"]),
        calendar=calendars[row["calendar"]],
        targets=_targets(row["policy"]),
    )


def _event(one: Row, calendars: Calendars) -> Event:
    return Event(
        kind=Kind(one["kind"]),
        at=_local(one["at_local"]),
        calendar=calendars[one["calendar"]] if "calendar" in one else None,
        targets=_targets(one["policy"]) if "policy" in one else None,
    )


def _targets(policy: Row) -> Targets:
    return Targets(
        first_reply=policy["first_response_min"] * _MINUTE,
        resolution=policy["resolution_min"] * _MINUTE,
    )


def _pauses(written: str | None) -> list[Pause]:
    """Read “start/end”, several with a semicolon, comma, bar or blank between; no end is open."""
    pauses: list[Pause] = []
    for pause in re.split(r"[;,|\s]+", (written or "").strip()):
        if pause:
            start, end = pause.split("/")
            pauses.append((_utc(start), _instant_or_none(end)))
    return pauses


def _instant_or_none(written: str) -> datetime | None:
    return _utc(written) if written else None


def _utc(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _local(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _unequal(what: str, expected: object, got: object) -> list[str]:
    return [] if expected == got else [f"{what}: expected {_shown(expected)}, got {_shown(got)}"]


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
