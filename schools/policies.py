"""Who may do what at a school: pure functions of frozen facts; a reason, or None for yes."""

from dataclasses import dataclass
from datetime import datetime

from schools.terms import Refusal


@dataclass(frozen=True, kw_only=True)
class Access:
    """What an access group opens to its members; nothing where nothing is said.

    Attributes:
        category_ids: Row ids of the categories that its key holders see, with the sub-categories
            of each; None is every category.
        year_groups: Codes of the year groups whose students they see; None is every student.
        may_add: Incidents and actions.
        may_assign: Say who deals with an incident.
        may_export: Take pupils' data out of the platform.
    """

    category_ids: frozenset[int] | None = frozenset()
    year_groups: frozenset[str] | None = frozenset()
    may_add: bool = False
    may_assign: bool = False
    may_export: bool = False

    @property
    def is_whole(self) -> bool:
        """Every category and every student."""
        return self.category_ids is None and self.year_groups is None


#: For a reader who is nobody.
NO_ACCESS = Access()
#: What a key holder had before access groups could be narrowed, and has by default.
WHOLE_ACCESS = Access(
    category_ids=None, year_groups=None, may_add=True, may_assign=True, may_export=True
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What the policies know of a person.

    Attributes:
        staff_id: Row id of the member of staff, None when nobody is logged in.
        has_key_access: Their access group holds the key.
        is_administrator: Their access group administers the school.
        has_shown_key: A second factor was shown in this session.
        has_confirmed_key: It was shown within the last five minutes (step-up).
        history_starts_at: Instant (UTC) from which their own additions are shown to them:
            seven days ago (guide 1.2).
        access: What their access group opens to them.
    """

    staff_id: int | None
    has_key_access: bool
    is_administrator: bool
    has_shown_key: bool
    has_confirmed_key: bool
    history_starts_at: datetime
    access: Access = NO_ACCESS

    @property
    def sees_everything(self) -> bool:
        """A key holder whose access group holds nothing back."""
        return self.holds_key and self.access.is_whole

    @property
    def holds_key(self) -> bool:
        """A key holder who has shown the key."""
        return self.has_key_access and self.has_shown_key

    @property
    def administers(self) -> bool:
        """An administrator who has shown the key."""
        return self.is_administrator and self.has_shown_key


def why_not_identify(reader: Reader) -> Refusal | None:
    """May this person open pages about their own account?"""
    if reader.staff_id is None:
        return Refusal.LOG_IN
    return None


def why_not_change_keys(reader: Reader) -> Refusal | None:
    """May this person change their own keys, and see the codes that stand in for them?"""
    if refusal := why_not_identify(reader):
        return refusal
    if not reader.has_shown_key:
        return Refusal.SHOW_KEY
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


def why_not_enter(reader: Reader) -> Refusal | None:
    """May this person open the pages that every member of staff has?"""
    if refusal := why_not_identify(reader):
        return refusal
    if reader.has_shown_key:
        return None
    if reader.has_key_access:
        return Refusal.SHOW_KEY
    if reader.is_administrator:
        return Refusal.SHOW_KEY
    return None


def why_not_add(reader: Reader) -> Refusal | None:
    """May this person add incidents and actions?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.access.may_add:
        return Refusal.MAY_NOT_ADD
    return None


def why_not_hold_key(reader: Reader) -> Refusal | None:
    """May this person open a key holder's pages?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.holds_key:
        return Refusal.KEY_HOLDERS_ONLY
    return None


def why_not_administer(reader: Reader) -> Refusal | None:
    """May this person change the school's settings?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.administers:
        return Refusal.ADMINISTRATORS_ONLY
    return None


def why_not_export(reader: Reader) -> Refusal | None:
    """May this person take pupils' data out of the platform? A key holder, with the key in hand."""
    if refusal := why_not_hold_key(reader):
        return refusal
    if not reader.access.may_export:
        return Refusal.MAY_NOT_EXPORT
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


def why_not_import(reader: Reader) -> Refusal | None:
    """May this person bring students and staff in? An administrator, with the key in hand."""
    if refusal := why_not_administer(reader):
        return refusal
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


def why_not_confirm_import(*, needs_consent: bool, consents: bool) -> Refusal | None:
    """May an import go on, as far as those are concerned who would leave?"""
    if needs_consent and not consents:
        return Refusal.MANY_LEAVE
    return None


def why_not_see_keys(reader: Reader) -> Refusal | None:
    """May this person see who of their colleagues has a key, and who has lost it?"""
    if refusal := why_not_enter(reader):
        return refusal
    if reader.holds_key:
        return None
    if reader.administers:
        return None
    return Refusal.KEY_HELPERS_ONLY


def why_not_reset_keys(reader: Reader) -> Refusal | None:
    """May this person reset colleagues' keys at all?"""
    if refusal := why_not_see_keys(reader):
        return refusal
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None


@dataclass(frozen=True, kw_only=True)
class StaffKeyFacts:
    """What the policies know of a member of staff whose key is to be reset.

    Attributes:
        staff_id: Row id.
        has_key: There is a key to take away.
        was_reset: Their key was reset before, so that they need a reset to set one up.
    """

    staff_id: int
    has_key: bool
    was_reset: bool


def why_not_reset_key(reader: Reader, staff: StaffKeyFacts) -> Refusal | None:
    """May this person reset the key of a member of staff, with their own key in hand?"""
    if refusal := why_not_reset_keys(reader):
        return refusal
    return why_not_offer_reset(reader, staff)


def why_not_offer_reset(reader: Reader, staff: StaffKeyFacts) -> Refusal | None:
    """Is a reset offered to somebody who may reset keys? Never of their own."""
    if reader.staff_id == staff.staff_id:
        return Refusal.OWN_KEY
    return why_nothing_to_reset(staff)


def why_nothing_to_reset(staff: StaffKeyFacts) -> Refusal | None:
    """Is there anything that a reset would do, whoever asks for it?"""
    if staff.has_key:
        return None
    if staff.was_reset:
        return None
    return Refusal.NO_KEY_YET


@dataclass(frozen=True, kw_only=True)
class StaffFacts:
    """What the policies know of a member of staff whose access is to change.

    Attributes:
        staff_id: Row id.
        is_last_administrator: Nobody else who may log in administers the school.
    """

    staff_id: int
    is_last_administrator: bool


def why_not_change_access(reader: Reader, staff: StaffFacts) -> Refusal | None:
    """May this person change what a member of staff may do, or bring them back?"""
    if refusal := why_not_administer(reader):
        return refusal
    if reader.staff_id == staff.staff_id:
        return Refusal.OWN_ACCESS
    return None


def why_not_change_details(reader: Reader, *, staff_id: int, is_from_mis: bool) -> Refusal | None:
    """May this person correct the name or the address of a member of staff? Never their own."""
    if refusal := why_not_administer(reader):
        return refusal
    if reader.staff_id == staff_id:
        return Refusal.OWN_DETAILS
    if is_from_mis:
        return Refusal.FROM_MIS
    return None


def why_not_invite(*, is_active: bool, has_password: bool) -> Refusal | None:
    """Is there anything to invite somebody to, whoever asks for it?"""
    if not is_active:
        return Refusal.DEACTIVATED
    if has_password:
        return Refusal.HAS_LOGGED_IN
    return None


def why_not_deactivate(reader: Reader, staff: StaffFacts) -> Refusal | None:
    """May this person deactivate a member of staff?"""
    if refusal := why_not_change_access(reader, staff):
        return refusal
    if staff.is_last_administrator:
        return Refusal.LAST_ADMINISTRATOR
    return None


def why_not_move(staff: StaffFacts, *, to_administrators: bool) -> Refusal | None:
    """May a member of staff come into another access group, whoever asks for it?"""
    if to_administrators:
        return None
    if staff.is_last_administrator:
        return Refusal.LAST_ADMINISTRATOR
    return None


@dataclass(frozen=True, kw_only=True)
class AccessGroupFacts:
    """What the policies know of an access group that is to change.

    Attributes:
        is_own: The person who changes it is in it.
        is_last_with_administrators: Nobody in another group who may log in administers the school.
        is_default: New staff come into it.
    """

    is_own: bool
    is_last_with_administrators: bool
    is_default: bool


def why_not_change_group(reader: Reader, group: AccessGroupFacts) -> Refusal | None:
    """May this person change what the members of an access group may do? Never of their own."""
    if refusal := why_not_administer(reader):
        return refusal
    if group.is_own:
        return Refusal.OWN_GROUP
    return None


def why_not_rights(
    group: AccessGroupFacts, *, holds_key: bool, administers: bool, needs_key: bool
) -> Refusal | None:
    """May an access group have these rights, whoever asks for it?

    Args:
        group: As it is.
        holds_key: Its members are to be key holders.
        administers: They are to administer the school.
        needs_key: A right was chosen that only key holders have: to assign, or to export.
    """
    if group.is_default and (holds_key or administers):
        return Refusal.DEFAULT_WITHOUT_KEY
    if needs_key and not holds_key:
        return Refusal.RIGHTS_NEED_KEY
    if group.is_last_with_administrators and not administers:
        return Refusal.LAST_ADMINISTRATOR
    return None


def why_not_retire_category(*, is_last: bool) -> Refusal | None:
    """May a category be retired? Without any, nobody could add an incident (guide, section 4).

    Args:
        is_last: It is the only category, sub-categories aside, that is offered.
    """
    if is_last:
        return Refusal.LAST_CATEGORY
    return None
