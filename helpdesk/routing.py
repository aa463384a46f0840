"""To whom a ticket goes: a pure function of who is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An agent as the dealing sees them.

    Attributes:
        teams: Row ids of their teams; none is every team.
        skills: Topics that they can deal with; none is all.
        open_tickets: How many they have in hand.
        capacity: With how many no more are dealt to them.
        waits_since: Since when no ticket was dealt to them (UTC).
    """

    agent_id: int
    is_on_duty: bool
    teams: frozenset[int] = frozenset()
    skills: frozenset[str] = frozenset()
    open_tickets: int = 0
    capacity: int = 20
    waits_since: datetime

    def is_free_for(self, team_id: int | None, topic: str) -> bool:
        """Say whether a ticket of the team and the topic may be dealt to them now."""
        return (
            self.is_on_duty
            and self.open_tickets < self.capacity
            and (team_id is None or not self.teams or team_id in self.teams)
            and (not self.skills or topic in self.skills)
        )


def agent_for(candidates: Iterable[Candidate], *, team_id: int | None, topic: str) -> int | None:
    """Return the free agent with the fewest open tickets; of several, who has waited longest.

    Returns:
        Their row id; None where nobody is free.
    """
    free = [one for one in candidates if one.is_free_for(team_id, topic)]
    chosen = min(free, key=lambda one: (one.open_tickets, one.waits_since), default=None)
    return None if chosen is None else chosen.agent_id
