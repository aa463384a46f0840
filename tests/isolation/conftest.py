"""Two schools that are alike to the last id."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import transaction

from core.tenancy import in_school
from tests.isolation.world import World, align_ids, forget_files, make_world
from tests.support.knowledge import announce, publish


@pytest.fixture
def twins(school_a: Any, school_b: Any) -> Iterator[tuple[World, World]]:
    """Greenwood and Hillside with the same people, rows, addresses and ids; and what all may read."""
    align_ids(school_a, school_b)
    a, b = make_world(school_a), make_world(school_b)
    assert a.incident.pk == b.incident.pk
    assert a.people["staff"].user_id == b.people["staff"].user_id
    publish()
    announce()
    yield a, b
    forget_files(a)
    forget_files(b)


@pytest.fixture
def world(twins: tuple[World, World]) -> World:
    """Greenwood, filled."""
    return twins[0]


@pytest.fixture
def here(world: World) -> Iterator[World]:
    """Greenwood, filled, with the whole test inside it."""
    with in_school(world.school):
        yield world


@pytest.fixture
def other(twins: tuple[World, World]) -> World:
    """Hillside, filled."""
    return twins[1]


@pytest.fixture
def undone(db: None) -> Callable[[], AbstractContextManager[None]]:
    """A block whose writes are taken back, and in which durable transactions are allowed."""

    @contextmanager
    def block() -> Iterator[None]:
        savepoint = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(savepoint)

    return block
