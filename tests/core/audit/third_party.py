"""An entry's digest without this platform: what decision 0009 says, and nothing else.

In fifteen years somebody has a table, a chain and an anchor, and no PostgreSQL 18.
"""

import hashlib
import json

COLUMNS = (
    *("id", "ref", "happened_at", "recorded_at", "transaction", "user_id", "had_key", "key"),
    *("address", "request_id", "verb", "subject_kind", "subject_ref", "students", "facts"),
    "changes",
)


def digest(school, entry):
    """Return the SHA-256 of one entry, a mapping of its columns as Python knows them."""
    listed = [school, *(entry[name] for name in COLUMNS), entry["changes"] is None]
    return hashlib.sha256(array(listed).encode()).digest()


def array(columns):
    """Return columns as PostgreSQL's ``json_build_array`` writes them: a list in them has no spaces."""
    return "[" + ", ".join(column(one) for one in columns) + "]"


def column(value):
    if isinstance(value, list):
        return "[" + ",".join(text(one) for one in value) + "]"
    return text(value)


def text(value):
    """Return a value as PostgreSQL writes it in ``jsonb``: keys by length, then by bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{text(key)}: {text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(text(one) for one in value) + "]"
    if hasattr(value, "isoformat"):
        written = value.isoformat().removesuffix("+00:00")
        return json.dumps(written.rstrip("0") if "." in written else written)
    if value is None or isinstance(value, (bool, int, float, str)):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(str(value))
