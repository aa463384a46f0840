"""Writing an incident's markers down, with the incident."""

from collections.abc import Sequence
from decimal import Decimal

from safeguarding.models import Incident, Marker
from schools.models import SchoolMap
from ui.figures import FIGURES
from ui.maps import MarkedMap, Shown


def put_markers(incident: Incident, maps: Sequence[MarkedMap]) -> None:
    """Write the markers of an incident that is being recorded, in the caller's transaction."""
    codes = [one.sheet.code for one in maps if one.sheet.code not in FIGURES]
    own = {str(row.ref): row for row in SchoolMap.objects.filter(ref__in=codes)} if codes else {}
    Marker.objects.bulk_create(_row(incident, shown, own) for one in maps for shown in one.markers)


def _row(incident: Incident, shown: Shown, own: dict[str, SchoolMap]) -> Marker:
    code, marker = shown.sheet.code, shown.marker
    is_figure = code in FIGURES
    return Marker(
        incident=incident,
        figure=code if is_figure else "",
        school_map=None if is_figure else own[code],
        number=shown.number,
        x=_fraction(marker.x),
        y=_fraction(marker.y),
        note=marker.note,
    )


def _fraction(value: float) -> Decimal:
    return round(Decimal(value), 4)
