"""What was changed of an incident, column by column, as the database itself wrote it down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop

from core.audit.models import AuditEntry
from safeguarding.models import Incident
from safeguarding.querysets import AuditQuerySet
from safeguarding.terms import ROW_VERBS, Status
from schools.models import Staff, Student
from schools.policies import Reader

#: Changes on an incident's page, the newest ones.
MOST_CHANGES = 200
#: A text longer than this is folded.
SHORT = 120

_LABELS = {
    "student_id": gettext_noop("Student"),
    "is_whole_school": gettext_noop("Whole School Incident"),
    "text": gettext_noop("Incident"),
    "occurred_at": gettext_noop("Date/Time"),
    "recorded_at": gettext_noop("Recorded"),
    "author_id": gettext_noop("Added by"),
    "status": gettext_noop("Status"),
    "closed_at": gettext_noop("Closed"),
    "closed_by_id": gettext_noop("Closed by"),
    "assignee_id": gettext_noop("Assigned to"),
}
_PEOPLE = {"author_id", "closed_by_id", "assignee_id"}


@dataclass(frozen=True, kw_only=True)
class Value:
    """What a field held, as one of: a student, a member of staff, an instant (UTC), or words."""

    student: Student | None = None
    person: Staff | None = None
    instant: datetime | None = None
    words: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it is folded."""
        return len(self.words) > SHORT


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field, before and after."""

    label: str
    old: Value
    new: Value


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one transaction changed of the incident.

    Attributes:
        by: Who, by the entry of the same transaction; None where there is none: the row was
            changed past the platform, or nobody was logged in.
        is_deletion: The row itself was deleted.
    """

    at: datetime
    by: Staff | None
    is_deletion: bool
    fields: list[FieldChange]


def changes_of(reader: Reader, incident: Incident) -> list[Change]:
    """Return what was changed of an incident since it was recorded, newest first.

    Nothing for whoever does not hold the key. One query; two more where something was changed.
    """
    entries = AuditQuerySet(AuditEntry).visible_to(reader)
    deeds = entries.filter(transaction=OuterRef("transaction")).deeds().order_by("id")
    rows: list[Any] = list(
        entries.filter(
            subject_kind=incident._meta.label_lower,
            subject_ref=incident.ref,
            verb__in=ROW_VERBS - {"row.inserted"},
        )
        .annotate(by_account=Subquery(deeds.values("user_id")[:1]))
        .order_by("-id")[:MOST_CHANGES]
    )
    values = _Values(reader, rows)
    return [
        Change(
            at=row.recorded_at,
            by=values.by_account.get(row.by_account),
            is_deletion=row.verb == "row.deleted",
            fields=[
                FieldChange(
                    label=_label_of(column),
                    old=values.read(column, old),
                    new=values.read(column, new),
                )
                for column, (old, new) in (row.changes or {}).items()
            ],
        )
        for row in rows
    ]


def students_before(changes: Iterable[Change]) -> list[Student]:
    """Return the students whom an incident was about before it was changed."""
    values = (v for change in changes for field in change.fields for v in (field.old, field.new))
    return [value.student for value in values if value.student]


class _Values:
    """Reads what columns held: numbers of rows become people and students."""

    def __init__(self, reader: Reader, rows: Iterable[Any]) -> None:
        held: dict[str, set[Any]] = {}
        accounts = set()
        for row in rows:
            accounts.add(row.by_account)
            for column, pair in (row.changes or {}).items():
                held.setdefault(column, set()).update(one for one in pair if _is_id(one))
        ids = {one for column in _PEOPLE for one in held.get(column, ())}
        by_id = Staff.objects.filter(pk__in=ids) | Staff.objects.filter(user_id__in=accounts)
        self._people = {one.pk: one for one in by_id}
        self.by_account = {one.user_id: one for one in self._people.values()}
        visible = Student.objects.visible_to(reader).filter(pk__in=held.get("student_id", ()))
        self._students = {one.pk: one for one in visible}

    def read(self, column: str, held: Any) -> Value:
        """Return what a column held, for the page."""
        if column in _PEOPLE and held in self._people:
            return Value(person=self._people[held])
        if column == "student_id" and held in self._students:
            return Value(student=self._students[held])
        if column.endswith("_at") and (instant := parse_datetime(str(held))):
            return Value(instant=instant)
        if column == "status" and held in list(Status):
            return Value(words=gettext(Status(held).label))
        if isinstance(held, bool):
            return Value(words=gettext("Yes") if held else gettext("No"))
        return Value(words="" if held is None else str(held))


def _label_of(column: str) -> str:
    known = _LABELS.get(column)
    return gettext(known) if known else column.replace("_", " ").capitalize()


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
