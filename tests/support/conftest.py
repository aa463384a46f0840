"""People of an official request, at a clock that stands still."""

import pytest

from core.clock import now
from tests.factories import make_staff


@pytest.fixture
def clock(time_machine_at):
    """The clock, standing still."""
    time_machine_at.move_to(now(), tick=False)
    return time_machine_at


@pytest.fixture
def ada(clock, in_school_a):
    return make_staff("ada", kind="administrator", given_name="Ada")


@pytest.fixture
def dora(clock, in_school_a):
    return make_staff("dora", kind="key_holder", given_name="Dora")
