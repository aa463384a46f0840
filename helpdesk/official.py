"""Official requests: what may be asked, and what each says; plain Python for both sides."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class OfficialKind(StrEnum):
    """What a school officially asks for."""

    NEW_KEY_HOLDER = "new_key_holder"
    DATA_EXPORT = "data_export"
    SCHOOL_TRANSFER = "school_transfer"
    CLOSE_ACCOUNT = "close_account"
    CLOSE_SCHOOL = "close_school"

    @property
    def words(self) -> str:
        """As agents read it."""
        return _KINDS[self]

    @property
    def needs_approval(self) -> bool:
        """Whether a second authorised person has to agree; only what takes rights away does not."""
        return self is not OfficialKind.CLOSE_ACCOUNT


class CallState(StrEnum):
    """What became of a telephone call that an agent noted."""

    ASKED = "asked"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    DENIED = "denied"

    @property
    def words(self) -> str:
        """As agents read it."""
        return _CALLS[self]


_KINDS = {
    OfficialKind.NEW_KEY_HOLDER: "New key holder",
    OfficialKind.DATA_EXPORT: "Data export",
    OfficialKind.SCHOOL_TRANSFER: "School transfer",
    OfficialKind.CLOSE_ACCOUNT: "Closing a colleague’s account",
    OfficialKind.CLOSE_SCHOOL: "Closing the school’s account",
}
_CALLS = {
    CallState.ASKED: "Waiting for the caller’s confirmation",
    CallState.UNKNOWN: "The school authorises nobody of this address",
    CallState.CONFIRMED: "Confirmed in writing",
    CallState.DENIED: "Denied: “this was not me”",
}
#: An unapproved request lapses after so long.
APPROVE_WITHIN = timedelta(days=14)
#: A call that its caller has not confirmed by then becomes nothing.
CONFIRM_WITHIN = timedelta(days=7)
#: The database keeps the words of official records for seven years, whatever is asked of it.
LEAST_DAYS_KEPT = 2557
#: Characters.
LONGEST_WORDS = 4_000

#: What the forms ask, as agents read it.
DETAILS = {
    "colleague": "Colleague",
    "email": "Email of the colleague",
    "starts_on": "From",
    "contents": "What is exported",
    "needed_by": "Needed by",
    "change": "What changes",
    "moves_on": "On",
    "closes_on": "On",
    "afterwards": "Before that",
}
DAYS = frozenset({"starts_on", "needed_by", "moves_on", "closes_on"})
#: What may be chosen, by detail and code, as agents read it.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "contents": {
        "everything": "Everything that the school has recorded",
        "leavers": "The records of students who have left",
        "audit": "The audit",
    },
    "change": {
        "trust": "The school joins another trust",
        "merger": "It merges with another school",
        "name": "It has another name or address",
    },
    "afterwards": {
        "export": "The school is sent everything it has recorded",
        "nothing": "Nothing: the school has its export already",
    },
}


def word_of(name: str, value: str) -> str:
    """Return what was chosen as agents read it; what is no choice as it is."""
    return CHOICES.get(name, {}).get(value, value)
