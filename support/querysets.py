"""Which tickets a person may see: the one place where it is decided."""

from typing import TYPE_CHECKING

from django.db import models

from schools.policies import Reader, why_not_enter

if TYPE_CHECKING:
    from support.models import Ticket  # noqa: F401 - named in quotes


class SchoolTicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets."""

    def visible_to(self, reader: Reader) -> "SchoolTicketQuerySet":
        """One's own; the whole school's for an administrator."""
        if why_not_enter(reader):
            return self.none()
        if reader.administers:
            return self.all()
        return self.filter(author_id=reader.staff_id)

    def locked(self) -> "SchoolTicketQuerySet":
        """Lock the tickets themselves, not what is joined to them."""
        return self.select_for_update(of=("self",), no_key=True)
