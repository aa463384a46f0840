"""One rig for all fault tests: starting it is dear."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig import Rig


@pytest.fixture(scope="session")
def only_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Services and an open school."""
    rig = Rig(Path(tmp_path_factory.mktemp("faults")))
    try:
        rig.start()
        yield rig
    finally:
        rig.stop()


@pytest.fixture
def rig(only_rig: Rig) -> Rig:
    """The rig with all services, without worker and beat, with an empty outbox and mailbox."""
    only_rig.worker.kill()
    only_rig.beat.kill()
    only_rig.repair()
    only_rig.forget_mails_and_events()
    return only_rig


@pytest.fixture
def working_rig(only_rig: Rig) -> Rig:
    """The rig with worker and beat at work."""
    only_rig.repair()
    only_rig.forget_mails_and_events()
    only_rig.worker.start()
    only_rig.beat.start()
    return only_rig
