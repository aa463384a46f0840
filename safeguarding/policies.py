"""Who may see and do what with an incident: pure functions; a reason, or None for yes."""

from dataclasses import dataclass
from datetime import datetime

from schools.policies import Access, Reader, why_not_add, why_not_enter
from schools.terms import Refusal


@dataclass(frozen=True, kw_only=True)
class Concern:
    """What of an incident an access group is held against.

    Attributes:
        category_ids: Every category on it: its own and those that actions added.
        year_groups: Of its student and of the linked ones; an unknown one is an empty word.
        is_whole_school: It concerns no one student.
    """

    category_ids: frozenset[int]
    year_groups: frozenset[str]
    is_whole_school: bool


def is_within(access: Access, concern: Concern) -> bool:
    """Say whether an incident is what the key holders of an access group see.

    Every category on it must be theirs, and one of its students; an incident without any
    category is nobody's whose group is narrowed to some.
    """
    if access.category_ids is not None:
        if not concern.category_ids:
            return False
        if not concern.category_ids <= access.category_ids:
            return False
    if access.year_groups is None:
        return True
    if concern.is_whole_school:
        return True
    return not access.year_groups.isdisjoint(concern.year_groups)


@dataclass(frozen=True, kw_only=True)
class IncidentFacts:
    """What the policies need to know of an incident and one person.

    Attributes:
        author_id: Row id of the member of staff who recorded it.
        recorded_at: When it was recorded (UTC).
        has_unread_alert: The person has an unread alert to it or to an action on it.
        concern: What it is about.
        assignee_id: Row id of whom it is assigned to while it is Active, else None.
    """

    author_id: int
    recorded_at: datetime
    has_unread_alert: bool
    concern: Concern
    assignee_id: int | None


@dataclass(frozen=True, kw_only=True)
class ActionFacts:
    """What the policies need to know of an action and one person."""

    author_id: int
    recorded_at: datetime
    incident: IncidentFacts


def is_own_recent(reader: Reader, author_id: int, recorded_at: datetime) -> bool:
    """Say whether the person recorded it themselves, in the last seven days."""
    return author_id == reader.staff_id and recorded_at >= reader.history_starts_at


def why_not_read_whole(reader: Reader, incident: IncidentFacts) -> Refusal | None:
    """May this person read the incident with everybody's actions (acceptance G4.4)?"""
    if refusal := why_not_enter(reader):
        return refusal
    if incident.has_unread_alert:
        return None
    if not reader.holds_key:
        return Refusal.HIDDEN
    if incident.assignee_id == reader.staff_id:
        return None
    if is_within(reader.access, incident.concern):
        return None
    return Refusal.HIDDEN


def why_not_read(reader: Reader, incident: IncidentFacts) -> Refusal | None:
    """May this person read the incident's own text?"""
    refusal = why_not_read_whole(reader, incident)
    if refusal is None:
        return None
    if refusal is not Refusal.HIDDEN:
        return refusal
    if is_own_recent(reader, incident.author_id, incident.recorded_at):
        return None
    return Refusal.HIDDEN


def why_not_read_action(reader: Reader, action: ActionFacts) -> Refusal | None:
    """May this person read the action?"""
    refusal = why_not_read_whole(reader, action.incident)
    if refusal is None:
        return None
    if refusal is not Refusal.HIDDEN:
        return refusal
    if is_own_recent(reader, action.author_id, action.recorded_at):
        return None
    return Refusal.HIDDEN


def why_not_add_action(reader: Reader, incident: IncidentFacts) -> Refusal | None:
    """May this person add an action? Whoever may add, and may read the incident."""
    if refusal := why_not_add(reader):
        return refusal
    return why_not_read(reader, incident)


def why_not_mark_as_read(reader: Reader, incident: IncidentFacts) -> Refusal | None:
    """May this person acknowledge the incident?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not incident.has_unread_alert:
        return Refusal.READ_ALREADY
    return None


def why_not_assign(reader: Reader) -> Refusal | None:
    """May this person say who deals with an incident (guide 4, “Key Holders Only”)?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.holds_key:
        return Refusal.CLOSED_TO_ASSIGN
    if not reader.access.may_assign:
        return Refusal.MAY_NOT_ASSIGN
    return None


def why_not_correct(reader: Reader) -> Refusal | None:
    """May this person amend what they may read of incidents and actions? A key holder."""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.holds_key:
        return Refusal.KEY_HOLDERS_ONLY
    return None


def why_not_be_assigned(*, holds_key: bool, access: Access, concern: Concern) -> Refusal | None:
    """May an incident be assigned to somebody: would they be able to open it?"""
    if not holds_key:
        return Refusal.ASSIGNEE_CANNOT_SEE
    if not is_within(access, concern):
        return Refusal.ASSIGNEE_CANNOT_SEE
    return None


def why_not_see_readers(reader: Reader) -> Refusal | None:
    """May this person see who was alerted and who has read (acceptance G4.5)?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.holds_key:
        return Refusal.KEY_HOLDERS_ONLY
    return None


def why_not_stop_monitoring(reader: Reader) -> Refusal | None:
    """May this person stop the monitoring of a student (acceptance G6.3)?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.holds_key:
        return Refusal.KEY_HOLDERS_ONLY
    return None
