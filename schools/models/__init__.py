"""A school's people and words."""

from schools.models.imports import MisImport
from schools.models.people import AccessGroup, AlertGroup, EmailChange, Staff, Student
from schools.models.words import Agency, Category

__all__ = [
    "AccessGroup",
    "Agency",
    "AlertGroup",
    "Category",
    "EmailChange",
    "MisImport",
    "Staff",
    "Student",
]
