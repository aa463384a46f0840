"""The database backend: django-tenants' own, with the extensions' schema on every search path."""

from django_tenants.postgresql_backend import base
from psycopg.pq import TransactionStatus
from typing_extensions import override

#: Holds pg_trgm and unaccent, so that a school's search path need not include ``public``.
EXTENSIONS = "extensions"


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc] # django-tenants ships no types
    """A connection that serves one school at a time."""

    @override
    def _get_cursor_search_paths(self) -> list[str]:
        return [*super()._get_cursor_search_paths(), EXTENSIONS]

    @override
    def commit(self) -> None:
        # COMMIT of a transaction in which a statement failed rolls back, and with it the search
        # path that was set inside it: what came after would run in the school served before.
        if (
            self.connection is not None
            and self.connection.info.transaction_status == TransactionStatus.INERROR
        ):
            self.search_path_set_schemas = None
        super().commit()
