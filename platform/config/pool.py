"""What a database connection forgets when it goes back to the pool."""

from typing import Any

import psycopg


def forget_school(connection: psycopg.Connection[Any]) -> None:
    """Clear the search path, so that the next borrower starts from no school at all."""
    connection.execute("SET search_path = ''")
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.rollback()
