"""Words of the record; stored codes are stable."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Whether somebody still has to do something (guide, section 4, “Status”)."""

    ACTIVE = "active"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return self.value.capitalize()


class DraftForm(StrEnum):
    """The forms whose contents are kept."""

    INCIDENT = "incident"
    ACTION = "action"


#: Said where an incident concerns no one student (guide 1.2, the dashboard).
WHOLE_SCHOOL = "Whole School Incident"

#: Longest text of an incident or an action, in characters: about two hundred pages.
LONGEST_TEXT = 500_000


class DeedKind(StrEnum):
    """What somebody did, as the audit page sorts it."""

    RECORD = "record"
    INCIDENT = "incident"
    LIST = "list"
    SEARCH = "search"
    FILE = "file"
    PRINT = "print"
    CHANGE = "change"
    SETTING = "setting"
    ACCOUNT = "account"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _KINDS[self]


_KINDS = {
    DeedKind.RECORD: "Students' records",
    DeedKind.INCIDENT: "Incidents and actions read",
    DeedKind.LIST: "Names on lists",
    DeedKind.SEARCH: "Searches for students",
    DeedKind.FILE: "Files",
    DeedKind.PRINT: "Prints and exports",
    DeedKind.CHANGE: "Changes to the record",
    DeedKind.SETTING: "Changes to settings and staff",
    DeedKind.ACCOUNT: "Log-ins, passwords and keys",
}

#: What shows a student to somebody: the kinds that ‘Who has looked’ counts, and their words there.
LOOKS = {
    DeedKind.RECORD: "record",
    DeedKind.INCIDENT: "incident",
    DeedKind.LIST: "list",
    DeedKind.SEARCH: "search",
    DeedKind.FILE: "file",
    DeedKind.PRINT: "print or export",
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
    "student.viewed": Deed(DeedKind.RECORD, "opened the student's record"),
    "incident.viewed": Deed(DeedKind.INCIDENT, "opened the incident"),
    "action.viewed": Deed(DeedKind.INCIDENT, "opened their own action"),
    "draft.opened": Deed(DeedKind.INCIDENT, "had their draft shown again"),
    "dashboard.viewed": Deed(DeedKind.LIST, "opened their dashboard"),
    "incidents.listed": Deed(DeedKind.LIST, "opened the list of incidents"),
    "students.listed": Deed(DeedKind.LIST, "opened the list of students"),
    "incident_form.shown": Deed(DeedKind.LIST, "was shown names on the incident form"),
    "audit.viewed": Deed(DeedKind.LIST, "looked through the audit"),
    "students.searched": Deed(DeedKind.SEARCH, "searched for a student"),
    "students.suggested": Deed(DeedKind.SEARCH, "typed part of a student's name"),
    "attachment.opened": Deed(DeedKind.FILE, "opened a file"),
    "attachment.uploaded": Deed(DeedKind.FILE, "uploaded a file"),
    "page.printed": Deed(DeedKind.PRINT, "printed a page"),
    "audit.exported": Deed(DeedKind.PRINT, "exported the audit"),
    "incident.recorded": Deed(DeedKind.CHANGE, "recorded the incident"),
    "incident.settled": Deed(DeedKind.CHANGE, "set status and assignee of the incident"),
    "action.added": Deed(DeedKind.CHANGE, "added an action"),
    "alert.read": Deed(DeedKind.CHANGE, "marked the incident as read"),
    "draft.kept": Deed(DeedKind.CHANGE, "sent a form without being logged in; it was kept"),
    "draft.discarded": Deed(DeedKind.CHANGE, "submitted a draft or threw it away"),
    "mis.imported": Deed(DeedKind.CHANGE, "imported students and staff from the MIS"),
    "mis.uploaded": Deed(DeedKind.SETTING, "uploaded an export of the MIS"),
    "mis.checked": Deed(DeedKind.SETTING, "had an export of the MIS checked"),
    "mis.previewed": Deed(DeedKind.LIST, "looked at the preview of an import"),
    "mis.confirmed": Deed(DeedKind.SETTING, "confirmed an import from the MIS"),
    "mis.cancelled": Deed(DeedKind.SETTING, "cancelled an import from the MIS"),
    "mis.expired": Deed(DeedKind.SETTING, "let an upload from the MIS end, not imported"),
    "agency.added": Deed(DeedKind.SETTING, "added an agency"),
    "agency.renamed": Deed(DeedKind.SETTING, "renamed an agency"),
    "agency.merged": Deed(DeedKind.SETTING, "merged two agencies"),
    "agency.retired": Deed(DeedKind.SETTING, "retired an agency"),
    "agency.brought_back": Deed(DeedKind.SETTING, "brought an agency back"),
    "staff.invited": Deed(DeedKind.SETTING, "sent an invitation again"),
    "staff.renamed": Deed(DeedKind.SETTING, "corrected a colleague's name"),
    "staff.email_changed": Deed(DeedKind.SETTING, "changed a colleague's email address"),
    "category.added": Deed(DeedKind.SETTING, "added a category"),
    "category.renamed": Deed(DeedKind.SETTING, "renamed a category"),
    "category.retired": Deed(DeedKind.SETTING, "retired a category"),
    "category.brought_back": Deed(DeedKind.SETTING, "brought a category back"),
    "alert_group.added": Deed(DeedKind.SETTING, "added an alert group"),
    "alert_group.changed": Deed(DeedKind.SETTING, "changed an alert group"),
    "alert_group.retired": Deed(DeedKind.SETTING, "retired an alert group"),
    "alert_group.brought_back": Deed(DeedKind.SETTING, "brought an alert group back"),
    "staff.added": Deed(DeedKind.SETTING, "added a member of staff"),
    "staff.access_changed": Deed(DeedKind.SETTING, "changed what a member of staff may do"),
    "staff.deactivated": Deed(DeedKind.SETTING, "deactivated a member of staff"),
    "staff.reactivated": Deed(DeedKind.SETTING, "reactivated a member of staff"),
    "account.password_created": Deed(DeedKind.ACCOUNT, "created a password behind a link"),
    "session.began": Deed(DeedKind.ACCOUNT, "logged in"),
    "session.ended": Deed(DeedKind.ACCOUNT, "ended a session"),
    "session.expired": Deed(DeedKind.ACCOUNT, "was logged out: the session's time was over"),
    "login.failed": Deed(DeedKind.ACCOUNT, "tried to log in, with a wrong password or key"),
    "login.throttled": Deed(DeedKind.ACCOUNT, "tried to log in too often"),
    "key.enrolled": Deed(DeedKind.ACCOUNT, "enrolled a key"),
    "key.shown": Deed(DeedKind.ACCOUNT, "showed their key"),
    "key.removed": Deed(DeedKind.ACCOUNT, "removed a key"),
    "key.recovery_codes_made": Deed(DeedKind.ACCOUNT, "made new recovery codes"),
    "key.recovery_codes_viewed": Deed(DeedKind.ACCOUNT, "looked at their recovery codes"),
    "key.reported_lost": Deed(DeedKind.ACCOUNT, "reported their key as lost"),
    "key.reset": Deed(DeedKind.ACCOUNT, "reset a colleague's key"),
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
