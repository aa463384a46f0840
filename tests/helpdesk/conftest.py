"""The helpdesk on a Tuesday morning."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from core.tenancy import at_face
from helpdesk.actors import AgentActor
from helpdesk.face import FACE
from helpdesk.terms import AgentRole
from tests.helpdesk.desk import TUESDAY, agent


@pytest.fixture
def desk(db: None, schools: object) -> Iterator[Any]:
    """Work at the helpdesk's face on a Tuesday at 10:00; the clock stands till it is moved."""
    with time_machine.travel(TUESDAY, tick=False) as clock, at_face(FACE):
        yield clock


@pytest.fixture
def agatha(desk: Any) -> AgentActor:
    """An agent on duty."""
    return agent("agatha")


@pytest.fixture
def lena(desk: Any) -> AgentActor:
    """A lead, off duty, so that nothing is dealt to her."""
    return agent("lena", role=AgentRole.LEAD, is_on_duty=False)
