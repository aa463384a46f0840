"""An agent of the helpdesk whom the school has let in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from core import clock
from helpdesk.terms import AccessScope
from schools.actors import StaffActor
from support.policies import visiting_reader

if TYPE_CHECKING:
    from core.actors import Actor
    from support.models import SupportAccess


@dataclass(frozen=True, kw_only=True)
class SupportActor(StaffActor):
    """An agent who looks at the school's site: no account of the school, and no staff.

    On record their “key” is the grant: ``support:row id``.

    Attributes:
        ends_at: When it is over (UTC).
    """

    access_ref: UUID
    scope: AccessScope
    ends_at: datetime


def support_actor(access: SupportAccess, who: Actor) -> SupportActor:
    """Return the agent whom a live grant lets in.

    Args:
        access: Live; read just now.
        who: Whoever has the session: nobody of the school.
    """
    scope = AccessScope(access.scope)
    return SupportActor(
        has_key=True,
        key=f"support:{access.pk}",
        address=who.address,
        request_id=who.request_id,
        reader=visiting_reader(scope, clock.now()),
        name=access.agent_name,
        access_ref=access.ref,
        scope=scope,
        ends_at=access.ends_at or clock.now(),
    )
