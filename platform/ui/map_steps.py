"""The steps of a map's field without JavaScript: each is a button that posts the whole form.

A form that was posted by such a button is shown again as it was typed, with the step taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.http import QueryDict

from ui.figures import WIDTH
from ui.maps import MOST_MARKERS, POINTED_WIDTH, MapSheet, MapsValue, Marker, read


def is_step(data: QueryDict, name: str) -> bool:
    """Say whether a form was posted by one of the field's buttons."""
    return f"{name}_step" in data or _pointed(data, name) is not None


def after_step(data: QueryDict, name: str, sheets: Sequence[MapSheet]) -> QueryDict:
    """Return what was posted, with the step taken; a step that makes no sense changes nothing."""
    was = read(data, name)
    by_code = {sheet.code: sheet for sheet in sheets if sheet.is_offered}
    now = _stepped(was, data, name, by_code)
    posted = data.copy()
    for key in [*_own_keys(posted, name)]:
        del posted[key]
    posted.setlist(name, now.opened)
    posted.setlist(f"{name}_marker", [one.posted for one in now.markers])
    posted.setlist(f"{name}_note", [one.note for one in now.markers])
    return posted


def _own_keys(data: QueryDict, name: str) -> Iterator[str]:
    return (key for key in data if key == f"{name}_step" or key.startswith(f"{name}_at_"))


def _pointed(data: QueryDict, name: str) -> tuple[str, int, int] | None:
    start = f"{name}_at_"
    for key in data:
        code = key.removeprefix(start).removesuffix(".x")
        if key == f"{start}{code}.x":
            x, y = str(data[key]), str(data.get(f"{start}{code}.y", ""))
            if x.isdecimal() and y.isdecimal():
                return code, int(x[:5]), int(y[:5])
    return None


def _stepped(was: MapsValue, data: QueryDict, name: str, sheets: dict[str, MapSheet]) -> MapsValue:
    if pointed := _pointed(data, name):
        code, x, y = pointed
        # A keyboard “clicks” an image at its corner; nobody points there.
        if code not in sheets or (x, y) == (0, 0):
            return was
        high = POINTED_WIDTH * sheets[code].height / WIDTH
        return _with_marker(was, Marker(code, min(x / POINTED_WIDTH, 1), min(y / high, 1)))
    step, _, about = str(data[f"{name}_step"]).partition(":")
    if step == "open" and about in sheets:
        return replace(was, opened=list(dict.fromkeys([*was.opened, about])))
    if step == "close":
        left = [one for one in was.markers if one.map != about]
        return replace(was, opened=[one for one in was.opened if one != about], markers=left)
    if step == "remove":
        return replace(was, markers=[m for n, m in enumerate(was.markers) if str(n) != about])
    if step == "place" and about in sheets:
        return _placed_by_name(was, sheets[about], data.get(f"{name}_place_{about}", ""))
    return was


def _placed_by_name(was: MapsValue, sheet: MapSheet, code: str) -> MapsValue:
    for place in sheet.named_places:
        if place.code == code:
            x, y = place.middle
            return _with_marker(was, Marker(sheet.code, x / WIDTH, y / sheet.height))
    return was


def _with_marker(was: MapsValue, marker: Marker) -> MapsValue:
    if sum(one.map == marker.map for one in was.markers) >= MOST_MARKERS:
        return was
    opened = list(dict.fromkeys([*was.opened, marker.map]))
    return replace(was, opened=opened, markers=[*was.markers, marker])
