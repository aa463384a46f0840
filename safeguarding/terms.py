"""Words of the record; stored codes are stable."""

from dataclasses import dataclass
from enum import StrEnum

from ui.marks import gettext_noop


class Status(StrEnum):
    """Whether somebody still has to do something (guide, section 4, “Status”)."""

    ACTIVE = "active"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _STATUSES[self]


_STATUSES = {Status.ACTIVE: gettext_noop("Active"), Status.CLOSED: gettext_noop("Closed")}


class DraftForm(StrEnum):
    """The forms whose contents are kept."""

    INCIDENT = gettext_noop("incident")
    ACTION = "action"
    TICKET = "ticket"


class Kept(StrEnum):
    """What became of a save of a draft.

    Attributes:
        KEPT: It is on the server.
        OLDER: A newer save of the same page is there already.
        ELSEWHERE: Another page has saved the same form since this page was shown.
        SENT: The form was submitted, or its draft thrown away.
    """

    KEPT = "kept"
    OLDER = "older"
    ELSEWHERE = "elsewhere"
    SENT = "sent"


#: Said where an incident concerns no one student (guide 1.2, the dashboard).
WHOLE_SCHOOL = gettext_noop("Whole School Incident")

#: Longest text of an incident or an action, in characters: about two hundred pages.
LONGEST_TEXT = 500_000

#: Longest reason of an amendment, in characters.
LONGEST_REASON = 1_000


class DeedKind(StrEnum):
    """What somebody did, as the audit page sorts it."""

    RECORD = gettext_noop("record")
    INCIDENT = gettext_noop("incident")
    LIST = gettext_noop("list")
    SEARCH = gettext_noop("search")
    FILE = gettext_noop("file")
    PRINT = "print"
    CHANGE = "change"
    SETTING = "setting"
    ACCOUNT = "account"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _KINDS[self]


_KINDS = {
    DeedKind.RECORD: gettext_noop("Students' records"),
    DeedKind.INCIDENT: gettext_noop("Incidents and actions read"),
    DeedKind.LIST: gettext_noop("Names on lists"),
    DeedKind.SEARCH: gettext_noop("Searches for students"),
    DeedKind.FILE: gettext_noop("Files"),
    DeedKind.PRINT: gettext_noop("Prints and exports"),
    DeedKind.CHANGE: gettext_noop("Changes to the record"),
    DeedKind.SETTING: gettext_noop("Changes to settings and staff"),
    DeedKind.ACCOUNT: gettext_noop("Log-ins, passwords and keys"),
}

#: What shows a student to somebody: the kinds that ‘Who has looked’ counts, and their words there.
LOOKS = {
    DeedKind.RECORD: gettext_noop("record"),
    DeedKind.INCIDENT: gettext_noop("incident"),
    DeedKind.LIST: gettext_noop("list"),
    DeedKind.SEARCH: gettext_noop("search"),
    DeedKind.FILE: gettext_noop("file"),
    DeedKind.PRINT: gettext_noop("print or export"),
}

#: What is a page that can be printed.
PAGES = (DeedKind.RECORD, DeedKind.INCIDENT, DeedKind.LIST, DeedKind.SEARCH)


@dataclass(frozen=True)
class Deed:
    """A verb of the record in plain words.

    Attributes:
        kind: Where the audit page sorts it.
        words: What follows the person's name: “opened the incident”.
    """

    kind: DeedKind
    words: str


