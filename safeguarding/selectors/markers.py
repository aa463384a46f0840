"""An incident's markers as its pages show them."""

from django.db.models import Prefetch

from safeguarding.models import Incident
from safeguarding.models import Marker as Row
from schools.selectors.maps import sheet_of
from ui.maps import MarkedMap, Marker, body_maps, marked_maps


def with_markers() -> "Prefetch[str]":
    """Return what fetches incidents' markers along with them: one query, however many."""
    return Prefetch("markers", Row.objects.select_related("school_map").order_by("id"))


def maps_of(incident: Incident) -> list[MarkedMap]:
    """Return the maps of an incident that was fetched ``with_markers``; they query nothing."""
    rows = list(incident.markers.all())
    if not rows:
        return []
    own = {row.school_map.pk: row.school_map for row in rows if row.school_map}
    sheets = [*body_maps(), *(sheet_of(one) for one in own.values())]
    markers = [Marker(row.map_code, float(row.x), float(row.y), row.note) for row in rows]
    return marked_maps(sheets, markers)
