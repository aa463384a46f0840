"""The body maps: which part of a figure lies where, and what people call it.

Measures are those of the drawings in ``static/ui/figures/``: 400 units wide, front on the left
half, back on the right. Left and right are the student's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WIDTH = 400
HEIGHT = 480
_HALF = 200

Words = str | Promise
Point = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A named part of a map.

    Attributes:
        code: Stable, e.g. ``front-left-forearm``.
        points: Its corners, in units of a map that is ``WIDTH`` wide.
    """

    code: str
    words: Words
    points: tuple[Point, ...]

    @property
    def middle(self) -> Point:
        """Where a marker goes that was placed by name."""
        xs, ys = zip(*self.points, strict=True)
        return sum(xs) / len(xs), sum(ys) / len(ys)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        inside = False
        for (ax, ay), (bx, by) in zip(self.points, (*self.points[1:], self.points[0]), strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
        return inside


@dataclass(frozen=True, kw_only=True)
class _Build:
    """The measures of a drawing; of what there are two, the student's left one of the front."""

    chin: float
    half_head: float
    eye: float
    nose: float
    mouth: float
    ear: float
    collar: float
    armpit: Point
    navel: float
    seat: float
    crotch: float
    shoulder: Point
    arm: float
    arm_angle: float
    hand: float


_ADULT = _Build(
    chin=73.2, half_head=21, eye=44, nose=53.4, mouth=61, ear=45, collar=90, armpit=(34.2, 128),
    navel=200, seat=228, crotch=235, shoulder=(38.5, 103), arm=143, arm_angle=12.5, hand=45,
)  # fmt: skip
_CHILD = _Build(
    chin=89.2, half_head=28.4, eye=57, nose=66.4, mouth=75.4, ear=56, collar=103,
    armpit=(29.4, 138), navel=214, seat=244, crotch=251, shoulder=(32.8, 113.6), arm=122,
    arm_angle=13, hand=40,
)  # fmt: skip

_FRONT_MIDDLE: dict[str, Words] = {
    "forehead": _("front, forehead"),
    "nose": _("front, nose"),
    "mouth": _("front, mouth"),
    "chin": _("front, chin"),
    "neck": _("front, neck"),
    "groin": _("front, groin"),
}
_FRONT_PAIRS: dict[str, tuple[Words, Words]] = {
    "eye": (_("front, left eye"), _("front, right eye")),
    "cheek": (_("front, left cheek"), _("front, right cheek")),
    "ear": (_("front, left ear"), _("front, right ear")),
    "chest": (_("front, left side of the chest"), _("front, right side of the chest")),
    "stomach": (_("front, left side of the stomach"), _("front, right side of the stomach")),
    "hip": (_("front, left hip"), _("front, right hip")),
    "shoulder": (_("front, left shoulder"), _("front, right shoulder")),
    "upper-arm": (_("front, left upper arm"), _("front, right upper arm")),
    "elbow": (_("front, inside of the left elbow"), _("front, inside of the right elbow")),
    "forearm": (_("front, left forearm"), _("front, right forearm")),
    "wrist": (_("front, left wrist"), _("front, right wrist")),
    "hand": (_("front, palm of the left hand"), _("front, palm of the right hand")),
    "thigh": (_("front, left thigh"), _("front, right thigh")),
    "knee": (_("front, left knee"), _("front, right knee")),
    "lower-leg": (_("front, left shin"), _("front, right shin")),
    "ankle": (_("front, left ankle"), _("front, right ankle")),
    "foot": (_("front, left foot"), _("front, right foot")),
}
_BACK_MIDDLE: dict[str, Words] = {
    "head": _("back of the head"),
    "neck": _("back of the neck"),
}
_BACK_PAIRS: dict[str, tuple[Words, Words]] = {
    "ear": (_("back, left ear"), _("back, right ear")),
    "chest": (_("back, left side of the upper back"), _("back, right side of the upper back")),
    "stomach": (_("back, left side of the lower back"), _("back, right side of the lower back")),
    "hip": (_("back, left buttock"), _("back, right buttock")),
    "shoulder": (_("back, left shoulder"), _("back, right shoulder")),
    "upper-arm": (_("back, left upper arm"), _("back, right upper arm")),
    "elbow": (_("back, left elbow"), _("back, right elbow")),
    "forearm": (_("back, left forearm"), _("back, right forearm")),
    "wrist": (_("back, left wrist"), _("back, right wrist")),
    "hand": (_("back of the left hand"), _("back of the right hand")),
    "thigh": (_("back, left thigh"), _("back, right thigh")),
    "knee": (_("back of the left knee"), _("back of the right knee")),
    "lower-leg": (_("back, left calf"), _("back, right calf")),
    "ankle": (_("back, left ankle"), _("back, right ankle")),
    "foot": (_("back, left heel"), _("back, right heel")),
}


def _box(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _middles(b: _Build) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """Parts in the middle, as distances from the middle line; small ones before large ones."""
    yield "nose", _box(-5, b.eye - 2, 5, b.nose + 3)
    yield "mouth", _box(-9, b.nose + 3, 9, b.mouth + 5)
    yield "chin", _box(-12, b.mouth + 5, 12, b.chin + 1)
    yield "forehead", _box(-b.half_head - 1, 8, b.half_head + 1, b.eye - 8)
    yield "groin", _box(-9, b.crotch - 16, 9, b.crotch + 6)


def _pairs(b: _Build) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """Parts of which there are two: the one on the viewer's right."""
    edge, waist = b.armpit[0], b.navel + 14
    ribs = b.collar + (b.navel - b.collar) * 0.56
    yield "ear", _box(b.half_head - 1, b.ear - 9, b.half_head + 8, b.ear + 9)
    yield "eye", _box(0, b.eye - 8, b.half_head, b.eye + 5)
    yield "cheek", _box(0, b.eye + 5, b.half_head, b.chin + 1)
    yield "chest", _box(0, b.collar - 3, edge - 6, ribs)
    yield "shoulder", _box(edge - 22, b.collar - 6, edge + 24, b.shoulder[1] + 0.13 * b.arm)
    yield "chest", _box(0, b.collar - 3, edge + 1, ribs)
    yield "stomach", _box(0, ribs, edge + 1, waist)
    yield "hip", _box(0, waist, edge + 5, b.crotch + 6)
    yield from _arm(b)
    yield "thigh", _box(0, b.crotch + 6, 40, 314)
    yield "knee", _box(0, 314, 34, 345)
    yield "lower-leg", _box(0, 345, 32, 408)
    yield "ankle", _box(0, 408, 26, 430)
    yield "foot", _box(0, 430, 30, 460)


def _arm(b: _Build) -> Iterator[tuple[str, tuple[Point, ...]]]:
    sine, cosine = math.sin(math.radians(b.arm_angle)), math.cos(math.radians(b.arm_angle))

    def at(along: float, aside: float) -> Point:
        return (
            b.shoulder[0] + along * sine + aside * cosine,
            b.shoulder[1] + along * cosine - aside * sine,
        )

    parts = (
        ("upper-arm", 0.1, 0.44, 17), ("elbow", 0.44, 0.6, 15), ("forearm", 0.6, 0.92, 15),
        ("wrist", 0.92, 1.04, 14), ("hand", 1.04, 1 + 1.06 * b.hand / b.arm, 24),
    )  # fmt: skip
    for name, start, end, wide in parts:
        top, bottom = start * b.arm, end * b.arm
        yield name, (at(top, -wide), at(top, wide), at(bottom, wide), at(bottom, -wide))


def _moved(
    points: tuple[Point, ...], middle: float, *, is_mirrored: bool = False
) -> tuple[Point, ...]:
    sign = -1 if is_mirrored else 1
    return tuple((round(middle + sign * x, 1), round(y, 1)) for x, y in points)


def _front(b: _Build) -> Iterator[Place]:
    for name, points in (*_middles(b), _neck(b)):
        yield Place(f"front-{name}", _FRONT_MIDDLE[name], _moved(points, 100))
    for name, points in _pairs(b):
        # The student faces the viewer: their left is on the viewer's right.
        left, right = _FRONT_PAIRS[name]
        yield Place(f"front-left-{name}", left, _moved(points, 100))
        yield Place(f"front-right-{name}", right, _moved(points, 100, is_mirrored=True))


def _back(b: _Build) -> Iterator[Place]:
    head = ("head", _box(-b.half_head - 1, 8, b.half_head + 1, b.chin - 2))
    for name, points in (head, _neck(b)):
        yield Place(f"back-{name}", _BACK_MIDDLE[name], _moved(points, 300))
    for name, points in _pairs(b):
        if name in _BACK_PAIRS:
            left, right = _BACK_PAIRS[name]
            yield Place(f"back-right-{name}", right, _moved(points, 300))
            yield Place(f"back-left-{name}", left, _moved(points, 300, is_mirrored=True))


def _neck(b: _Build) -> tuple[str, tuple[Point, ...]]:
    return "neck", _box(-14, b.chin - 4, 14, b.collar - 3)


def _beside() -> Iterator[Place]:
    yield Place("front-beside", _("front, beside the body"), _box(0, 0, _HALF, HEIGHT))
    yield Place("back-beside", _("back, beside the body"), _box(_HALF, 0, WIDTH, HEIGHT))


def _places(b: _Build) -> tuple[Place, ...]:
    return (*_front(b), *_back(b), *_beside())


#: By the drawing's name.
PLACES = {"body_child": _places(_CHILD), "body_adult": _places(_ADULT)}
FIGURES = {
    "body_child": _("Body Map: child"),
    "body_adult": _("Body Map: teenager or adult"),
}

_NINE = (
    ("top-left", _("top left")), ("top", _("top, in the middle")), ("top-right", _("top right")),
    ("left", _("left, halfway down")), ("middle", _("in the middle")),
    ("right", _("right, halfway down")), ("bottom-left", _("bottom left")),
    ("bottom", _("bottom, in the middle")), ("bottom-right", _("bottom right")),
)  # fmt: skip


def ninths(height: float) -> tuple[Place, ...]:
    """Return the places of a map that nobody has named the parts of."""
    wide, high = WIDTH / 3, height / 3
    return tuple(
        Place(
            code,
            words,
            _box(n % 3 * wide, n // 3 * high, n % 3 * wide + wide, n // 3 * high + high),
        )
        for n, (code, words) in enumerate(_NINE)
    )


def place_at(places: tuple[Place, ...], x: float, y: float) -> Words:
    """Return in words where a point lies; the first place that holds it, else the last one."""
    return next((one.words for one in places if one.holds(x, y)), places[-1].words)
