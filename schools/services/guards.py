"""What the services behind the administrators' pages have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from psycopg.errors import UniqueViolation

from core.refusals import Refused
from schools import policies
from schools.actors import StaffActor
from schools.terms import Refusal


def must_administer(actor: StaffActor) -> None:
    """Let administrators pass.

    Raises:
        Refused: ``actor`` is none, or has not shown the key.
    """
    if why := policies.why_not_administer(actor.reader):
        raise Refused(why)


@contextmanager
def refusing_duplicates(why: Refusal) -> Iterator[None]:
    """Turn the database's word that something exists already into a refusal.

    The unique constraint alone decides, so that two people who add the same at the same moment
    are told like one who adds it a day later. Stands outside the transaction that it ends.

    Raises:
        Refused: With ``why``.
    """
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise Refused(why) from None
        raise
