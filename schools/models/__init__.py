"""A school's people, words and maps."""

from schools.models.imports import MisImport
from schools.models.maps import SchoolMap
from schools.models.people import AccessGroup, AlertGroup, EmailChange, Staff, Student
from schools.models.search import StaffSearch, StudentSearch
from schools.models.words import Agency, Category

__all__ = [
    "AccessGroup",
    "Agency",
    "AlertGroup",
    "Category",
    "EmailChange",
    "MisImport",
    "SchoolMap",
    "Staff",
    "StaffSearch",
    "Student",
    "StudentSearch",
]
