"""What the tests of the audit have in common."""

from tests.acceptance.conftest import see, statements

__all__ = ["see", "statements"]
