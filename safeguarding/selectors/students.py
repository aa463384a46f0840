"""A student's record: everything about them, in order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.pages import page_of
from safeguarding.models import (
    Action,
    ActionFile,
    Amendment,
    Incident,
    IncidentFile,
    IncidentLink,
    Monitoring,
)
from safeguarding.selectors.corrections import moved_from
from safeguarding.selectors.looks import Onlookers, who_has_looked
from safeguarding.selectors.markers import maps_of, with_markers
from safeguarding.selectors.rows import category_names_for, refs_of
from schools.models import Student
from schools.policies import Reader


@dataclass(frozen=True, kw_only=True)
class StudentRecord:
    """A student with a page of their chronology.

    Attributes:
        incidents: About the student or linked to them, newest first, each with ``actions_shown``:
            all of them where it is about the student, those ‘added to linked students’ where it
            is linked. They and their actions have ``files_shown``: on a linked student's record
            only where documents are shared.
        monitoring: Under which categories the student is monitored, by name.
        monitored_before: Under which this was stopped, the newest first.
        onlookers: Who has looked at the student's data before now.
        moved: What was recorded here until a key holder moved it to the right student's record.
    """

    student: Student
    monitoring: list[Monitoring]
    monitored_before: list[Monitoring]
    incidents: "Page[Incident]"
    onlookers: Onlookers
    moved: list[Amendment]

    @property
    def students(self) -> list[UUID]:
        """References of this student, and of those whom the incidents shown concern too."""
        linked = (link.student for incident in self.incidents for link in incident.links.all())
        return refs_of([self.student, *(one.student for one in self.incidents), *linked])


def student_record(reader: Reader, ref: UUID, page: int) -> StudentRecord:
    """Return a student's record.

    Raises:
        Student.DoesNotExist: Absent, or hidden from the person.
    """
    student = Student.objects.records_visible_to(reader).get(ref=ref)
    action_files = ActionFile.objects.select_related("attachment").order_by("id")
    actions = (
        Action.objects.visible_to(reader)
        .select_related("author")
        .prefetch_related(Prefetch("files", action_files))
        .annotate(is_amended=Exists(Amendment.objects.filter(action=OuterRef("pk"))))
    )
    incidents = (
        Incident.objects.visible_to(reader)
        .about(student.pk)
        .select_related("student", "author")
        .prefetch_related(
            Prefetch("actions", queryset=actions.order_by("recorded_at", "id")),
            Prefetch("links", IncidentLink.objects.select_related("student").order_by("id")),
            Prefetch("files", IncidentFile.objects.select_related("attachment").order_by("id")),
            with_markers(),
        )
        .annotate(
            category_names=category_names_for(reader, "pk"),
            is_amended=Exists(
                Amendment.objects.filter(
                    incident=OuterRef("pk"), action__isnull=True, moves_student=False
                )
            ),
        )
        .order_by("-occurred_at", "-id")
    )
    rows = page_of(incidents, page)
    for incident in rows:
        _show_on(student, incident)
    people = ("category", "started_by", "ended_by", "incident")
    monitoring = list(
        Monitoring.objects.filter(student=student, incident__in=Incident.objects.visible_to(reader))
        .select_related(*people)
        .order_by("category__name", "-ended_at")
    )
    before = [one for one in monitoring if one.ended_at]
    return StudentRecord(
        student=student,
        monitoring=[one for one in monitoring if one.ended_at is None],
        monitored_before=sorted(before, key=_ended, reverse=True),
        incidents=rows,
        onlookers=who_has_looked(reader, student),
        moved=moved_from(reader, student),
    )


def _ended(one: Monitoring) -> datetime:
    return one.ended_at or one.started_at


def _show_on(student: Student, incident: Any) -> None:
    """Leave on a row what belongs on this student's record."""
    is_linked = incident.student_id != student.pk
    here = [link for link in incident.links.all() if link.student_id == student.pk]
    shares = not is_linked or any(link.shares_documents for link in here)
    incident.is_linked_here = is_linked
    incident.maps_shown = maps_of(incident)
    incident.files_shown = list(incident.files.all()) if shares else []
    incident.actions_shown = [
        action for action in incident.actions.all() if action.on_linked_students or not is_linked
    ]
    for action in incident.actions_shown:
        shares = not is_linked or action.shares_documents
        action.files_shown = list(action.files.all()) if shares else []


def _number(rows: "QuerySet[Any]", of: str) -> Coalesce:
    """Return an annotation: how many of the rows are a student's."""
    own = rows.order_by().filter(**{of: OuterRef("pk")}).values(of).annotate(number=Count("*"))
    return Coalesce(Subquery(own.values("number")), 0)


def students_page(
    reader: Reader, page: int, typed: str = "", *, is_monitored: bool = False
) -> "Page[Student]":
    """Return students on roll with how many incidents are on each one's record.

    Each has ``monitored_under``: names of the categories under which they are monitored.

    Args:
        reader: Who looks.
        page: Number of the page.
        typed: Part of a name, or nothing.
        is_monitored: Only who is monitored.
    """
    students = Student.objects.records_visible_to(reader).current()
    if typed.strip():
        students = students.named(typed)
    visible = Incident.objects.visible_to(reader)
    linked = IncidentLink.objects.filter(incident__in=visible)
    now = Monitoring.objects.filter(
        student=OuterRef("pk"), ended_at__isnull=True, incident__in=visible
    )
    if is_monitored:
        students = students.filter(Exists(now))
    counted = students.annotate(
        incident_count=_number(visible, "student_id") + _number(linked, "student_id"),
        monitored_under=ArraySubquery(
            now.order_by("category__name").values_list("category__name", flat=True)
        ),
    )
    return page_of(counted.order_by("family_name", "given_name", "id"), page)
