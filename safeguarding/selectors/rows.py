"""What one line of a list shows of an incident or an action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q

from safeguarding.models import Action, Incident, IncidentLink
from safeguarding.querysets import ActionQuerySet
from schools.models import Category, Staff, Student
from schools.policies import Reader


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the dashboard or of a list.

    Attributes:
        word: ‘Incident’ or ‘Action’: the link.
        student: Whom it concerns; None is a ‘Whole School Incident’.
        at: When it was alerted or recorded (UTC).
        by: Who alerted or recorded; None where it is the reader.
    """

    word: str
    ref: UUID
    student: Student | None
    categories: list[str]
    at: datetime
    by: Staff | None = None
    is_closed: bool = False


def refs_of(students: Iterable[Student | None]) -> list[UUID]:
    """Return the references of students, each once; a ‘Whole School Incident’ has none."""
    return list(dict.fromkeys(student.ref for student in students if student))


def concerned_by(incident: Incident) -> list[Student]:
    """Return the students whom an incident concerns: its own and the linked."""
    linked = IncidentLink.objects.filter(incident=incident).values("student_id")
    concerned = Student.objects.filter(Q(pk=incident.student_id) | Q(pk__in=linked))
    return list(concerned.order_by("id"))


def students_of(incident: Incident) -> list[UUID]:
    """Return the references of the students whom an incident concerns."""
    return refs_of(concerned_by(incident))


def category_names_for(reader: Reader, incident: str) -> ArraySubquery:
    """Return an annotation: the names of an incident's categories that a key holder may know of.

    Of an incident of which they read their own text alone, not what others' actions added.
    """
    if reader.sees_everything or not reader.holds_key:
        return category_names(incident, with_added=reader.holds_key)
    return category_names(incident, added_by=Action.objects.visible_to(reader))


def category_names(
    incident: str, *, with_added: bool = True, added_by: ActionQuerySet | None = None
) -> ArraySubquery:
    """Return an annotation: the names of an incident's categories.

    Args:
        incident: Path from the annotated row to the incident's id.
        with_added: Those that its actions added, too; only for who may read the actions.
        added_by: Only what these actions added.
    """
    its_own = Incident.categories.through._default_manager.filter(
        incident_id=OuterRef(OuterRef(incident))
    )
    added = Action.categories.through._default_manager.filter(
        action__incident_id=OuterRef(OuterRef(incident))
    )
    if added_by is not None:
        added = added.filter(action__in=added_by)
    chosen = Q(pk__in=its_own.values("category_id"))
    if with_added:
        chosen |= Q(pk__in=added.values("category_id"))
    names = Category.objects.filter(chosen)
    return ArraySubquery(names.order_by("name").values_list(F("name"), flat=True))
