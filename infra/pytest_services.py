"""A pytest plugin: real PostgreSQL, Valkey, S3 and SMTP for the whole run, before Django starts.

Loaded by ``-p infra.pytest_services`` in ``pyproject.toml``.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.embedded.service import ServiceError
from infra.embedded.services import Services

SERVICES = pytest.StashKey[Services]()
_FOLDER = pytest.StashKey[Path]()

#: What the tests settle beside the services' own addresses.
SETTLED = {
    "BASE_DOMAIN": "localhost",
    "PUBLIC_SCHEME": "http",
    "PUBLIC_PORT": "",
    "LOG_FORMAT": "json",
    "LOG_LEVEL": "CRITICAL",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the services before pytest-django reads the settings."""
    folder = Path(tempfile.mkdtemp(prefix="safeguarding-tests-"))
    services = Services(folder, durable=False)
    if not _only_hands_out(early_config):
        try:
            with _alone():
                services.start()
        except ServiceError as error:
            pytest.exit(f"The services for the tests did not start: {error}", returncode=3)
    early_config.stash[SERVICES] = services
    early_config.stash[_FOLDER] = folder
    os.environ.update(services.environ() | SETTLED)
    yield


@contextmanager
def _alone() -> Generator[None, None, None]:
    """One start at a time on this machine: ports that are free are not yet taken."""
    with Path(tempfile.gettempdir(), "safeguarding-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _only_hands_out(config: pytest.Config) -> bool:
    """Say whether this process runs no test: pytest-xdist's workers do, on services of their own."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return bool(getattr(config.known_args_namespace, "numprocesses", None)) and not is_worker


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the services and forget what they held."""
    if services := config.stash.get(SERVICES, None):
        services.stop()
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)
