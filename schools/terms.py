"""Words of a school."""

from enum import StrEnum

from ui.marks import gettext_noop


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
        return _YEARS[self]


_YEARS = {
    YearGroup.N1: gettext_noop("Nursery 1"),
    YearGroup.N2: gettext_noop("Nursery 2"),
    YearGroup.R: gettext_noop("Reception"),
    YearGroup.Y1: gettext_noop("Year 1"),
    YearGroup.Y2: gettext_noop("Year 2"),
    YearGroup.Y3: gettext_noop("Year 3"),
    YearGroup.Y4: gettext_noop("Year 4"),
    YearGroup.Y5: gettext_noop("Year 5"),
    YearGroup.Y6: gettext_noop("Year 6"),
    YearGroup.Y7: gettext_noop("Year 7"),
    YearGroup.Y8: gettext_noop("Year 8"),
    YearGroup.Y9: gettext_noop("Year 9"),
    YearGroup.Y10: gettext_noop("Year 10"),
    YearGroup.Y11: gettext_noop("Year 11"),
    YearGroup.Y12: gettext_noop("Year 12"),
    YearGroup.Y13: gettext_noop("Year 13"),
}


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
    MAP_NAME_TAKEN = "map_name_taken"
    MAP_IMAGE_GONE = "map_image_gone"
    MAP_IMAGE_TOO_LARGE = "map_image_too_large"
    MAY_NOT_ADD = "may_not_add"
    MAY_NOT_ASSIGN = "may_not_assign"
    MAY_NOT_EXPORT = "may_not_export"
    OWN_GROUP = "own_group"
    DEFAULT_WITHOUT_KEY = "default_without_key"
    RIGHTS_NEED_KEY = "rights_need_key"
    ACCESS_GROUP_NAME_TAKEN = "access_group_name_taken"
    ASSIGNEE_CANNOT_SEE = "assignee_cannot_see"
    LAST_OF_INCIDENT = "last_of_incident"
    AMENDED_MEANWHILE = "amended_meanwhile"
    SAME_STUDENT = "same_student"
    NOTHING_AMENDED = "nothing_amended"
    BEFORE_RECORDED = "before_recorded"
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
    Refusal.LOG_IN: gettext_noop("Log in first."),
    Refusal.SHOW_KEY: gettext_noop("Show your key (your second factor) first."),
    Refusal.CONFIRM_KEY: gettext_noop(
        "Show your key again first: it was not shown in the last five minutes."
    ),
    Refusal.KEY_HELPERS_ONLY: gettext_noop("This page is for key holders and administrators."),
    Refusal.KEY_HOLDERS_ONLY: gettext_noop("This page is for key holders."),
    Refusal.ADMINISTRATORS_ONLY: gettext_noop("This page is for your school's administrators."),
    Refusal.HIDDEN: gettext_noop("There is nothing here that you may see."),
    Refusal.CLOSED_TO_ASSIGN: gettext_noop("Only key holders can assign an incident."),
    Refusal.READ_ALREADY: gettext_noop("You have marked this as read."),
    Refusal.OWN_ACCESS: gettext_noop(
        "You cannot change your own access. Ask another administrator."
    ),
    Refusal.OWN_KEY: gettext_noop(
        "Nobody resets their own key. Ask another key holder or administrator."
    ),
    Refusal.NO_KEY_YET: gettext_noop(
        "They have never set up a key. They do it when they log in; there is nothing to reset."
    ),
    Refusal.LAST_ADMINISTRATOR: gettext_noop(
        "This is your school's last administrator. Make somebody else an administrator first."
    ),
    Refusal.LAST_CATEGORY: gettext_noop(
        "This is the last category, and every incident needs one. Add another first."
    ),
    Refusal.CATEGORY_NAME_TAKEN: gettext_noop(
        "There is a category with this name already. If it is retired, bring it back."
    ),
    Refusal.ALERT_GROUP_NAME_TAKEN: gettext_noop(
        "There is an alert group with this name already. If it is retired, bring it back."
    ),
    Refusal.EMAIL_TAKEN: gettext_noop(
        "Somebody on the staff list has this email address already. If they left and came back,"
        " reactivate them there."
    ),
    Refusal.MAP_NAME_TAKEN: gettext_noop(
        "A map with this name is offered already. Choose another name, or retire that one first."
    ),
    Refusal.MAP_IMAGE_GONE: gettext_noop("The image did not arrive. Choose it again."),
    Refusal.MAP_IMAGE_TOO_LARGE: gettext_noop(
        "This image is larger than 10 MB. Make it smaller first."
    ),
    Refusal.MAY_NOT_ADD: gettext_noop(
        "Your access group does not add incidents or actions. Tell your Designated Safeguarding"
        " Lead in person."
    ),
    Refusal.MAY_NOT_ASSIGN: gettext_noop("Your access group does not assign incidents."),
    Refusal.MAY_NOT_EXPORT: gettext_noop(
        "Your access group does not export. Ask an administrator."
    ),
    Refusal.OWN_GROUP: gettext_noop(
        "You are in this access group, and nobody changes their own access. Ask an administrator"
        " who is in another one."
    ),
    Refusal.DEFAULT_WITHOUT_KEY: gettext_noop(
        "New staff come into this group by themselves, so it neither holds the key nor"
        " administers. Add another group for that."
    ),
    Refusal.RIGHTS_NEED_KEY: gettext_noop(
        "Only key holders assign and export. Tick that they hold the key, or take those rights"
        " away."
    ),
    Refusal.ACCESS_GROUP_NAME_TAKEN: gettext_noop(
        "There is an access group with this name already."
    ),
    Refusal.ASSIGNEE_CANNOT_SEE: gettext_noop(
        "Their access group does not see this incident. Choose somebody whose group sees its"
        " categories and year groups."
    ),
    Refusal.LAST_OF_INCIDENT: gettext_noop(
        "Every incident has at least one category. Leave one ticked."
    ),
    Refusal.AMENDED_MEANWHILE: gettext_noop(
        "Somebody amended this while you were typing. What it says now is shown here; what you"
        " typed is still in the box. Check both, then save again."
    ),
    Refusal.SAME_STUDENT: gettext_noop(
        "The incident is on this record already. Choose another student."
    ),
    Refusal.NOTHING_AMENDED: gettext_noop(
        "Nothing is different. Change the text or when it happened."
    ),
    Refusal.BEFORE_RECORDED: gettext_noop(
        "This is after it was recorded here. Enter when it happened, before that."
    ),
    Refusal.AGENCY_NAME_TAKEN: gettext_noop(
        "There is an agency with this name already. If it is retired, bring it back."
    ),
    Refusal.MANY_LEAVE: gettext_noop("Many would leave. Tick that this is right, or cancel."),
    Refusal.OWN_DETAILS: gettext_noop(
        "You cannot change your own name or email address. Ask another administrator."
    ),
    Refusal.FROM_MIS: gettext_noop(
        "Their name and email address come from your MIS. Correct them there; the next import"
        " brings them."
    ),
    Refusal.HAS_LOGGED_IN: gettext_noop(
        "They have created their password already; no invitation is needed."
    ),
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
