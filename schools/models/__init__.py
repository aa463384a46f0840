"""A school's people and words."""

from schools.models.people import AccessGroup, AlertGroup, Staff, Student
from schools.models.search import StaffSearch, StudentSearch
from schools.models.words import Agency, Category

__all__ = [
    "AccessGroup",
    "Agency",
    "AlertGroup",
    "Category",
    "Staff",
    "StaffSearch",
    "Student",
    "StudentSearch",
]
