"""A school's people and words as forms offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ui.choices import Choice, OptionLabel, PeopleGroup
from ui.names import name_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schools.models import AlertGroup, Category, Staff, Student


def student_choice(student: Student) -> Choice:
    """Return a student with year and class, which tell namesakes apart."""
    detail = " · ".join(part for part in (student.year_label, student.class_name) if part)
    return Choice(str(student.ref), name_text(student), detail)


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
