"""Words of the Support pages."""

from enum import StrEnum

from helpdesk.knowledge_terms import ArticleKind
from helpdesk.terms import AccessScope, TicketState, Topic
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

#: What an article is, as a school reads it.
KINDS = {
    ArticleKind.ARTICLE: gettext_noop("Article"),
    ArticleKind.HELP_SHEET: gettext_noop("Help sheet"),
    ArticleKind.QUESTION: gettext_noop("Question and answer"),
    ArticleKind.VIDEO: gettext_noop("Video"),
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


#: In a session that an agent's pass began: reference of the grant.
ACCESS = "support_access"
#: What an agent asks to look at, as a school reads it.
SCOPES = {
    AccessScope.SETTINGS: gettext_noop(
        "The administration pages: staff, groups, categories, maps, agencies, imports"
    ),
    AccessScope.RECORDS: gettext_noop("Incidents and students’ records, with names hidden"),
}
#: What an agent sees of these, and what not, as whoever lets them in reads it.
SHOWN = {
    AccessScope.SETTINGS: (
        gettext_noop("Names, email addresses and access of your staff."),
        gettext_noop(
            "Groups, categories and maps by the names that you gave them; agencies as stars; when you imported."
        ),
        gettext_noop("No incident and no student’s record."),
    ),
    AccessScope.RECORDS: (
        gettext_noop("Dates, categories, year groups, classes, and the names of your staff."),
        gettext_noop(
            "Every student as stars. What staff typed, and the names of files, are hidden whole."
        ),
        gettext_noop("No administration page."),
    ),
}
#: The pages that an agent may then open, by the name of the address; everything else is shut.
PAGES_OPEN = {
    AccessScope.SETTINGS: (
        "administration",
        "access_groups",
        "access_group",
        "agencies",
        "agency",
        "alert_groups",
        "alert_group",
        "categories",
        "category",
        "maps",
        "mis_imports",
        "school_map",
        "staff",
        "staff_member",
    ),
    AccessScope.RECORDS: ("incidents", "incident", "students", "student"),
}


class Ender(StrEnum):
    """Who or what ended an agent's access."""

    SCHOOL = "school"
    AGENT = "agent"
    HELPDESK = "helpdesk"
    TIME = "time"


#: How an agent's access ended, as a school reads it.
ENDERS = {
    Ender.SCHOOL: gettext_noop("your school ended it"),
    Ender.AGENT: gettext_noop("the agent ended it"),
    Ender.HELPDESK: gettext_noop("the helpdesk needs it no more"),
    Ender.TIME: gettext_noop("its time was over"),
}


class Standing(StrEnum):
    """How an agent's request to look at the site stands now."""

    WAITING = "waiting"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LIVE = "live"
    ENDED = "ended"


#: As a school reads it, and the kind of tag that says it.
STANDINGS = {
    Standing.WAITING: (gettext_noop("Waiting for an administrator"), "attention"),
    Standing.REFUSED: (gettext_noop("Refused"), "plain"),
    Standing.TAKEN_BACK: (gettext_noop("Taken back by the helpdesk"), "plain"),
    Standing.LIVE: (gettext_noop("Open now"), "danger"),
    Standing.ENDED: (gettext_noop("Ended"), "plain"),
}


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
    CONFIRM_KEY = "confirm_key"
    ANSWERED_ALREADY = "answered_already"
    TOO_LONG = "too_long"
    NOT_LET_IN = "not_let_in"
    LOGGED_IN_HERE = "logged_in_here"
    ONLY_LOOKS = "only_looks"
    NO_PLACE_LEFT = "no_place_left"
    NO_PLACE = "no_place"
    WEBINAR_GONE = "webinar_gone"
    NOT_AUTHORISED = "not_authorised"
    NOBODY_ELSE = "nobody_else"
    OWN_REQUEST = "own_request"
    DECIDED_ALREADY = "decided_already"
    LAPSED = "lapsed"
    NO_REASON = "no_reason"
    NOT_YOUR_CALL = "not_your_call"
    CALL_ANSWERED = "call_answered"
    CALL_LAPSED = "call_lapsed"
    OFFICIAL_ENDS = "official_ends"

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
    Refusal.CONFIRM_KEY: gettext_noop(
        "Show your key again first: it was not shown in the last five minutes."
    ),
    Refusal.ANSWERED_ALREADY: gettext_noop(
        "This request was answered already, or the helpdesk has taken it back."
    ),
    Refusal.TOO_LONG: gettext_noop("Choose no more hours than the helpdesk asks for."),
    Refusal.NOT_LET_IN: gettext_noop(
        "This way in works once, within a minute, while the school grants it. Go back to the ticket and open the site again."
    ),
    Refusal.LOGGED_IN_HERE: gettext_noop(
        "Somebody of the school is logged in with this browser. Log out first."
    ),
    Refusal.ONLY_LOOKS: gettext_noop(
        "The school has not opened this to the helpdesk, which only looks and changes nothing."
    ),
    Refusal.NO_PLACE_LEFT: gettext_noop("There is no place left at this webinar."),
    Refusal.NO_PLACE: gettext_noop("You have no place at this webinar to give up."),
    Refusal.WEBINAR_GONE: gettext_noop("This webinar is over, or was called off."),
    Refusal.NOT_AUTHORISED: gettext_noop(
        "Only administrators and key holders speak for your school in official requests."
    ),
    Refusal.NOBODY_ELSE: gettext_noop(
        "A second person has to approve this, and nobody else at your school may: make a colleague an administrator or a key holder first."
    ),
    Refusal.OWN_REQUEST: gettext_noop("Somebody else has to approve what you asked for."),
    Refusal.DECIDED_ALREADY: gettext_noop("This request was decided already."),
    Refusal.LAPSED: gettext_noop(
        "Nobody approved this request in time, so it has lapsed. Make a new one."
    ),
    Refusal.NO_REASON: gettext_noop("Say why you decline it."),
    Refusal.NOT_YOUR_CALL: gettext_noop(
        "Only the person in whose name the call came can answer this."
    ),
    Refusal.CALL_ANSWERED: gettext_noop("This call was answered already."),
    Refusal.CALL_LAPSED: gettext_noop(
        "This call was not confirmed in time. Make the request yourself, or telephone again."
    ),
    Refusal.OFFICIAL_ENDS: gettext_noop(
        "An official request ends with its completion record. Make a new one."
    ),
}
