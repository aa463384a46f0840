"""Who may see and do what with an incident: pure functions; a reason, or None for yes."""

from dataclasses import dataclass
from datetime import datetime

from schools.policies import Reader, why_not_enter
from schools.terms import Refusal


@dataclass(frozen=True, kw_only=True)
class IncidentFacts:
    """What the policies need to know of an incident and one person.

    Attributes:
        author_id: Row id of the member of staff who recorded it.
        recorded_at: When it was recorded (UTC).
        has_unread_alert: The person has an unread alert to it or to an action on it.
    """

    author_id: int
    recorded_at: datetime
    has_unread_alert: bool


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
    if reader.holds_key:
        return None
    if incident.has_unread_alert:
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
    """May this person add an action? Whoever may read the incident may add to it."""
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
