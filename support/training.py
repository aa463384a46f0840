"""Training videos and webinars that there are, from a file that whoever offers them keeps."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from core import clock
from support.articles import CONTENT


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A training video, or a webinar.

    Attributes:
        starts_at: When a webinar begins (with its offset from UTC), None for a video.
    """

    title: str
    summary: str
    url: str
    starts_at: datetime | None = None


def videos() -> list[Lesson]:
    """Return the training videos."""
    return [one for one in _lessons() if one.starts_at is None]


def upcoming_webinars() -> list[Lesson]:
    """Return the webinars still to come, the next one first."""
    coming = [one for one in _lessons() if one.starts_at and one.starts_at > clock.now()]
    return sorted(coming, key=lambda one: one.starts_at or clock.now())


@cache
def _lessons() -> tuple[Lesson, ...]:
    told = tomllib.loads((CONTENT / "training.toml").read_text(encoding="utf-8"))
    return tuple(Lesson(**one) for one in [*told["videos"], *told["webinars"]])
