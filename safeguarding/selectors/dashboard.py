"""The dashboard's three sections (guide 1.2)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import CharField, F, Value
from django.utils.translation import gettext_noop

from core.pages import PER_PAGE, Counted, page_of
from safeguarding.models import Action, Alert, Incident
from safeguarding.selectors.rows import Line, category_names, category_names_for, refs_of
from safeguarding.terms import Status
from schools.models import Student
from schools.policies import Reader

_INCIDENT, _ACTION = gettext_noop("Incident"), gettext_noop("Action")


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of the dashboard: its lines, and the page of the list that they are on."""

    lines: list[Line]
    page: "Page[Any]"

    @property
    def count(self) -> int:
        """How many there are on all pages."""
        return self.page.paginator.count

    @property
    def students(self) -> list[UUID]:
        """References of the students named in it."""
        return refs_of(line.student for line in self.lines)


def alerts_for(reader: Reader, page: int) -> Section:
    """Everything the person was alerted to and has not marked as read, newest first."""
    alerts = (
        Alert.objects.unread_by(reader)
        .select_related("incident__student", "action", "raised_by")
        .annotate(category_names=category_names("incident_id"))
        .order_by("-raised_at", "-id")
    )
    rows = page_of(alerts, page)
    return Section(lines=[_alert_line(alert) for alert in rows], page=rows)


def unread_alerts(reader: Reader, *, most: int) -> int:
    """Return how many alerts the person has not marked as read, ``most`` at most."""
    return Alert.objects.unread_by(reader).order_by()[:most].count()


def _alert_line(alert: Any) -> Line:
    return Line(
        word=_ACTION if alert.action_id else _INCIDENT,
        ref=alert.incident.ref,
        student=alert.incident.student,
        categories=alert.category_names,
        at=alert.raised_at,
        by=alert.raised_by,
    )


def assigned_to(reader: Reader, page: int) -> Section:
    """Incidents assigned to the person, until they are closed."""
    incidents = (
        Incident.objects.visible_to(reader)
        .filter(assignee_id=reader.staff_id, status=Status.ACTIVE)
        .select_related("student", "author")
        .annotate(category_names=category_names_for(reader, "pk"))
        .order_by("-recorded_at", "-id")
    )
    rows = page_of(incidents, page)
    return Section(lines=[incident_line(incident) for incident in rows], page=rows)


def incident_line(incident: Any) -> Line:
    """Return the line of an incident annotated with ``category_names``."""
    return Line(
        word=_INCIDENT,
        ref=incident.ref,
        student=incident.student,
        categories=incident.category_names,
        at=incident.recorded_at,
        by=incident.author,
        is_closed=incident.is_closed,
    )


_OF_STUDENT = ("ref", "given_name", "preferred_given_name", "family_name", "year_group")


def history_of(reader: Reader, page: int) -> Section:
    """Incidents and actions that the person added in the last seven days, newest first."""
    incidents = _history(Incident.objects, reader, _INCIDENT, "", "pk")
    actions = _history(Action.objects, reader, _ACTION, "incident__", "incident_id")
    both = incidents.union(actions, all=True).order_by("-recorded_at", "-id")
    total = both.count()
    last = max(1, -(-total // PER_PAGE))
    number = min(max(1, page), last)
    found = both[(number - 1) * PER_PAGE : number * PER_PAGE] if total else []
    lines = [_history_line(row) for row in found]
    return Section(lines=lines, page=Page(lines, number, Counted(total, PER_PAGE)))


def _history(manager: Any, reader: Reader, word: str, incident: str, incident_id: str) -> Any:
    student = {f"s_{name}": F(f"{incident}student__{name}") for name in _OF_STUDENT}
    return (
        manager.visible_to(reader)
        .filter(author_id=reader.staff_id, recorded_at__gte=reader.history_starts_at)
        .order_by()
        .annotate(
            word=Value(word, output_field=CharField()),
            s_id=F(f"{incident}student_id"),
            names=category_names_for(reader, incident_id),
            **student,
        )
        .values("id", "word", "ref", "recorded_at", "s_id", "names", *student)
    )


def _history_line(row: dict[str, Any]) -> Line:
    student = Student(**{name: row[f"s_{name}"] for name in _OF_STUDENT}) if row["s_id"] else None
    return Line(
        word=row["word"],
        ref=row["ref"],
        student=student,
        categories=row["names"],
        at=row["recorded_at"],
    )
