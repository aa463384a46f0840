"""What the helpdesk is told of a school: counts, and who administers it; nothing of any student."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from schools.models import MisImport, Staff, Student
from schools.selectors import overview
from schools.terms import ImportState


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """How large a school is.

    Attributes:
        last_import_at: When students were last imported through the pages (UTC), if ever.
        administrators: Their names.
    """

    staff: int
    key_holders: int
    students: int
    last_import_at: datetime | None
    administrators: tuple[str, ...]


def card_facts() -> CardFacts:
    """Return the current school's."""
    counted = overview()
    done = MisImport.objects.filter(state=ImportState.DONE)
    administrators = Staff.objects.administrators().order_by("family_name", "given_name", "id")
    return CardFacts(
        staff=counted.staff,
        key_holders=counted.key_holders,
        students=Student.objects.current().count(),
        last_import_at=done.aggregate(at=Max("ended_at"))["at"],
        administrators=tuple(one.display_name for one in administrators),
    )
