"""Words of the helpdesk."""

from enum import StrEnum


class AgentRole(StrEnum):
    """What an agent does at the helpdesk."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"


class TicketState(StrEnum):
    """How a ticket stands; waiting is for an answer of the requester's."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    COMPLETED = "completed"
    CLOSED = "closed"


#: States in which somebody has still something to do.
UNSETTLED = (TicketState.NEW, TicketState.OPEN, TicketState.WAITING)


class Priority(StrEnum):
    """How soon a ticket is dealt with, first things first."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the first to be dealt with."""
        return list(Priority).index(self)


class Topic(StrEnum):
    """What a ticket is about."""

    LOGGING_IN = "logging_in"
    KEY = "key"
    RECORDING = "recording"
    STUDENTS = "students"
    STAFF = "staff"
    MIS_IMPORT = "mis_import"
    EMAIL = "email"
    OFFICIAL = "official"
    OTHER = "other"

    @property
    def words(self) -> str:
        """As agents read it."""
        return _TOPICS[self]


_TOPICS = {
    Topic.LOGGING_IN: "Logging in",
    Topic.KEY: "Key",
    Topic.RECORDING: "Recording incidents",
    Topic.STUDENTS: "Students",
    Topic.STAFF: "Staff accounts",
    Topic.MIS_IMPORT: "MIS import",
    Topic.EMAIL: "Email",
    Topic.OFFICIAL: "Official request",
    Topic.OTHER: "Something else",
}


class Queue(StrEnum):
    """The console's lists."""

    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    SOON = "soon"
    WAITING = "waiting"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """As agents read it."""
        return _QUEUES[self]


_QUEUES = {
    Queue.MINE: "Mine",
    Queue.TEAM: "My team’s",
    Queue.UNASSIGNED: "Unassigned",
    Queue.SOON: "Due soon",
    Queue.WAITING: "Waiting",
    Queue.CLOSED: "Closed",
}


class Grouping(StrEnum):
    """By what reports group tickets."""

    TOPIC = "topic"
    SCHOOL = "school"
    AGENT = "agent"
    MONTH = "month"
    WEEK = "week"


class MessageKind(StrEnum):
    """Who says a message, and to whom; a note is for agents alone."""

    REQUESTER = "requester"
    REPLY = "reply"
    QUESTION = "question"
    NOTE = "note"
    ACKNOWLEDGEMENT = "acknowledgement"
    SYSTEM = "system"


#: What an agent says to the requester.
ANSWERS = (MessageKind.REPLY, MessageKind.QUESTION)


class EventKind(StrEnum):
    """What happened to a ticket, in its log."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ROUTED = "routed"
    QUEUED = "queued"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    HANDED_BACK = "handed_back"
    REPLIED = "replied"
    ASKED = "asked"
    ANSWERED = "answered"
    NOTED = "noted"
    SEND_UNDONE = "send_undone"
    COMPLETED = "completed"
    REOPENED = "reopened"
    CLOSED = "closed"
    RATED = "rated"
    PRIORITY_CHANGED = "priority_changed"
    TOPIC_CHANGED = "topic_changed"
    TEAM_CHANGED = "team_changed"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    MERGED = "merged"
    LINKED = "linked"
    ALARM_ACKNOWLEDGED = "alarm_acknowledged"
    ACCESS_ASKED = "access_asked"
    ACCESS_GRANTED = "access_granted"
    ACCESS_REFUSED = "access_refused"
    ACCESS_OPENED = "access_opened"
    ACCESS_ENDED = "access_ended"

    @property
    def words(self) -> str:
        """As agents read it."""
        return self.value.replace("_", " ").capitalize()


class AccessScope(StrEnum):
    """What an agent asks to look at on a school's site, the narrower first."""

    SETTINGS = "settings"
    RECORDS = "records"

    @property
    def words(self) -> str:
        """As agents read it."""
        return _SCOPES[self]


_SCOPES = {
    AccessScope.SETTINGS: "Administration pages only",
    AccessScope.RECORDS: "Incidents and students, names hidden",
}


