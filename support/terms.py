"""Words of the Support pages."""

from enum import StrEnum

from helpdesk.terms import TicketState, Topic
from ui.marks import gettext_noop


class Shelf(StrEnum):
    """Where a page of the guide stands; the value is its folder (guide, section 5.3)."""

    GUIDE = "guide"
    HELP = "help"
    QUESTIONS = "questions"
    KNOWLEDGE = "knowledge"

    @property
    def label(self) -> str:
        """The heading on the screen."""
        return _LABELS[self]


_LABELS = {
    Shelf.GUIDE: gettext_noop("User guide"),
    Shelf.HELP: gettext_noop("Step-by-step help sheets"),
    Shelf.QUESTIONS: gettext_noop("Frequently asked questions"),
    Shelf.KNOWLEDGE: gettext_noop("Knowledge base"),
}

#: What a ticket is about, as a school reads it.
TOPICS = {
    Topic.LOGGING_IN: gettext_noop("Logging in"),
    Topic.KEY: gettext_noop("Keys"),
    Topic.RECORDING: gettext_noop("Recording incidents and actions"),
    Topic.STUDENTS: gettext_noop("Students"),
    Topic.STAFF: gettext_noop("Staff and access groups"),
    Topic.MIS_IMPORT: gettext_noop("Importing from your MIS"),
    Topic.EMAIL: gettext_noop("Emails"),
    Topic.OFFICIAL: gettext_noop("Official requests"),
    Topic.OTHER: gettext_noop("Something else"),
}

#: How a ticket stands, as a school reads it, and the kind of tag that says it.
STATES = {
    TicketState.NEW: (gettext_noop("Sent"), "plain"),
    TicketState.OPEN: (gettext_noop("Being dealt with"), "primary"),
    TicketState.WAITING: (gettext_noop("Waiting for you"), "attention"),
    TicketState.COMPLETED: (gettext_noop("Completed"), "ok"),
    TicketState.CLOSED: (gettext_noop("Closed"), "ok"),
}
SETTLED = (TicketState.COMPLETED, TicketState.CLOSED)

#: Characters.
LONGEST_SUBJECT = 200
LONGEST_MESSAGE = 20_000
LONGEST_REASON = 1_000
LONGEST_RATING = 500


class HitKind(StrEnum):
    """What gives a student away in a text."""

    NAME = "name"
    UPN = "upn"
    BORN_ON = "born_on"


class Refusal(StrEnum):
    """Why somebody may not do something with a ticket."""

    NOT_YOURS = "not_yours"
    SETTLED = "settled"
    NOT_SETTLED = "not_settled"
    TOO_LATE = "too_late"

    @property
    def sentence(self) -> str:
        """The reason as a sentence for people."""
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.NOT_YOURS: gettext_noop("Only the person who raised this ticket can do this."),
    Refusal.SETTLED: gettext_noop("This ticket is completed. Reopen it to write again."),
    Refusal.NOT_SETTLED: gettext_noop("This ticket is not completed yet."),
    Refusal.TOO_LATE: gettext_noop(
        "A ticket can be reopened within 14 days of its completion. Raise a new one."
    ),
}
