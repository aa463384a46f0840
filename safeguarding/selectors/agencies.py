"""A school's agencies, for administrators and for suggestions."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower

from core.pages import page_of
from safeguarding.models import Action, Incident
from schools.models import Agency
from schools.selectors.spoken_of import students_spoken_of
from ui.hidden_names import are_hidden
from ui.names import record_text

PER_PAGE = 200
MOST_SUGGESTED = 200


def agency_page(number: int) -> "Page[Agency]":
    """Return a page of every agency with ``uses``, retired ones last."""
    in_order = _with_uses().order_by("-is_active", Lower("name"), "id")
    return page_of(in_order, number, per_page=PER_PAGE)


def agency(ref: UUID) -> Agency:
    """Return an agency with ``uses``.

    Raises:
        Agency.DoesNotExist: Absent.
    """
    found: Agency = _with_uses().get(ref=ref)
    return found


def agency_named(name: str) -> Agency | None:
    """Return the agency of this name; capitals do not matter."""
    return Agency.objects.filter(name__iexact=name).first()


def suggested_agencies() -> list[str]:
    """Return the names that forms suggest; with names hidden, only those that hold no student's."""
    active = Agency.objects.filter(is_active=True).order_by(Lower("name"))
    names = list(active.values_list("name", flat=True)[:MOST_SUGGESTED])
    if not are_hidden():
        return names
    students = students_spoken_of(names)
    return [name for name in names if record_text(name, students) == name]


def _with_uses() -> Any:
    return Agency.objects.annotate(uses=_number_of(Incident) + _number_of(Action))


def _number_of(model: type[Incident | Action]) -> Coalesce:
    through: Any = model.agencies.through
    rows = through.objects.filter(agency_id=OuterRef("pk")).order_by().values("agency_id")
    number = Subquery(rows.annotate(n=Count("*")).values("n"), output_field=IntegerField())
    return Coalesce(number, 0)
