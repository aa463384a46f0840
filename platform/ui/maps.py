"""Numbered markers on a map: the sheets, the form's field and its widget (guide, section 4, “Maps”)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from ui.figures import FIGURES, HEIGHT, PLACES, WIDTH, Place, Words, ninths, place_at
from ui.kept_text import KEPT, KeepsTexts

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: Markers on one map.
MOST_MARKERS = 50
LONGEST_NOTE = 300
#: Maps of one form.
MOST_MAPS = 12
#: How wide a map is shown without JavaScript, in CSS pixels: what a click's x is measured against.
POINTED_WIDTH = 280

_MARKER = re.compile(
    r"([0-9a-z_-]{1,40})\|(0(?:\.\d{1,6})?|1(?:\.0{1,6})?)\|(0(?:\.\d{1,6})?|1(?:\.0{1,6})?)"
)


@dataclass(frozen=True)
class MapSheet:
    """A map that markers can be put on.

    Attributes:
        code: What is posted: a figure's name, or the reference of a school's map.
        height: In units of which the map is ``WIDTH`` wide.
        image_url: A school's own image; empty for a figure.
        is_offered: Whether it may be chosen now, or is only shown where it was chosen before.
    """

    code: str
    name: Words
    height: float
    places: tuple[Place, ...]
    image_url: str | _StrPromise = ""
    is_offered: bool = True

    @property
    def figure_url(self) -> str:
        """The drawing's address, where it is a figure."""
        return "" if self.image_url else static(f"ui/figures/{self.code}.svg")

    @property
    def view_box(self) -> str:
        """The drawing's measures, for SVG."""
        return f"0 0 {WIDTH} {self.height:g}"

    @property
    def height_words(self) -> str:
        """The height, for SVG: the same in every language."""
        return f"{self.height:g}"

    @property
    def named_places(self) -> list[Place]:
        """What a marker can be placed on by name, once each."""
        found = {one.code: one for one in self.places}
        return list(found.values())

    @property
    def places_json(self) -> str:
        """The places for the page's script."""
        return json.dumps([[one.code, str(one.words), one.points] for one in self.places])

    def where(self, x: float, y: float) -> str:
        """Return in words where a point lies, given as fractions of width and height."""
        return str(place_at(self.places, x * WIDTH, y * self.height))


@dataclass(frozen=True)
class Marker:
    """A numbered marker.

    Attributes:
        x: Fraction of the map's width, 0 to 1.
        y: Fraction of its height.
    """

    map: str
    x: float
    y: float
    note: str = ""

    @property
    def posted(self) -> str:
        """What a form posts of its place."""
        return f"{self.map}|{self.x:.4f}|{self.y:.4f}"


@dataclass(frozen=True)
class Shown:
    """A marker as it is drawn and listed.

    Attributes:
        hidden_note: How a form shows its note while names are hidden, where that is not as typed.
        kept_note: The note sealed for its author; the form posts it in the note's place.
    """

    number: int
    index: int
    marker: Marker
    sheet: MapSheet
    hidden_note: str = ""
    kept_note: str = ""

    @property
    def transform(self) -> str:
        """Its place, for SVG."""
        return f"translate({self.marker.x * WIDTH:.1f} {self.marker.y * self.sheet.height:.1f})"

    @property
    def where(self) -> str:
        """Its place in words."""
        return self.sheet.where(self.marker.x, self.marker.y)


@dataclass(frozen=True)
class MarkedMap:
    """A map with its markers."""

    sheet: MapSheet
    markers: list[Shown] = field(default_factory=list)


@dataclass(frozen=True)
class MapsValue:
    """What the form holds: the maps that are open, and the markers in their order."""

    opened: list[str] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    is_damaged: bool = False


def body_maps() -> list[MapSheet]:
    """Return our own figures; the child comes first."""
    return [MapSheet(code, name, HEIGHT, PLACES[code]) for code, name in FIGURES.items()]


def image_map(
    code: str,
    name: str,
    url: str | _StrPromise,
    *,
    width: int,
    height: int,
    is_offered: bool = True,
) -> MapSheet:
    """Return a map that is an image of a school's own.

    Args:
        code: Reference of the map.
        name: What the school calls it.
        url: Where its image is.
        width: In pixels; only its proportion to ``height`` counts.
        height: In pixels.
        is_offered: Whether it may be chosen for a new incident.
    """
    units = round(WIDTH * height / width, 2)
    return MapSheet(code, name, units, ninths(units), image_url=url, is_offered=is_offered)


