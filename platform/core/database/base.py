"""The database backend: on every connection the role and the search path of one place.

The application logs in as a role that owns nothing and may do nothing. Before a place's first
statement it becomes that place's role, together with its search path, in one round trip. A
connection that was told no place can reach no table at all.

Source: decision 0011.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend import base
from psycopg.pq import TransactionStatus
from typing_extensions import override

from core.database.places import EXTENSIONS, SWITCH, Nowhere, role_of


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc] # django-tenants ships no types
    """A connection that serves one school at a time.

    With ``"OWNS_SCHEMAS": True`` in its settings it is the owner's: it stays the role that it
    logged in as, and only its search path changes.
    """

    #: The paths that were set on the connection, None if that has to be done.
    search_path_set_schemas: list[str] | None
    _setting_search_path: bool

    @override
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._owns_schemas:
            self.set_tenant(Nowhere(), include_public=False)

    @property
    def _owns_schemas(self) -> bool:
        return bool(self.settings_dict.get("OWNS_SCHEMAS"))

    @override
    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.search_path_set_schemas is not None or self._setting_search_path:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            # Whatever comes next fails too, unless it is the rollback.
            return
        self._setting_search_path = True
        try:
            own = cursor or self.connection.cursor()
            self._switch(own)
            if cursor is None:
                own.close()
        finally:
            self._setting_search_path = False

    def _switch(self, cursor: Any) -> None:
        # An error here is raised: to go on would be to go on as the place before.
        paths = self._get_cursor_search_paths()
        path = ", ".join(f'"{one}"' for one in paths)
        if self._owns_schemas:
            cursor.execute("SELECT set_config('search_path', %s, false)", [path])
        else:
            cursor.execute(SWITCH, [role_of(self.schema_name), path])
        self.search_path_set_schemas = paths

    @override
    def _get_cursor_search_paths(self) -> list[str]:
        if not self.schema_name:
            return []
        return [*super()._get_cursor_search_paths(), EXTENSIONS]

    @override
    def commit(self) -> None:
        # COMMIT of a transaction in which a statement failed rolls back, and with it the role and
        # the search path that were set inside it: what came after would run in the school before.
        if (
            self.connection is not None
            and self.connection.info.transaction_status == TransactionStatus.INERROR
        ):
            self.search_path_set_schemas = None
        super().commit()

    @override
    def _configure_connection(self, connection: Any) -> bool:
        refuse_pooler(connection)
        return bool(super()._configure_connection(connection))


def refuse_pooler(connection: Any) -> None:
    """Refuse a server that hands one connection to many clients in turn.

    Such a pooler greets with a process number of its own. It would give a school's role, which
    PostgreSQL does not report to clients, to the next client's statement (decision 0011).

    Raises:
        ImproperlyConfigured: There is a pooler between us and PostgreSQL.
    """
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    if row[0] != connection.info.backend_pid:
        raise ImproperlyConfigured(
            "DATABASE_URL leads to a connection pooler. Give PostgreSQL's own address: the"
            " platform keeps a pool itself, and a pooler would mix up the schools' roles."
        )
