"""The list of incidents that key holders work from."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Exists, OuterRef, Q

from core.pages import page_of
from core.tenancy import current_zone
from safeguarding.models import Action, Incident, IncidentLink
from safeguarding.selectors.rows import category_names_for
from safeguarding.terms import Status
from schools.models import Category, Staff, Student
from schools.policies import Reader


class Assigned(StrEnum):
    """To whom incidents are assigned, other than to one member of staff."""

    NOBODY = "nobody"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class IncidentFilter:
    """Which incidents are asked for; references, codes and dates only.

    Attributes:
        category: Reference; a category stands for its sub-categories.
        assigned: Reference of a member of staff, or a word.
        year_group: Of the student or of a linked one.
        since: First day on which it was recorded, in the school's zone.
        until: Last day.
    """

    status: Status | None = None
    category: UUID | None = None
    assigned: UUID | Assigned | None = None
    year_group: str = ""
    since: date | None = None
    until: date | None = None


def incidents_of(
    reader: Reader, page: int, chosen: IncidentFilter | None = None
) -> "Page[Incident]":
    """Return the incidents that a key holder may see and asks for, newest first."""
    incidents = _chosen(Incident.objects.visible_to(reader), chosen or IncidentFilter())
    return page_of(
        incidents.select_related("student", "author", "assignee")
        .annotate(category_names=category_names_for(reader, "pk"))
        .order_by("-recorded_at", "-id"),
        page,
    )


def left_behind(reader: Reader) -> int:
    """Return how many open incidents are assigned to people who cannot deal with them.

    Nothing for whoever may not assign.
    """
    if not (reader.holds_key and reader.access.may_assign):
        return 0
    number: int = _assigned(Incident.objects.visible_to(reader), Assigned.LEFT).count()
    return number


def _chosen(incidents: Any, chosen: IncidentFilter) -> Any:
    if chosen.status:
        incidents = incidents.filter(status=chosen.status)
    if chosen.category:
        incidents = incidents.filter(_under(chosen.category))
    if chosen.assigned:
        incidents = _assigned(incidents, chosen.assigned)
    if chosen.year_group:
        incidents = incidents.filter(_of_year(chosen.year_group))
    if chosen.since:
        incidents = incidents.filter(recorded_at__gte=_midnight(chosen.since))
    if chosen.until:
        incidents = incidents.filter(recorded_at__lt=_midnight(chosen.until + timedelta(days=1)))
    return incidents


def _under(ref: UUID) -> Q:
    within = Category.objects.filter(Q(ref=ref) | Q(parent__ref=ref)).values("pk")
    own = Incident.categories.through._default_manager.filter(incident_id=OuterRef("pk"))
    added = Action.categories.through._default_manager.filter(action__incident_id=OuterRef("pk"))
    return Q(Exists(own.filter(category_id__in=within))) | Q(
        Exists(added.filter(category_id__in=within))
    )


def _of_year(year_group: str) -> Q:
    students = Student.objects.filter(year_group=year_group)
    links = IncidentLink.objects.filter(incident=OuterRef("pk"), student__in=students)
    return Q(student__in=students) | Q(Exists(links))


def _assigned(incidents: Any, to: UUID | Assigned) -> Any:
    if to == Assigned.NOBODY:
        return incidents.filter(assignee__isnull=True, status=Status.ACTIVE)
    if to == Assigned.LEFT:
        able = Staff.objects.key_holders().values("pk")
        open_ones = incidents.filter(status=Status.ACTIVE, assignee__isnull=False)
        return open_ones.exclude(assignee__in=able)
    return incidents.filter(assignee__ref=to)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), current_zone())
