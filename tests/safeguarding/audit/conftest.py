"""What the tests of the audit have in common."""

import pytest

from tests.acceptance.conftest import see, statements

__all__ = ["see", "statements"]


@pytest.fixture(scope="module", autouse=True)
def _acts_as_owner(may_become_owner: None) -> None:
    """Entries of the past are made by bending those of now, which only the owner can."""