def marked_maps(
    sheets: Iterable[MapSheet], markers: Sequence[Marker], opened: Sequence[str] = ()
) -> list[MarkedMap]:
    """Return the maps that are open or have markers, each with its markers numbered from 1."""
    by_code = {sheet.code: sheet for sheet in sheets}
    wanted = dict.fromkeys([*opened, *(one.map for one in markers)])
    maps = {code: MarkedMap(by_code[code]) for code in wanted if code in by_code}
    for index, marker in enumerate(markers):
        if found := maps.get(marker.map):
            found.markers.append(Shown(len(found.markers) + 1, index, marker, found.sheet))
    return list(maps.values())


def read(data: Mapping[str, Any], name: str) -> MapsValue:
    """Return what a form posted under a field's name."""
    posted = _listed(data, f"{name}_marker")
    notes = _listed(data, f"{name}_note")
    notes += [""] * (len(posted) - len(notes))
    found = [(_MARKER.fullmatch(one), note) for one, note in zip(posted, notes, strict=False)]
    markers = [
        Marker(
            match[1], float(match[2]), float(match[3]), " ".join(note.replace("\x00", "").split())
        )
        for match, note in found
        if match
    ]
    opened = list(dict.fromkeys(_listed(data, name)))
    return MapsValue(opened, markers, is_damaged=len(markers) < len(posted))


def _listed(data: Mapping[str, Any], name: str) -> list[str]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    held = data.get(name) or []
    return [held] if isinstance(held, str) else list(held)


def no_sheets() -> Sequence[MapSheet]:
    """Return no map; a form says which there are."""
    return ()


class MapMarkers(KeepsTexts):
    """Puts numbered markers with notes on maps; ``sheets`` gives the maps there are.

    Every step works without JavaScript too, as a button of the form (`ui.map_steps`).
    """

    template_name = "ui/widgets/maps.html"
    ui_kind = "maps"

    def __init__(self, sheets: Callable[[], Sequence[MapSheet]] = no_sheets) -> None:
        super().__init__()
        self.sheets = sheets

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        held = value if isinstance(value, MapsValue) else MapsValue()
        sheets = list(self.sheets())
        maps = [
            MarkedMap(one.sheet, [self._kept(shown) for shown in one.markers])
            for one in marked_maps(sheets, held.markers, held.opened)
        ]
        opened = {one.sheet.code for one in maps}
        context["widget"] |= {
            "maps": maps,
            "offers": [(one, one.code in opened) for one in sheets if one.is_offered],
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
            "longest_note": LONGEST_NOTE,
        }
        return context

    @override
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> MapsValue:
        said = read(data, name)
        markers = [
            replace(one, note=self.unseal(one.note.removeprefix(KEPT)) or one.note)
            if one.note.startswith(KEPT)
            else one
            for one in said.markers
        ]
        return replace(said, markers=markers)

    def _kept(self, shown: Shown) -> Shown:
        note = shown.marker.note
        hidden = self.hidden(note)
        return (
            replace(shown, hidden_note=hidden, kept_note=KEPT + self.seal(note))
            if hidden
            else shown
        )

    @override
    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    @override
    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return ""


class MapsField(forms.Field):
    """Markers on maps: ``list[MarkedMap]``, without the maps that have none."""

    widget = MapMarkers

    @override
    def clean(self, value: Any) -> list[MarkedMap]:
        held = value if isinstance(value, MapsValue) else MapsValue()
        if held.is_damaged:
            raise ValidationError(_("A marker could not be read. Place it again."), code="invalid")
        sheets = list(self.widget.sheets())
        if {one.map for one in held.markers} - {sheet.code for sheet in sheets}:
            raise ValidationError(_("That map is no longer there. Choose another."), code="absent")
        maps = [one for one in marked_maps(sheets, held.markers) if one.markers]
        if len(maps) > MOST_MAPS:
            raise ValidationError(
                _("Mark %(most)d maps or fewer."), code="too_many", params={"most": MOST_MAPS}
            )
        faults = [fault for one in maps for fault in _faults(one)]
        if faults:
            raise ValidationError(faults)
        return maps


def _faults(one: MarkedMap) -> list[ValidationError]:
    faults = []
    if len(one.markers) > MOST_MARKERS:
        said = _("‘%(map)s’ has %(count)d markers. Keep it to %(most)d.")
        params = {"map": one.sheet.name, "count": len(one.markers), "most": MOST_MARKERS}
        faults.append(ValidationError(said, code="too_many", params=params))
    long = _(
        "The note of marker %(number)d on ‘%(map)s’ has %(count)d characters. Keep it to %(most)d."
    )
    for shown in one.markers:
        if len(shown.marker.note) > LONGEST_NOTE:
            params = {"map": one.sheet.name, "number": shown.number, "most": LONGEST_NOTE}
            params["count"] = len(shown.marker.note)
            faults.append(ValidationError(long, code="too_long", params=params))
    return faults
