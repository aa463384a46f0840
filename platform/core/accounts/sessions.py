"""Sessions that open at the school they were begun at and nowhere else."""

from django.contrib.sessions.backends import db
from typing_extensions import override

from core.tenancy import place


class SessionStore(db.SessionStore):
    """Django's sessions, signed for one school.

    A row that comes into another school's table (a restored backup, a copied schema) is an empty
    session there, even where the same account with the same password is.
    """

    @property
    @override
    def key_salt(self) -> str:
        """The salt of the signature around a session's contents."""
        return f"session:{place()}"
