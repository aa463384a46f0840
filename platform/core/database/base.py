"""The database backend: django-tenants' own, with the extensions' schema on every search path."""

from django_tenants.postgresql_backend import base
from typing_extensions import override

#: Holds pg_trgm and unaccent, so that a school's search path need not include ``public``.
EXTENSIONS = "extensions"


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc] # django-tenants ships no types
    """A connection that serves one school at a time."""

    @override
    def _get_cursor_search_paths(self) -> list[str]:
        return [*super()._get_cursor_search_paths(), EXTENSIONS]
