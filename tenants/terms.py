"""Words of tenancy."""

from enum import StrEnum


class SchoolState(StrEnum):
    """Where a school is in its life on the platform."""

    ONBOARDING = "onboarding"
    OPEN = "open"
    SUSPENDED = "suspended"


class Face(StrEnum):
    """The sites that the platform shows, told apart by host name."""

    SCHOOL = "school"
    HELPDESK = "helpdesk"
    OPS = "ops"
    WWW = "www"


#: Names that are, or may become, hosts of the platform itself.
RESERVED_SLUGS = frozenset(
    [
        "www",
        "helpdesk",
        "ops",
        "api",
        "app",
        "admin",
        "mail",
        "email",
        "smtp",
        "imap",
        "ftp",
        "ns",
        "dns",
        "static",
        "assets",
        "media",
        "cdn",
        "files",
        "status",
        "support",
        "help",
        "login",
        "auth",
        "sso",
        "accounts",
        "account",
        "school",
        "schools",
        "test",
        "demo",
        "staging",
        "dev",
        "internal",
        "public",
        "root",
        "security",
        "billing",
        "blog",
        "docs",
        "localhost",
    ]
)
