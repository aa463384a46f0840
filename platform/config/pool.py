"""What a database connection forgets when it goes back to the pool."""

from typing import Any

import psycopg

from core.database.places import FORGET


def forget_school(connection: psycopg.Connection[Any]) -> None:
    """Give up role and search path, so that the next borrower starts from no school at all."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.rollback()
    connection.execute(FORGET)
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.commit()