#: Every verb that was ever written. A verb that is no longer used stays: its entries do.
DEEDS = {
    "student.viewed": Deed(DeedKind.RECORD, gettext_noop("opened the student's record")),
    "incident.viewed": Deed(DeedKind.INCIDENT, gettext_noop("opened the incident")),
    "action.viewed": Deed(DeedKind.INCIDENT, gettext_noop("opened their own action")),
    "draft.opened": Deed(DeedKind.INCIDENT, gettext_noop("had their draft shown again")),
    "drafts.listed": Deed(DeedKind.LIST, gettext_noop("was shown their drafts")),
    "dashboard.viewed": Deed(DeedKind.LIST, gettext_noop("opened their dashboard")),
    "incidents.listed": Deed(DeedKind.LIST, gettext_noop("opened the list of incidents")),
    "students.listed": Deed(DeedKind.LIST, gettext_noop("opened the list of students")),
    "incident_form.shown": Deed(
        DeedKind.LIST, gettext_noop("was shown names on the incident form")
    ),
    "audit.viewed": Deed(DeedKind.LIST, gettext_noop("looked through the audit")),
    "students.searched": Deed(DeedKind.SEARCH, gettext_noop("searched for a student")),
    "students.suggested": Deed(DeedKind.SEARCH, gettext_noop("typed part of a student's name")),
    "students.named": Deed(DeedKind.SEARCH, gettext_noop("typed a text that names a student")),
    "attachment.opened": Deed(DeedKind.FILE, gettext_noop("opened a file")),
    "attachment.uploaded": Deed(DeedKind.FILE, gettext_noop("uploaded a file")),
    "tickets.listed": Deed(DeedKind.LIST, gettext_noop("opened the list of tickets")),
    "ticket.viewed": Deed(DeedKind.LIST, gettext_noop("opened a ticket to the helpdesk")),
    "ticket.checked": Deed(
        DeedKind.LIST, gettext_noop("was shown the students whom a message to the helpdesk names")
    ),
    "ticket.file_opened": Deed(
        DeedKind.FILE, gettext_noop("opened a ticket's file at the helpdesk")
    ),
    "ticket.raised": Deed(DeedKind.CHANGE, gettext_noop("sent a ticket to the helpdesk")),
    "ticket.answered": Deed(DeedKind.CHANGE, gettext_noop("wrote on a ticket to the helpdesk")),
    "ticket.reopened": Deed(DeedKind.CHANGE, gettext_noop("reopened a ticket to the helpdesk")),
    "ticket.rated": Deed(DeedKind.CHANGE, gettext_noop("rated the helpdesk's answer")),
    "webinar.registered": Deed(DeedKind.CHANGE, gettext_noop("took a place at a webinar")),
    "webinar.unregistered": Deed(DeedKind.CHANGE, gettext_noop("gave up a place at a webinar")),
    "ticket.received": Deed(DeedKind.CHANGE, gettext_noop("took a ticket in at the helpdesk")),
    "ticket.reply_received": Deed(DeedKind.CHANGE, gettext_noop("answered from the helpdesk")),
    "ticket.settled": Deed(
        DeedKind.CHANGE, gettext_noop("changed how a ticket stands at the helpdesk")
    ),
    "ticket.emptied": Deed(
        DeedKind.CHANGE, gettext_noop("removed an old ticket's words and files")
    ),
    "ticket.mail_refused": Deed(
        DeedKind.CHANGE, gettext_noop("refused an email about a ticket to the helpdesk")
    ),
    "support.asked": Deed(DeedKind.SETTING, gettext_noop("asked to look at the school's site")),
    "support.granted": Deed(DeedKind.SETTING, gettext_noop("let the helpdesk look at the site")),
    "support.refused": Deed(DeedKind.SETTING, gettext_noop("refused to let the helpdesk look")),
    "support.ended": Deed(
        DeedKind.SETTING, gettext_noop("ended the helpdesk's access to the site")
    ),
    "support.entered": Deed(DeedKind.ACCOUNT, gettext_noop("came to look at the school's site")),
    "support.viewed": Deed(DeedKind.LIST, gettext_noop("looked at a page of the school's site")),
    "support.stopped": Deed(
        DeedKind.LIST, gettext_noop("tried a page that is shut to the helpdesk")
    ),
    "official.asked": Deed(
        DeedKind.SETTING, gettext_noop("made an official request of the helpdesk")
    ),
    "official.approved": Deed(DeedKind.SETTING, gettext_noop("approved an official request")),
    "official.declined": Deed(DeedKind.SETTING, gettext_noop("declined an official request")),
    "official.lapsed": Deed(
        DeedKind.SETTING, gettext_noop("let an official request lapse, which nobody approved")
    ),
    "official.completed": Deed(
        DeedKind.SETTING, gettext_noop("completed an official request at the helpdesk")
    ),
    "official.emptied": Deed(
        DeedKind.CHANGE, gettext_noop("removed an old official request's words")
    ),
    "call.received": Deed(DeedKind.SETTING, gettext_noop("noted a telephone call at the helpdesk")),
    "call.confirmed": Deed(
        DeedKind.SETTING, gettext_noop("confirmed a telephone call to the helpdesk in writing")
    ),
    "call.denied": Deed(
        DeedKind.SETTING, gettext_noop("said that a telephone call to the helpdesk was not theirs")
    ),
    "page.printed": Deed(DeedKind.PRINT, gettext_noop("printed a page")),
    "audit.exported": Deed(DeedKind.PRINT, gettext_noop("exported the audit")),
    "incident.recorded": Deed(DeedKind.CHANGE, gettext_noop("recorded the incident")),
    "incident.settled": Deed(
        DeedKind.CHANGE, gettext_noop("set status and assignee of the incident")
    ),
    "incident.amended": Deed(DeedKind.CHANGE, gettext_noop("amended the incident")),
    "incident.moved": Deed(DeedKind.CHANGE, gettext_noop("corrected the student of the incident")),
    "incident.categorised": Deed(
        DeedKind.CHANGE, gettext_noop("changed the categories of the incident")
    ),
    "action.amended": Deed(DeedKind.CHANGE, gettext_noop("amended an action")),
    "monitoring.ended": Deed(DeedKind.CHANGE, gettext_noop("stopped monitoring a student")),
    "action.added": Deed(DeedKind.CHANGE, gettext_noop("added an action")),
    "alert.read": Deed(DeedKind.CHANGE, gettext_noop("marked the incident as read")),
    "draft.kept": Deed(DeedKind.CHANGE, gettext_noop("began a draft")),
    "draft.discarded": Deed(DeedKind.CHANGE, gettext_noop("submitted a draft or threw it away")),
    "draft.expired": Deed(
        DeedKind.CHANGE, gettext_noop("let a draft lie for thirty days; it was deleted")
    ),
    "mis.imported": Deed(DeedKind.CHANGE, gettext_noop("imported students and staff from the MIS")),
    "mis.uploaded": Deed(DeedKind.SETTING, gettext_noop("uploaded an export of the MIS")),
    "mis.checked": Deed(DeedKind.SETTING, gettext_noop("had an export of the MIS checked")),
    "mis.previewed": Deed(DeedKind.LIST, gettext_noop("looked at the preview of an import")),
    "mis.confirmed": Deed(DeedKind.SETTING, gettext_noop("confirmed an import from the MIS")),
    "mis.cancelled": Deed(DeedKind.SETTING, gettext_noop("cancelled an import from the MIS")),
    "mis.expired": Deed(
        DeedKind.SETTING, gettext_noop("let an upload from the MIS end, not imported")
    ),
    "agency.added": Deed(DeedKind.SETTING, gettext_noop("added an agency")),
    "agency.renamed": Deed(DeedKind.SETTING, gettext_noop("renamed an agency")),
    "agency.merged": Deed(DeedKind.SETTING, gettext_noop("merged two agencies")),
    "agency.retired": Deed(DeedKind.SETTING, gettext_noop("retired an agency")),
    "agency.brought_back": Deed(DeedKind.SETTING, gettext_noop("brought an agency back")),
    "staff.invited": Deed(DeedKind.SETTING, gettext_noop("sent an invitation again")),
    "staff.renamed": Deed(DeedKind.SETTING, gettext_noop("corrected a colleague's name")),
    "staff.email_changed": Deed(
        DeedKind.SETTING, gettext_noop("changed a colleague's email address")
    ),
    "category.added": Deed(DeedKind.SETTING, gettext_noop("added a category")),
    "category.renamed": Deed(DeedKind.SETTING, gettext_noop("renamed a category")),
    "category.retired": Deed(DeedKind.SETTING, gettext_noop("retired a category")),
    "category.brought_back": Deed(DeedKind.SETTING, gettext_noop("brought a category back")),
    "alert_group.added": Deed(DeedKind.SETTING, gettext_noop("added an alert group")),
    "alert_group.changed": Deed(DeedKind.SETTING, gettext_noop("changed an alert group")),
    "alert_group.retired": Deed(DeedKind.SETTING, gettext_noop("retired an alert group")),
    "alert_group.brought_back": Deed(DeedKind.SETTING, gettext_noop("brought an alert group back")),
    "access_group.added": Deed(DeedKind.SETTING, gettext_noop("added an access group")),
    "access_group.changed": Deed(DeedKind.SETTING, gettext_noop("changed an access group")),
    "map.added": Deed(DeedKind.SETTING, gettext_noop("added a map")),
    "map.renamed": Deed(DeedKind.SETTING, gettext_noop("renamed a map")),
    "map.retired": Deed(DeedKind.SETTING, gettext_noop("retired a map")),
    "map.brought_back": Deed(DeedKind.SETTING, gettext_noop("brought a map back")),
    "staff.added": Deed(DeedKind.SETTING, gettext_noop("added a member of staff")),
    "staff.access_changed": Deed(
        DeedKind.SETTING, gettext_noop("changed what a member of staff may do")
    ),
    "staff.deactivated": Deed(DeedKind.SETTING, gettext_noop("deactivated a member of staff")),
    "staff.reactivated": Deed(DeedKind.SETTING, gettext_noop("reactivated a member of staff")),
    "account.password_created": Deed(
        DeedKind.ACCOUNT, gettext_noop("created a password behind a link")
    ),
    "account.language_changed": Deed(
        DeedKind.ACCOUNT, gettext_noop("chose the language of their pages and emails")
    ),
    "session.began": Deed(DeedKind.ACCOUNT, gettext_noop("logged in")),
    "session.ended": Deed(DeedKind.ACCOUNT, gettext_noop("ended a session")),
    "session.locked": Deed(DeedKind.ACCOUNT, gettext_noop("had their screen locked")),
    "session.unlocked": Deed(DeedKind.ACCOUNT, gettext_noop("unlocked their screen")),
    "session.expired": Deed(
        DeedKind.ACCOUNT, gettext_noop("was logged out: the session's time was over")
    ),
    "login.failed": Deed(
        DeedKind.ACCOUNT, gettext_noop("tried to log in, with a wrong password or key")
    ),
    "login.throttled": Deed(DeedKind.ACCOUNT, gettext_noop("tried to log in too often")),
    "key.enrolled": Deed(DeedKind.ACCOUNT, gettext_noop("enrolled a key")),
    "key.shown": Deed(DeedKind.ACCOUNT, gettext_noop("showed their key")),
    "key.removed": Deed(DeedKind.ACCOUNT, gettext_noop("removed a key")),
    "key.recovery_codes_made": Deed(DeedKind.ACCOUNT, gettext_noop("made new recovery codes")),
    "key.recovery_codes_viewed": Deed(
        DeedKind.ACCOUNT, gettext_noop("looked at their recovery codes")
    ),
    "key.reported_lost": Deed(DeedKind.ACCOUNT, gettext_noop("reported their key as lost")),
    "key.reset": Deed(DeedKind.ACCOUNT, gettext_noop("reset a colleague's key")),
}

