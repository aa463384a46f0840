"""Official requests and telephone calls for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core import clock
from core.identifiers import uuid7
from helpdesk.handover import CallTold
from helpdesk.official import OfficialKind
from schools.actors import StaffActor
from support.guard import Letters
from support.models import OfficialCall, OfficialRequest
from support.screening import screen, sendable
from support.services.official import NewOfficial, ask
from support.services.official_calls import take_call

DETAILS = {
    OfficialKind.DATA_EXPORT: {"contents": "everything", "needed_by": "2099-03-01"},
    OfficialKind.CLOSE_ACCOUNT: {
        "colleague": "Carol Closing",
        "email": "carol@school.example",
        "closes_on": "2099-03-01",
    },
}


def make_request(
    actor: StaffActor,
    *,
    kind: OfficialKind = OfficialKind.DATA_EXPORT,
    text: str = "For the governors.",
    submission: UUID | None = None,
) -> OfficialRequest:
    """Make an official request, masked."""
    screened = screen({"text": text})
    return ask(
        actor=actor,
        new=NewOfficial(
            submission=submission or uuid7(),
            kind=kind,
            details=DETAILS.get(kind, {}),
            sent=sendable(screened, letters=Letters()),
        ),
    )


def official_form(kind: str = "data_export", **fields: Any) -> dict[str, Any]:
    """Return what the form of a data export posts, or of another kind with its own fields."""
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    own = {"contents": "everything", "needed_by": day} if kind == "data_export" else {}
    return {"submission": str(uuid7()), "kind": kind, "text": "For the governors.", **own, **fields}


def call_of(actor: StaffActor, email: str, *, kind: str = "data_export") -> OfficialCall:
    """Take in a telephone call in somebody's name, at the current school."""
    told = CallTold(
        ref=uuid7(),
        school_ref=UUID(int=1),
        kind=kind,
        caller_name=actor.name,
        email=email,
        words="Wants everything exported for the governors.",
        agent_name="Agatha Agent",
        called_at=clock.now(),
    )
    assert take_call(told)
    return OfficialCall.objects.get(ref=told.ref)
