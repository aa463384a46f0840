"""An agent who acts."""

from dataclasses import dataclass, field

from core.actors import Actor
from helpdesk.policies import Reader


@dataclass(frozen=True, kw_only=True)
class AgentActor(Actor):
    """Who acts at the helpdesk, with what the policies know of them.

    Attributes:
        name: How the person is shown on their own pages.
    """

    reader: Reader = field(default_factory=Reader)
    name: str = ""
