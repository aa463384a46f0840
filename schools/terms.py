"""Words of a school."""

from enum import StrEnum


class YearGroup(StrEnum):
    """A year group of a school in England; the stored codes are stable."""

    N1 = "N1"
    N2 = "N2"
    R = "R"
    Y1 = "1"
    Y2 = "2"
    Y3 = "3"
    Y4 = "4"
    Y5 = "5"
    Y6 = "6"
    Y7 = "7"
    Y8 = "8"
    Y9 = "9"
    Y10 = "10"
    Y11 = "11"
    Y12 = "12"
    Y13 = "13"

    @property
    def label(self) -> str:
        """How people say it: “Reception”, “Year 4”."""
        names = {"N1": "Nursery 1", "N2": "Nursery 2", "R": "Reception"}
        return names.get(self.value, f"Year {self.value}")


class Refusal(StrEnum):
    """Why a person may not do something; ``sentence`` is what they read."""

    LOG_IN = "log_in"
    SHOW_KEY = "show_key"
    CONFIRM_KEY = "confirm_key"
    KEY_HOLDERS_ONLY = "key_holders_only"
    ADMINISTRATORS_ONLY = "administrators_only"
    KEY_HELPERS_ONLY = "key_helpers_only"
    HIDDEN = "hidden"
    CLOSED_TO_ASSIGN = "closed_to_assign"
    READ_ALREADY = "read_already"
    OWN_ACCESS = "own_access"
    OWN_KEY = "own_key"
    NO_KEY_YET = "no_key_yet"
    LAST_ADMINISTRATOR = "last_administrator"
    LAST_CATEGORY = "last_category"
    CATEGORY_NAME_TAKEN = "category_name_taken"
    ALERT_GROUP_NAME_TAKEN = "alert_group_name_taken"
    EMAIL_TAKEN = "email_taken"
    AGENCY_NAME_TAKEN = "agency_name_taken"
    MANY_LEAVE = "many_leave"
    OWN_DETAILS = "own_details"
    FROM_MIS = "from_mis"
    HAS_LOGGED_IN = "has_logged_in"
    DEACTIVATED = "deactivated"

    @property
    def sentence(self) -> str:
        """The reason in plain English, in the second person."""
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.LOG_IN: "Log in first.",
    Refusal.SHOW_KEY: "Show your key (your second factor) first.",
    Refusal.CONFIRM_KEY: "Show your key again first: it was not shown in the last five minutes.",
    Refusal.KEY_HELPERS_ONLY: "This page is for key holders and administrators.",
    Refusal.KEY_HOLDERS_ONLY: "This page is for key holders.",
    Refusal.ADMINISTRATORS_ONLY: "This page is for your school's administrators.",
    Refusal.HIDDEN: "There is nothing here that you may see.",
    Refusal.CLOSED_TO_ASSIGN: "Only key holders can assign an incident.",
    Refusal.READ_ALREADY: "You have marked this as read.",
    Refusal.OWN_ACCESS: "You cannot change your own access. Ask another administrator.",
    Refusal.OWN_KEY: "Nobody resets their own key. Ask another key holder or administrator.",
    Refusal.NO_KEY_YET: (
        "They have never set up a key. They do it when they log in; there is nothing to reset."
    ),
    Refusal.LAST_ADMINISTRATOR: (
        "This is your school's last administrator. Make somebody else an administrator first."
    ),
    Refusal.LAST_CATEGORY: (
        "This is the last category, and every incident needs one. Add another first."
    ),
    Refusal.CATEGORY_NAME_TAKEN: (
        "There is a category with this name already. If it is retired, bring it back."
    ),
    Refusal.ALERT_GROUP_NAME_TAKEN: (
        "There is an alert group with this name already. If it is retired, bring it back."
    ),
    Refusal.EMAIL_TAKEN: (
        "Somebody on the staff list has this email address already. If they left and came back,"
        " reactivate them there."
    ),
    Refusal.AGENCY_NAME_TAKEN: (
        "There is an agency with this name already. If it is retired, bring it back."
    ),
    Refusal.MANY_LEAVE: "Many would leave. Tick that this is right, or cancel.",
    Refusal.OWN_DETAILS: (
        "You cannot change your own name or email address. Ask another administrator."
    ),
    Refusal.FROM_MIS: (
        "Their name and email address come from your MIS. Correct them there; the next import"
        " brings them."
    ),
    Refusal.HAS_LOGGED_IN: "They have created their password already; no invitation is needed.",
    Refusal.DEACTIVATED: "They are deactivated. Reactivate them first.",
}

#: A new school's categories (guide, section 4, the list on the form).
DEFAULT_CATEGORIES = (
    "Attendance",
    "Behaviour",
    "Cause for Concern",
    "Child on Child",
    "Child Protection",
    "Contact with Parents",
    "Contact with Safeguarding Partners",
    "Friendship Issues",
    "Home Issues",
    "Legacy",
    "Medical",
    "Mental Health and Wellbeing",
    "Safeguarding Concern",
    "SEND",
)


class GroupKind(StrEnum):
    """The three kinds of staff that a new school starts with."""

    STAFF = "staff"
    KEY_HOLDER = "key_holder"
    ADMINISTRATOR = "administrator"


#: Names of a new school's access groups.
DEFAULT_GROUPS = {
    GroupKind.STAFF: "Staff",
    GroupKind.KEY_HOLDER: "Key holders",
    GroupKind.ADMINISTRATOR: "Administrators",
}


class ImportState(StrEnum):
    """How far an upload from the MIS has come."""

    CHECKING = "checking"
    READY = "ready"
    IMPORTING = "importing"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @classmethod
    def open(cls) -> list[str]:
        """Return the states from which it goes on."""
        return [cls.CHECKING.value, cls.READY.value, cls.IMPORTING.value]

    @classmethod
    def ended(cls) -> list[str]:
        """Return the states in which it stays."""
        return [one.value for one in cls if one.value not in cls.open()]


class KeyStatus(StrEnum):
    """Whether a member of staff has the key that they need."""

    NOT_NEEDED = "not_needed"
    MISSING = "missing"
    SET_UP = "set_up"
    RESET = "reset"
