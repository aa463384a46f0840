"""Two schools side by side, and people who act at them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, SimpleTestCase

from core import clock, keyring
from core.tenancy import in_school
from infra.embedded.services import Services
from infra.pytest_services import SERVICES
from tests.factories import GREENWOOD, HILLSIDE, log_in, make_staff, onboard

#: Folders whose tests share what is dear to start; the longest to run begin first.
TOGETHER = ("browser", "faults", "infra")


def _group(item: pytest.Item) -> str:
    path = item.path.relative_to(Path(__file__).parent)
    return path.parts[0] if path.parts[0] in TOGETHER else str(path)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Keep on one worker the tests that share what is dear to start: a folder's or a file's."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    yield
    order = {folder: place for place, folder in enumerate(TOGETHER)}
    items.sort(key=lambda item: order.get(_group(item), len(order)))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name what is made anew in each process by what it is for: workers compare names."""
    return argname if isinstance(val, bytes) or _is_reference(val) else None


def _is_reference(val: object) -> bool:
    try:
        return isinstance(val, UUID) or str(UUID(str(val))) == val
    except ValueError:
        return False


@pytest.fixture(scope="session")
def services(pytestconfig: pytest.Config) -> Services:
    """The running services."""
    return pytestconfig.stash[SERVICES]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Migrate the public schema of the database that these services were started with.

    It is made by its owner and used by the application, as everywhere, and ends with the services;
    a database that Django makes for tests would belong to the application.
    """
    with django_db_blocker.unblock():
        call_command("migrate_schemas", shared=True, verbosity=0)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        connection.close_pool()


@pytest.fixture(scope="session", autouse=True)
def owner_may_work() -> None:
    """Let onboarding reach the owner's connection, whose work no test's rollback takes back."""
    SimpleTestCase._add_databases_failures = classmethod(lambda cls: None)
    SimpleTestCase._remove_databases_failures = classmethod(lambda cls: None)


@pytest.fixture(scope="module")
def may_become_owner(services: Services) -> Iterator[None]:
    """Let the application take the owner's role while these tests run, to attack as the owner."""
    ours, theirs = "safeguarding", "safeguarding_owner"
    with psycopg.connect(services.postgres.superuser_url, autocommit=True) as superuser:
        superuser.execute(f"GRANT {theirs} TO {ours} WITH INHERIT FALSE, SET TRUE")
        superuser.execute(f"GRANT SET ON PARAMETER session_replication_role TO {theirs}")
        yield
        superuser.execute(f"REVOKE SET ON PARAMETER session_replication_role FROM {theirs}")
        superuser.execute(f"REVOKE {theirs} FROM {ours}")


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the schemas' owner, for what the application itself cannot do."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def schools(django_db_setup: None, django_db_blocker: Any) -> dict[str, Any]:
    """Greenwood and Hillside, onboarded once; what tests add is rolled back."""
    with django_db_blocker.unblock():
        return {slug: onboard(slug) for slug in (GREENWOOD, HILLSIDE)}


@pytest.fixture
def school_a(db: None, schools: dict[str, Any]) -> Any:
    """Greenwood."""
    return schools[GREENWOOD]


@pytest.fixture
def school_b(db: None, schools: dict[str, Any]) -> Any:
    """Hillside."""
    return schools[HILLSIDE]


@pytest.fixture
def in_school_a(school_a: Any) -> Iterator[Any]:
    """Work inside Greenwood for the whole test."""
    with in_school(school_a):
        yield school_a


@pytest.fixture
def teacher(in_school_a: Any) -> Any:
    """A member of staff without key access, as an actor."""
    return make_staff("teacher")


@pytest.fixture
def dsl(in_school_a: Any) -> Any:
    """A key holder who has shown the key, as an actor."""
    return make_staff("dsl", kind="key_holder")


@pytest.fixture
def administrator(in_school_a: Any) -> Any:
    """An administrator who has shown the key, as an actor."""
    return make_staff("admin", kind="administrator")


@pytest.fixture
def actor(teacher: Any) -> Any:
    """Somebody who acts."""
    return teacher


@pytest.fixture
def browse(school_a: Any) -> Callable[..., Client]:
    """A client at Greenwood's host (or ``school``'s), logged in as an actor if one is given."""

    def make(actor: Any = None, *, school: Any = None, has_key: bool | None = None) -> Client:
        chosen = school or school_a
        client = Client(HTTP_HOST=chosen.host)
        if actor is not None:
            log_in(client, chosen, actor, has_key=has_key)
        return client

    return make


@pytest.fixture
def own_local_key(settings: Any) -> Iterator[None]:
    """A local wrapping key of this test's own; no KMS."""
    settings.KMS_KEY_ID = None
    settings.LOCAL_WRAPPING_KEY = keyring.new_local_wrapping_key()
    keyring.forget_opened_keysets()
    yield
    keyring.forget_opened_keysets()


@pytest.fixture
def kms(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a KMS that is not there; nothing but KMS wraps."""
    settings.KMS_KEY_ID = "alias/schools"
    settings.LOCAL_WRAPPING_KEY = None
    settings.KMS_ENDPOINT_URL = "http://127.0.0.1:1"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    keyring.wrapping.kms_client.cache_clear()
    keyring.forget_opened_keysets()
    yield keyring.wrapping.kms_client(settings.KMS_ENDPOINT_URL, settings.S3_REGION)
    keyring.wrapping.kms_client.cache_clear()
    keyring.forget_opened_keysets()


@pytest.fixture
def time_machine_at() -> Iterator[Any]:
    """A clock that the test sets."""
    with time_machine.travel(clock.now(), tick=True) as traveller:
        yield traveller
