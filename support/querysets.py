"""Which tickets a person may see: the one place where it is decided."""

from typing import TYPE_CHECKING, Any

from django.db import models

from core import clock
from schools.policies import Reader, why_not_enter
from support.policies import is_authorised
from support.terms import SETTLED

if TYPE_CHECKING:
    from support.models import SupportAccess, Ticket  # noqa: F401 - named in quotes


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


class SupportAccessQuerySet(models.QuerySet["SupportAccess"]):
    """Agents' requests to look at the school's site."""

    def live(self) -> "SupportAccessQuerySet":
        """Those that open the site now: granted, neither over nor ended, for an open ticket."""
        granted = self.filter(granted_at__isnull=False, ended_at=None, ends_at__gt=clock.now())
        return granted.exclude(ticket__state__in=SETTLED)

    def locked(self) -> "SupportAccessQuerySet":
        """Lock the requests themselves, not what is joined to them."""
        return self.select_for_update(of=("self",), no_key=True)


class OfficialQuerySet(models.QuerySet[Any]):
    """Official requests, and telephone calls that may become one."""

    def visible_to(self, reader: Reader) -> "OfficialQuerySet":
        """The whole school's, for those who may make them."""
        return self.all() if is_authorised(reader) else self.none()

    def locked(self) -> "OfficialQuerySet":
        """Lock the rows themselves, not what is joined to them."""
        return self.select_for_update(of=("self",), no_key=True)
