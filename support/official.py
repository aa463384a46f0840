"""Words of official requests, as a school reads them; plain Python."""

from enum import StrEnum

from helpdesk.official import OfficialKind
from ui.marks import gettext_noop


class RequestState(StrEnum):
    """How an official request stands."""

    WAITING = "waiting"
    SENT = "sent"
    DECLINED = "declined"
    LAPSED = "lapsed"
    COMPLETED = "completed"


class Verdict(StrEnum):
    """What became of a request at its school; ``DIRECT`` where nobody has to approve."""

    APPROVED = "approved"
    DIRECT = "direct"
    DECLINED = "declined"
    LAPSED = "lapsed"

    @property
    def state(self) -> RequestState:
        """How the request stands by it."""
        if self in {Verdict.APPROVED, Verdict.DIRECT}:
            return RequestState.SENT
        return RequestState(self.value)


class CallAnswer(StrEnum):
    """What somebody says to a telephone call in their name."""

    CONFIRMED = "confirmed"
    DENIED = "denied"


class Step(StrEnum):
    """What people are told by email about a request."""

    ASKED = "asked"
    SENT = "sent"
    DECLINED = "declined"
    LAPSED = "lapsed"
    COMPLETED = "completed"


#: Heading and hint of each kind's form.
KINDS = {
    OfficialKind.NEW_KEY_HOLDER: (
        gettext_noop("New key holder"),
        gettext_noop("A colleague is to hold the key, and to see what key holders see."),
    ),
    OfficialKind.DATA_EXPORT: (
        gettext_noop("Data export"),
        gettext_noop("The helpdesk is to hand over what your school has recorded."),
    ),
    OfficialKind.SCHOOL_TRANSFER: (
        gettext_noop("School transfer"),
        gettext_noop("Your school joins another trust, merges, or has another name or address."),
    ),
    OfficialKind.CLOSE_ACCOUNT: (
        gettext_noop("Closing a colleague’s account"),
        gettext_noop("A colleague is to be locked out by the helpdesk."),
    ),
    OfficialKind.CLOSE_SCHOOL: (
        gettext_noop("Closing the school’s account"),
        gettext_noop("Your school stops using this system."),
    ),
}
#: The kind of tag that says how a request stands.
STATES = {
    RequestState.WAITING: (gettext_noop("Waiting for approval"), "attention"),
    RequestState.SENT: (gettext_noop("With the helpdesk"), "primary"),
    RequestState.DECLINED: (gettext_noop("Declined"), "plain"),
    RequestState.LAPSED: (gettext_noop("Lapsed"), "plain"),
    RequestState.COMPLETED: (gettext_noop("Completed"), "ok"),
}
DETAILS = {
    "colleague": gettext_noop("Colleague"),
    "email": gettext_noop("Email address"),
    "starts_on": gettext_noop("From which day"),
    "contents": gettext_noop("What to export"),
    "needed_by": gettext_noop("Needed by"),
    "change": gettext_noop("What changes"),
    "moves_on": gettext_noop("On which day"),
    "closes_on": gettext_noop("On which day"),
    "afterwards": gettext_noop("Before that"),
}
CHOICES = {
    "contents": {
        "everything": gettext_noop("Everything that your school has recorded"),
        "leavers": gettext_noop("The records of students who have left"),
        "audit": gettext_noop("The audit"),
    },
    "change": {
        "trust": gettext_noop("Your school joins another trust"),
        "merger": gettext_noop("It merges with another school"),
        "name": gettext_noop("It has another name or address"),
    },
    "afterwards": {
        "export": gettext_noop("We are sent everything that we have recorded"),
        "nothing": gettext_noop("Nothing: we have our export already"),
    },
}
