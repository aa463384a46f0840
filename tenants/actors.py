"""An operator who acts."""

from dataclasses import dataclass, field

from core.actors import Actor
from tenants.policies import Reader


@dataclass(frozen=True, kw_only=True)
class OperatorActor(Actor):
    """Who acts at the ops face, with what the policies know of them.

    Attributes:
        name: How the person is shown on their own pages.
    """

    reader: Reader = field(default_factory=Reader)
    name: str = ""
