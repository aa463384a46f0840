"""Who may do what at the helpdesk: pure functions of frozen facts; a reason, or None for yes."""

from dataclasses import dataclass

from helpdesk.terms import AgentRole, Refusal


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What the policies know of a person.

    Attributes:
        agent_id: Row id of the agent, None when nobody is logged in.
        role: What they do at the helpdesk.
        has_shown_key: A second factor was shown in this session.
        has_confirmed_key: It was shown within the last five minutes (step-up).
    """

    agent_id: int | None = None
    role: AgentRole = AgentRole.AGENT
    has_shown_key: bool = False
    has_confirmed_key: bool = False


def why_not_identify(reader: Reader) -> Refusal | None:
    """May this person open pages about their own account?"""
    if reader.agent_id is None:
        return Refusal.LOG_IN
    return None


def why_not_enter(reader: Reader) -> Refusal | None:
    """May this person open the pages that every agent has? Nobody may without their key."""
    if refusal := why_not_identify(reader):
        return refusal
    if not reader.has_shown_key:
        return Refusal.SHOW_KEY
    return None


def why_not_change_keys(reader: Reader) -> Refusal | None:
    """May this person change their own keys, and see the codes that stand in for them?"""
    if refusal := why_not_enter(reader):
        return refusal
    if not reader.has_confirmed_key:
        return Refusal.CONFIRM_KEY
    return None
