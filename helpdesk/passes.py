"""The pass with which an agent comes to a school: signed for one school, once, for a minute."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core import signing

from core import clock

#: From the button at the helpdesk to the school's site.
SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What a pass says.

    Attributes:
        access: Reference of the request, the same on both sides.
        agent: Reference of the agent.
        issued_at: UTC; a school takes a pass only where it is newer than the last one taken.
    """

    access: UUID
    agent: UUID
    issued_at: datetime


def signed_pass(*, school: UUID, access: UUID, agent: UUID) -> str:
    """Return a pass for one school, issued now."""
    said = {
        "access": str(access),
        "agent": str(agent),
        "issued": clock.now().timestamp(),
    }
    return signing.dumps(said, salt=_salt(school))


def read_pass(sent: str, *, school: UUID) -> Pass | None:
    """Return what a pass says; None where it is forged, too old or another school's."""
    try:
        said = signing.loads(sent, salt=_salt(school), max_age=SECONDS)
    except signing.BadSignature:
        return None
    return Pass(
        access=UUID(said["access"]),
        agent=UUID(said["agent"]),
        issued_at=datetime.fromtimestamp(said["issued"], UTC),
    )


def _salt(school: UUID) -> str:
    return f"support-access:{school}"
