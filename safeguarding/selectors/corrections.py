"""What was corrected of an incident, as its page shows it to key holders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from safeguarding.models import Action, Amendment, CategoryChange, Incident
from safeguarding.selectors.rows import students_of
from schools.models import Student
from schools.policies import Reader


@dataclass(frozen=True, kw_only=True)
class Version:
    """What an incident or an action said until it was amended, and what was different.

    Attributes:
        amendment: Who amended it, when and why, and what it said before.
        has_other_text: The text was amended.
        happened_at: When it had happened, where that was corrected (UTC).
    """

    amendment: Amendment
    has_other_text: bool
    happened_at: datetime | None

    @property
    def was_whole_school(self) -> bool:
        """Whether it stood on no one student's record."""
        return self.amendment.moves_student and self.amendment.student_id is None


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """Everything that was corrected of an incident.

    Attributes:
        versions: Earlier versions of the incident, newest first.
        of_actions: The same by row id of the action.
        categories: Categories put on it and taken off it, newest first.
        amended: Row ids of the actions that were amended; whoever reads them may know.
        is_amended: The incident's own text was.
    """

    is_amended: bool
    amended: frozenset[int]
    versions: list[Version] = field(default_factory=list)
    of_actions: dict[int, list[Version]] = field(default_factory=dict)
    categories: list[CategoryChange] = field(default_factory=list)

    @property
    def students(self) -> list[Student]:
        """Students on whose records it was before."""
        return [v.amendment.student for v in self.versions if v.amendment.student is not None]


def corrections_of(
    reader: Reader, incident: Incident, actions: Iterable[Action], *, is_whole: bool
) -> Corrections:
    """Return what was corrected; without the key, only that something was. Two queries at most."""
    rows = list(
        Amendment.objects.filter(incident=incident)
        .select_related("author", "student")
        .order_by("-id")
    )
    amended = frozenset(row.action_id for row in rows if row.action_id)
    is_amended = any(not row.action_id and not row.moves_student for row in rows)
    if not (reader.holds_key and is_whole):
        return Corrections(is_amended=is_amended, amended=amended)
    changes = CategoryChange.objects.filter(incident=incident).select_related("category", "author")
    return Corrections(
        is_amended=is_amended,
        amended=amended,
        versions=_versions(incident, [row for row in rows if not row.action_id]),
        of_actions={
            action.pk: _versions(action, [row for row in rows if row.action_id == action.pk])
            for action in actions
        },
        categories=list(changes.order_by("-id")),
    )


def _versions(now: Incident | Action, rows: list[Amendment]) -> list[Version]:
    found: list[Version] = []
    newer: Any = now
    for row in rows:
        other_time = row.occurred_at != newer.occurred_at
        found.append(
            Version(
                amendment=row,
                has_other_text=row.text != newer.text,
                happened_at=row.occurred_at if other_time else None,
            )
        )
        newer = row
    return found


@dataclass(frozen=True, kw_only=True)
class Amendable:
    """What a key holder is about to correct."""

    incident: Incident
    action: Action | None
    version: int
    newest: Amendment | None
    students: list[UUID]

    @property
    def amended(self) -> Incident | Action:
        """The incident or the action."""
        return self.action or self.incident


def amendable_incident(reader: Reader, ref: UUID) -> Amendable:
    """Return an incident that a key holder may correct.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from the person.
    """
    return _amendable(reader, ref, None)


def amendable_action(reader: Reader, ref: UUID) -> Amendable:
    """Return an action that a key holder may amend.

    Raises:
        Action.DoesNotExist: Absent, or hidden from the person.
    """
    action = Action.objects.visible_to(reader).select_related("incident").get(ref=ref)
    return _amendable(reader, action.incident.ref, action)


def _amendable(reader: Reader, ref: UUID, action: Action | None) -> Amendable:
    visible = Incident.objects.wholly_visible_to(reader)
    related = ("categories", "links__student")
    incident = visible.select_related("student").prefetch_related(*related).get(ref=ref)
    versions = list(
        Amendment.objects.filter(incident=incident, action=action)
        .select_related("author")
        .order_by("-id")
    )
    return Amendable(
        incident=incident,
        action=action,
        version=len(versions),
        newest=versions[0] if versions else None,
        students=students_of(incident),
    )


def moved_from(reader: Reader, student: Student) -> list[Amendment]:
    """Return the incidents that were moved from a student's record; where, a link alone says."""
    moved = Amendment.objects.filter(moves_student=True, student=student)
    visible = moved.filter(incident__in=Incident.objects.wholly_visible_to(reader))
    return list(visible.select_related("incident", "author").order_by("-id"))
