"""A school's people and words as forms offer them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext

from ui.choices import Choice, OptionLabel, PeopleGroup
from ui.names import name_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schools.models import AlertGroup, Category, Staff, Student


def student_choice(student: Student) -> Choice:
    """Return a student with year and class, which tell namesakes apart."""
    detail = " · ".join(part for part in (student.year_label, student.class_name) if part)
    return Choice(str(student.ref), name_text(student), detail)


def student_choices(students: Iterable[Student]) -> list[Choice]:
    """Return students; whom name, year and class leave alike also with the day they were born.

    Day and month are enough to tell two classmates apart: the year is not said.
    """
    rows = list(students)
    made = [student_choice(one) for one in rows]
    alike = Counter((one.label, one.detail) for one in made)
    return [
        replace(one, detail=_with_birthday(one.detail, row))
        if alike[one.label, one.detail] > 1
        else one
        for one, row in zip(made, rows, strict=True)
    ]


def _with_birthday(detail: str, student: Student) -> str:
    if student.born_on is None:
        return detail
    born = gettext("born %(day)s") % {"day": date_format(student.born_on, "j F")}
    return " · ".join(part for part in (detail, born) if part)


def staff_choice(staff: Staff) -> Choice:
    """Return a member of staff."""
    return Choice(str(staff.ref), staff.display_name)


def category_options(categories: Iterable[Category]) -> list[tuple[str, OptionLabel]]:
    """Return categories for tick boxes, sub-categories beneath theirs."""
    return [
        (str(category.ref), OptionLabel(category.name, depth=1 if category.parent_id else 0))
        for category in categories
    ]


def people_group(group: AlertGroup) -> PeopleGroup:
    """Return an alert group as a button."""
    members = [staff_choice(member) for member in group.members.all()]
    return PeopleGroup(str(group.ref), group.name, members)


def known_refs(values: Sequence[str]) -> list[UUID]:
    """Return the well-formed references among posted values."""
    refs = []
    for value in values:
        try:
            refs.append(UUID(value))
        except ValueError:
            continue
    return refs
