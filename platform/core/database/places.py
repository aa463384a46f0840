"""Places that a connection can be in: nowhere, the control plane, a school; each has its role."""

#: Holds pg_trgm and unaccent, so that a school's search path need not include ``public``.
EXTENSIONS = "extensions"
#: The role that may read and write the public schema. A school's role has its schema's name.
CONTROL_PLANE = "control_plane"
PUBLIC = "public"
#: ``set_config`` may stand in a SELECT with another one; ``SET`` may not.
SWITCH = "SELECT set_config('role', %s, false), set_config('search_path', %s, false)"
#: What a connection is when it goes back: nobody, nowhere.
FORGET = "SELECT set_config('role', 'none', false), set_config('search_path', '', false)"


class Nowhere:
    """No place was chosen yet."""

    schema_name = ""


def role_of(schema: str) -> str:
    """Return the role that may use a schema; ``none`` where no schema is chosen."""
    if schema == PUBLIC:
        return CONTROL_PLANE
    return schema or "none"
