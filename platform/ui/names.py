"""The one place where a student's name becomes words on a page.

Pages, titles, suggestions and labels all come through here, so that hiding names is decided once.
"""

from __future__ import annotations

from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext


class Named(Protocol):
    """A student as pages know one."""

    @property
    def display_name(self) -> str:
        """The name to show."""

    @property
    def year_label(self) -> str:
        """The year group in words, such as “Year 4”; may be empty."""


def name_text(student: Named | None) -> str:
    """A student's name as plain text, for titles and suggestions."""
    return student.display_name if student else gettext("Whole School Incident")


def label_text(student: Named | None) -> str:
    """A student's name and year as plain text: “Maddy Greenwood, Year 1”."""
    if student and student.year_label:
        return f"{name_text(student)}, {student.year_label}"
    return name_text(student)


def name_html(student: Named | None) -> SafeString:
    """A student's name as HTML."""
    return format_html('<span class="ui-student">{}</span>', name_text(student))


def label_html(student: Named | None) -> SafeString:
    """A student's name and year as HTML."""
    if student and student.year_label:
        return format_html(
            '{}<span class="ui-year">, {}</span>', name_html(student), student.year_label
        )
    return name_html(student)
