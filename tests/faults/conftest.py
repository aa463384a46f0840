"""One rig for all fault tests: starting it is dear."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig import Rig


@pytest.fixture(scope="session")
def running_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Services, an open school, no worker and no beat."""
    rig = Rig(Path(tmp_path_factory.mktemp("faults")))
    try:
        rig.start()
        yield rig
    finally:
        rig.stop()


@pytest.fixture
def rig(running_rig: Rig) -> Iterator[Rig]:
    """The rig with an empty outbox and mailbox; afterwards worker and beat are gone again."""
    for service in (running_rig.broker, running_rig.mailbox):
        service.start()
        service.wait_ready()
    running_rig.forget_mails_and_events()
    yield running_rig
    running_rig.worker.kill()
    running_rig.beat.kill()
