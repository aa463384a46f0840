"""The one place where a student's name becomes words, and where names go from what people typed.

Pages, titles, suggestions, labels, files and exports all come through here, so that hiding names is decided once.
While names are hidden each is the same stars, however long it is.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Protocol
from uuid import UUID

from django.http import QueryDict
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ui.hidden_names import are_hidden, texts_are_hidden
from ui.names_in_text import StudentNames, merged, names_in

#: What stands in a hidden name's place.
STARS = "★★★★★ ★★★★★"
#: What stands between the words of a file name.
_BETWEEN = str.maketrans(dict.fromkeys("_.-+,()[]0123456789", " "))


class Named(Protocol):
    """A student as pages know one."""

    @property
    def display_name(self) -> str:
        """The name to show."""

    @property
    def year_label(self) -> str:
        """The year group in words, such as “Year 4”; may be empty."""


class NamedInTexts(Protocol):
    """A student as texts name one: by the MIS's spelling."""

    @property
    def ref(self) -> UUID:
        """The student's reference."""

    @property
    def given_name(self) -> str:
        """First name or names."""

    @property
    def preferred_given_name(self) -> str:
        """What the student goes by; may be empty."""

    @property
    def family_name(self) -> str:
        """Family name."""


def name_text(student: Named | None) -> str:
    """A student's name as plain text, for titles and suggestions."""
    if student and are_hidden():
        return STARS
    return student.display_name if student else gettext("Whole School Incident")


def label_text(student: Named | None) -> str:
    """A student's name and year as plain text: “Maddy Greenwood, Year 1”."""
    if student and student.year_label:
        return f"{name_text(student)}, {student.year_label}"
    return name_text(student)


def name_html(student: Named | None) -> SafeString:
    """A student's name as HTML."""
    if student and are_hidden():
        return format_html('<span class="ui-student">{}</span>', _stars())
    return format_html('<span class="ui-student">{}</span>', name_text(student))


def label_html(student: Named | None) -> SafeString:
    """A student's name and year as HTML."""
    if student and student.year_label:
        return format_html(
            '{}<span class="ui-year">, {}</span>', name_html(student), student.year_label
        )
    return name_html(student)


def record_text(text: str, students: Iterable[NamedInTexts]) -> str:
    """What somebody typed, as plain text; while names are hidden, without those of some students.

    Args:
        text: As it was typed.
        students: Those linked to what the text is about (guide, section 4).
    """
    if not are_hidden():
        return text
    if texts_are_hidden():
        return STARS
    return STARS.join(_around(text, _places(text, students)))


def record_html(text: str, students: Iterable[NamedInTexts]) -> SafeString:
    """What somebody typed, as HTML; see `record_text`."""
    if not are_hidden():
        return escape(text)
    if texts_are_hidden():
        return _stars(gettext("text hidden"))
    pieces = _around(text, _places(text, students))
    # The stars are HTML already, and are joined as they are.
    return format_html_join(_stars(), "{}", ((piece,) for piece in pieces))


def file_name(name: str, students: Iterable[NamedInTexts]) -> str:
    """A file's name; while names are hidden, without those of the students linked to it."""
    if not are_hidden():
        return name
    if texts_are_hidden():
        return STARS
    known = list(students)
    apart = words_of_file_name(name)
    return STARS.join(_around(name, [*_places(name, known), *_places(apart, known)]))


def words_of_file_name(name: str) -> str:
    """A file's name with spaces in place of what stands between its words; as long as it was."""
    return name.translate(_BETWEEN)


def unlinked_file_name(name: str) -> str:
    """A file's name before it is on a record: nobody knows yet whom it names, so it is hidden whole."""
    if not are_hidden():
        return name
    is_known = mimetypes.guess_type(name)[0] is not None
    return f"{STARS}{PurePosixPath(name).suffix if is_known else ''}"


def said_in_address(query: QueryDict) -> QueryDict:
    """What an address asks for, to be written on the page again.

    Anybody can put words in an address; while names are hidden, references and numbers alone come back.
    """
    said = query.copy()
    for name, values in query.lists() if are_hidden() else ():
        said.setlist(name, [one for one in values if not holds_words(one)])
    return said


def holds_words(value: str) -> bool:
    """Say whether something may hold a name: it has letters, and is no reference."""
    return any(letter.isalpha() for letter in value) and not _is_ref(value)


def _is_ref(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def _stars(said: str = "") -> SafeString:
    return format_html(
        '<span class="ui-stars" aria-hidden="true">{}</span>'
        '<span class="govuk-visually-hidden">{}</span>',
        STARS,
        said or gettext("name hidden"),
    )


def _places(text: str, students: Iterable[NamedInTexts]) -> list[tuple[int, int]]:
    known = [
        StudentNames(
            ref=str(one.ref),
            given_name=one.given_name,
            family_name=one.family_name,
            preferred_given_name=one.preferred_given_name,
        )
        for one in students
    ]
    return merged(names_in(text, known))


def _around(text: str, places: Iterable[tuple[int, int]]) -> list[str]:
    """Return what is left of a text around some places, of which there is one fewer."""
    pieces, at = [], 0
    for start, end in sorted(places):
        if start >= at:
            pieces.append(text[at:start])
        at = max(at, end)
    return [*pieces, text[at:]]