class AccessState(StrEnum):
    """How a request to look at a school's site stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"


#: Hours for which access is given at most.
MOST_HOURS = 8


class Refusal(StrEnum):
    """Why somebody may not do something at the helpdesk."""

    LOG_IN = "log_in"
    SHOW_KEY = "show_key"
    CONFIRM_KEY = "confirm_key"
    EMAIL_TAKEN = "email_taken"
    LEADS_ONLY = "leads_only"
    NOT_AN_ANSWERER = "not_an_answerer"
    SETTLED = "settled"
    NOT_COMPLETED = "not_completed"
    REOPEN_TOO_LATE = "reopen_too_late"
    MERGED = "merged"
    MERGED_WITH_ITSELF = "merged_with_itself"
    OTHER_SCHOOL = "other_school"
    OTHER_REQUESTER = "other_requester"
    SENT_ALREADY = "sent_already"
    NOT_YOURS = "not_yours"
    OFF_DUTY = "off_duty"
    NOTHING_SAID = "nothing_said"
    ACKNOWLEDGED_ALREADY = "acknowledged_already"
    TITLE_TAKEN = "title_taken"
    TEAM_TAKEN = "team_taken"
    NOT_YOUR_TICKET = "not_your_ticket"
    ACCESS_ASKED_ALREADY = "access_asked_already"
    ACCESS_NOT_LIVE = "access_not_live"
    EDITORS_ONLY = "editors_only"
    CHANGED_MEANWHILE = "changed_meanwhile"
    CALLED_OFF = "called_off"
    TOO_FEW_PLACES = "too_few_places"
    OFFICIAL_STAYS = "official_stays"
    OFFICIAL_ENDS = "official_ends"
    OFFICIAL_BY_FORM = "official_by_form"
    NOT_OFFICIAL = "not_official"
    COMPLETION_NEEDED = "completion_needed"
    NO_SUCH_SCHOOL = "no_such_school"

    @property
    def sentence(self) -> str:
        """The reason as a sentence for people."""
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.LOG_IN: "Log in to see this page.",
    Refusal.SHOW_KEY: "Show your key to see this page.",
    Refusal.CONFIRM_KEY: "Show your key again first: it was not shown in the last five minutes.",
    Refusal.EMAIL_TAKEN: "This email address belongs to another account of the platform.",
    Refusal.LEADS_ONLY: "Only a lead may do this.",
    Refusal.NOT_AN_ANSWERER: "Editors look after articles; agents and leads answer tickets.",
    Refusal.SETTLED: "This ticket is completed. Reopen it first.",
    Refusal.NOT_COMPLETED: "This ticket is not completed.",
    Refusal.REOPEN_TOO_LATE: "A ticket may be reopened within 14 days of its completion. "
    "Raise a new one.",
    Refusal.MERGED: "This ticket was merged into another. Go on there.",
    Refusal.MERGED_WITH_ITSELF: "Choose another ticket to merge this one into.",
    Refusal.OTHER_REQUESTER: "Two people wrote these tickets, and each reads only their own. Answer each of them.",
    Refusal.OTHER_SCHOOL: "These tickets belong to two schools. Link both to a notice instead.",
    Refusal.SENT_ALREADY: "This was sent already.",
    Refusal.NOT_YOURS: "Only whoever wrote this may take it back.",
    Refusal.OFF_DUTY: "This person is off duty.",
    Refusal.NOTHING_SAID: "Write something first.",
    Refusal.ACKNOWLEDGED_ALREADY: "Somebody has acknowledged this alarm already.",
    Refusal.TITLE_TAKEN: "There is a canned reply of this title already.",
    Refusal.TEAM_TAKEN: "There is a team of this name already.",
    Refusal.NOT_YOUR_TICKET: "Take the ticket first: only whoever holds it may do this.",
    Refusal.ACCESS_ASKED_ALREADY: "The school has been asked already, or has granted access.",
    Refusal.ACCESS_NOT_LIVE: "The school has not granted access, or it has ended.",
    Refusal.EDITORS_ONLY: "Only an editor or a lead may do this.",
    Refusal.CHANGED_MEANWHILE: "Somebody else saved this meanwhile. Look at what they wrote first.",
    Refusal.CALLED_OFF: "This webinar was called off. Make a new one.",
    Refusal.TOO_FEW_PLACES: "More people than that have a place already.",
    Refusal.OFFICIAL_STAYS: "An official request stays as it was made: it is neither merged nor given another topic.",
    Refusal.OFFICIAL_ENDS: "An official request ends with its completion record. The school makes a new one.",
    Refusal.OFFICIAL_BY_FORM: "Only a school’s own form makes an official request.",
    Refusal.NOT_OFFICIAL: "This ticket is no official request.",
    Refusal.COMPLETION_NEEDED: "An official request is completed with a record of what was done.",
    Refusal.NO_SUCH_SCHOOL: "Choose a school from the list.",
}
