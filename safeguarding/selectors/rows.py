"""What one line of a list shows of an incident or an action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q

from safeguarding.models import Action, Incident, IncidentLink
from schools.models import Category, Staff, Student


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


def category_names(incident: str, *, with_added: bool = True) -> ArraySubquery:
    """Return an annotation: the names of an incident's categories.

    Args:
        incident: Path from the annotated row to the incident's id.
        with_added: Those that its actions added, too; only for who may read the actions.
    """
    its_own = Incident.categories.through._default_manager.filter(
        incident_id=OuterRef(OuterRef(incident))
    )
    added = Action.categories.through._default_manager.filter(
        action__incident_id=OuterRef(OuterRef(incident))
    )
    chosen = Q(pk__in=its_own.values("category_id"))
    if with_added:
        chosen |= Q(pk__in=added.values("category_id"))
    names = Category.objects.filter(chosen)
    return ArraySubquery(names.order_by("name").values_list(F("name"), flat=True))
