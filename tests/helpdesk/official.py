"""Official requests and telephone calls at the helpdesk, for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from helpdesk.handover import OfficialHandover
from helpdesk.models import Agent, OfficialCall, Ticket
from tests.helpdesk.desk import TUESDAY, raised


def official(**facts: Any) -> OfficialHandover:
    """Return what makes a ticket official, as Greenwood hands it over."""
    plain = {
        "kind": "data_export",
        "asked_by": "Ada Minster",
        "asked_by_role": "administrator",
        "asked_at": TUESDAY - timedelta(hours=2),
        "approved_by": "Dora Dale",
        "approved_by_role": "key holder",
        "approved_at": TUESDAY,
        "details": (("contents", "everything"), ("needed_by", "2026-03-01")),
    }
    return OfficialHandover(**{**plain, **facts})


def make_official(**facts: Any) -> Ticket:
    """Return an official request that was taken in."""
    return raised(
        facts.pop("raised_at", TUESDAY),
        topic="official",
        subject="Data export",
        text="For the governors.",
        official=official(**facts),
    )


def noted(agent: Agent) -> OfficialCall:
    """Return a telephone call that an agent noted."""
    return OfficialCall.objects.create(
        school_ref=UUID(int=1),
        school_name="Greenwood School",
        kind="data_export",
        caller_name="Ada Minster",
        email="ada.minster@greenwood-primary-school.example",
        words="Wants everything exported for the governors, by the end of term.",
        agent=agent,
    )
