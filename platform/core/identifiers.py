"""Public references: random enough not to be guessed, ordered enough to index well."""

import uuid

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562, 5.7): milliseconds, then 74 random bits."""
    return _uuid7()
