"""Official requests and telephone calls for the console."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from core.pages import page_of
from helpdesk.models import OfficialCall, OfficialRecord, Ticket
from helpdesk.official import DAYS, DETAILS, word_of
from helpdesk.policies import Reader, why_not_complete_official
from tenants.selectors import open_schools

if TYPE_CHECKING:
    from django.core.paginator import Page


@dataclass(frozen=True, kw_only=True)
class OfficialBlock:
    """What a ticket's page shows of an official request.

    Attributes:
        details: Label and value.
        may_complete: The reader may write the completion record.
    """

    record: OfficialRecord
    details: list[tuple[str, str]]
    may_complete: bool


def official_block(reader: Reader, ticket: Ticket) -> OfficialBlock | None:
    """Return what makes a ticket official; None where it is none; one query."""
    if not ticket.is_official:
        return None
    rows = OfficialRecord.objects.select_related("call__agent", "completion__agent")
    record = rows.get(ticket=ticket)
    return OfficialBlock(
        record=record,
        details=[(DETAILS.get(name, name), _shown(name, value)) for name, value in record.details],
        may_complete=why_not_complete_official(reader, ticket.facts()) is None,
    )


def _shown(name: str, value: str) -> str:
    return date_format(date.fromisoformat(value), "j F Y") if name in DAYS else word_of(name, value)


def call_page(number: int) -> "Page[OfficialCall]":
    """Return a page of the telephone calls, newest first, each with its agent and its ticket."""
    rows = OfficialCall.objects.select_related("agent", "record__ticket")
    return page_of(rows.order_by("-called_at", "-pk"), number)


def schools_to_choose() -> list[tuple[str, str]]:
    """Return reference and name of each open school, by name."""
    schools = sorted(open_schools(), key=lambda one: one.name)
    return [(str(one.ref), one.name) for one in schools]
