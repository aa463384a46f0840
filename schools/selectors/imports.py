"""Reads of uploads from the MIS."""

from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.pages import page_of
from schools.models import MisImport

_WORDS = (
    (_("Students"), "student"),
    (_("Staff"), "staff"),
)
_KINDS = ("create", "update", "return", "leave", "unchanged")


def import_page(number: int) -> "Page[MisImport]":
    """Return a page of all imports, the newest first."""
    rows: Any = MisImport.objects.select_related("uploaded_by").defer("sealed")
    return page_of(rows.order_by("-uploaded_at", "-id"), number)


def mis_import(ref: UUID) -> MisImport:
    """Return an import.

    Raises:
        MisImport.DoesNotExist: Absent.
    """
    return MisImport.objects.select_related("uploaded_by").get(ref=ref)


def counted(upload: MisImport) -> list[tuple[Promise, list[int]]]:
    """Return the rows of the table of counts: new, changed, back, leaving, unchanged."""
    counts = upload.counts
    return [(words, [counts.get(f"{code}.{kind}", 0) for kind in _KINDS]) for words, code in _WORDS]
