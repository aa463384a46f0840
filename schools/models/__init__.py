"""A school's people, words and maps."""

from schools.models.maps import SchoolMap
from schools.models.people import AccessGroup, AlertGroup, Staff, Student
from schools.models.search import StaffSearch, StudentSearch
from schools.models.words import Agency, Category

__all__ = [
    "AccessGroup",
    "Agency",
    "AlertGroup",
    "Category",
    "SchoolMap",
    "Staff",
    "StaffSearch",
    "Student",
    "StudentSearch",
]
