"""Writes small exports for tests: only the cells that a test is about."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from infra.demo_data.make import HEADERS
from schools.mis.oneroster import read_folder
from schools.mis.plan import ImportPlan
from schools.mis.problems import Problem, Weight
from schools.mis.rows import Roster

TODAY = date(2026, 11, 23)
URN = "123456"

Row = Mapping[str, str]


def pupil(sourced_id: str, **cells: str) -> Row:
    """A row of users.csv."""
    row = {"role": "student", "givenName": "Nia", "familyName": "Evans", "grades": "4"}
    return {"sourcedId": sourced_id, "enabledUser": "true", "orgSourcedIds": "o1", **row, **cells}


def teacher(sourced_id: str, **cells: str) -> Row:
    """A row of users.csv."""
    row = {"role": "teacher", "givenName": "Tom", "familyName": "Okafor"}
    return {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "orgSourcedIds": "o1",
        "email": f"{sourced_id}@school.example",
        **row,
        **cells,
    }


def homeroom(sourced_id: str, title: str, **cells: str) -> Row:
    """A row of classes.csv."""
    return {"sourcedId": sourced_id, "title": title, "classType": "homeroom", **cells}


def enrolment(pupil_id: str, class_id: str, **cells: str) -> Row:
    """A row of enrollments.csv."""
    return {"userSourcedId": pupil_id, "classSourcedId": class_id, "role": "student", **cells}


def write_export(
    folder: Path,
    *,
    modes: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    line_end: str = "\r\n",
    **files: Iterable[Row],
) -> Path:
    """Write manifest.csv and the files given; a file that is given is bulk unless said."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {f"file.{name}": (modes or {}).get(name, "bulk") for name in files}
    manifest = {"manifest.version": "1.0", "oneroster.version": "1.1", **said}
    rows = [{"propertyName": name, "value": value} for name, value in manifest.items()]
    for name, content in {"manifest": rows, **files}.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as text:
            header = HEADERS[name].split(",")
            writer = csv.DictWriter(text, header, restval="", lineterminator=line_end)
            writer.writeheader()
            writer.writerows(content)
    return folder


def read(folder: Path, **options: Any) -> Roster:
    """Read an export as the school with ``URN`` on ``TODAY``."""
    return read_folder(folder, **{"urn": URN, "today": TODAY, **options})


def said(found: Roster | ImportPlan, weight: Weight = Weight.BAD_ROW) -> list[tuple[str, int, str]]:
    """Where the problems of a weight are."""
    return [where(problem) for problem in found.problems if problem.weight is weight]


def where(problem: Problem) -> tuple[str, int, str]:
    """Where a problem is."""
    return problem.file, problem.line, problem.column