#: The pages that the helpdesk may be let in to, by the name of the address, as the record says them.
PAGES_SEEN = {
    "administration": gettext_noop("Administration"),
    "access_groups": gettext_noop("Access groups"),
    "access_group": gettext_noop("Access group"),
    "agencies": gettext_noop("Agencies"),
    "agency": gettext_noop("Agency"),
    "alert_groups": gettext_noop("Alert groups"),
    "alert_group": gettext_noop("Alert group"),
    "categories": gettext_noop("Categories"),
    "category": gettext_noop("Category"),
    "maps": gettext_noop("Maps"),
    "school_map": gettext_noop("Map"),
    "mis_imports": gettext_noop("Import from your MIS"),
    "staff": gettext_noop("Staff"),
    "staff_member": gettext_noop("Member of staff"),
    "incidents": gettext_noop("Incidents"),
    "incident": gettext_noop("Incident"),
    "students": gettext_noop("Students"),
    "student": gettext_noop("Record"),
}

#: Verbs of the rows that the database itself writes when a column changes; the field history of
#: an incident shows them, the audit page the entry that they belong to.
ROW_VERBS = frozenset({"row.inserted", "row.updated", "row.deleted"})


def verbs_of(*kinds: DeedKind) -> list[str]:
    """Return the verbs of some kinds."""
    return [verb for verb, deed in DEEDS.items() if deed.kind in kinds]


def words_of(verb: str) -> str:
    """Return what was done in plain words; a verb that nobody has put into words, as it is."""
    return DEEDS[verb].words if verb in DEEDS else verb.replace(".", " ").replace("_", " ")
