"""Who may do what at the ops face: pure functions of frozen facts; a reason, or None for yes."""

from dataclasses import dataclass

from tenants.terms import OpsRefusal


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What the policies know of a person.

    Attributes:
        operator_id: Row id of the operator, None when nobody is logged in.
        has_shown_key: A second factor was shown in this session.
        has_confirmed_key: It was shown within the last five minutes (step-up).
    """

    operator_id: int | None = None
    has_shown_key: bool = False
    has_confirmed_key: bool = False


def why_not_identify(reader: Reader) -> OpsRefusal | None:
    """May this person open pages about their own account?"""
    if reader.operator_id is None:
        return OpsRefusal.LOG_IN
    return None


def why_not_enter(reader: Reader) -> OpsRefusal | None:
    """May this person open the pages that every operator has? Nobody may without their key."""
    if refusal := why_not_identify(reader):
        return refusal
    if not reader.has_shown_key:
        return OpsRefusal.SHOW_KEY
    return None


def why_not_change_keys(reader: Reader) -> OpsRefusal | None:
    """May this person change their own keys, and see the codes that stand in for them?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.has_confirmed_key:
        return OpsRefusal.CONFIRM_KEY
    return None
