"""Words of tenancy."""

from enum import StrEnum


class SchoolState(StrEnum):
    """Where a school is in its life on the platform."""

    ONBOARDING = "onboarding"
    OPEN = "open"
    SUSPENDED = "suspended"


class Plan(StrEnum):
    """What a school has bought."""

    STANDARD = "standard"
    TRIAL = "trial"
    TRUST = "trust"

    @property
    def words(self) -> str:
        """As ops read it."""
        return self.value.capitalize()


class MisSource(StrEnum):
    """Where a school's pupils and staff come from."""

    NONE = "none"
    CSV = "csv"
    ONEROSTER = "oneroster"

    @property
    def words(self) -> str:
        """As ops read it."""
        return _SOURCES[self]


_SOURCES = {
    MisSource.NONE: "Not known yet",
    MisSource.CSV: "CSV files of ours",
    MisSource.ONEROSTER: "OneRoster files of the MIS",
}


class Step(StrEnum):
    """What onboarding has done last, in its order."""

    WAITING = "waiting"
    REGISTERED = "registered"
    BUILT = "built"
    FURNISHED = "furnished"
    OPENED = "opened"

    @property
    def words(self) -> str:
        """What has been done, as ops read it."""
        return _STEPS[self]


_STEPS = {
    Step.WAITING: "Waiting",
    Step.REGISTERED: "Address and keys made",
    Step.BUILT: "Schema made",
    Step.FURNISHED: "Groups, categories and administrator made",
    Step.OPENED: "Open",
}


class KeysRefusal(StrEnum):
    """Why a school's keys are left as they are."""

    ROTATING = "rotating"
    NOT_ROTATING = "not_rotating"
    TOO_EARLY = "too_early"
    NOT_SUSPENDED = "not_suspended"

    @property
    def sentence(self) -> str:
        """The reason as a sentence for people."""
        return _KEYS_SENTENCES[self]


_KEYS_SENTENCES = {
    KeysRefusal.ROTATING: "A rotation of this school's keys is under way.",
    KeysRefusal.NOT_ROTATING: "No rotation of this school's keys is under way.",
    KeysRefusal.TOO_EARLY: "Somebody may still be at work who does not know the new keys.",
    KeysRefusal.NOT_SUSPENDED: "Only the keys of a suspended school can be destroyed.",
}


class OpsRefusal(StrEnum):
    """Why somebody may not do something at the ops face."""

    LOG_IN = "log_in"
    SHOW_KEY = "show_key"
    CONFIRM_KEY = "confirm_key"
    EMAIL_TAKEN = "email_taken"

    @property
    def sentence(self) -> str:
        """The reason as a sentence for people."""
        return _OPS_SENTENCES[self]


_OPS_SENTENCES = {
    OpsRefusal.LOG_IN: "Log in to see this page.",
    OpsRefusal.SHOW_KEY: "Show your key to see this page.",
    OpsRefusal.CONFIRM_KEY: "Show your key again first: it was not shown in the last five minutes.",
    OpsRefusal.EMAIL_TAKEN: "This email address belongs to another account of the platform.",
}


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
