"""Addresses of schools: what is suggested, and what looks like another's."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 40
_SHORTEST = 3
#: Letters that people take for one another at a glance, longest first.
ALIKE = (
    ("-", ""),
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("0", "o"),
    ("1", "l"),
    ("i", "l"),
    ("5", "s"),
)


def likeness(slug: str) -> str:
    """Return what is left of a slug where letters that look alike are one.

    >>> likeness("hill-side") == likeness("hi11side")
    True
    """
    for letters, instead in ALIKE:
        slug = slug.replace(letters, instead)
    return slug


def suggestions(name: str, town: str, urn: str) -> Iterator[str]:
    """Yield slugs for a school, the best first; the last one is nobody else's."""
    short = _slug(re.sub(r"(?i)\bschool\b", " ", name)) or _slug(name)
    for slug in (short, f"{short}-{_slug(town)}", f"{short}-{urn}", f"school-{urn}"):
        if len(slug.strip("-")) >= _SHORTEST and slug[:1].isalpha():
            yield _shortened(slug.strip("-"))


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.replace("&", " and ")).encode("ascii", "ignore")
    return "-".join(re.findall(r"[a-z0-9]+", plain.decode().lower().replace("'", "")))


def _shortened(slug: str) -> str:
    if len(slug) <= LONGEST:
        return slug
    return slug[: LONGEST + 1].rpartition("-")[0] or slug[:LONGEST]
