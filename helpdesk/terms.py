"""Words of the helpdesk."""

from enum import StrEnum


class AgentRole(StrEnum):
    """What an agent does at the helpdesk."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"


class Refusal(StrEnum):
    """Why somebody may not do something at the helpdesk."""

    LOG_IN = "log_in"
    SHOW_KEY = "show_key"
    CONFIRM_KEY = "confirm_key"
    EMAIL_TAKEN = "email_taken"

    @property
    def sentence(self) -> str:
        """The reason as a sentence for people."""
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.LOG_IN: "Log in to see this page.",
    Refusal.SHOW_KEY: "Show your key to see this page.",
    Refusal.CONFIRM_KEY: "Show your key again first: it was not shown in the last five minutes.",
    Refusal.EMAIL_TAKEN: "This email address belongs to another account of the platform.",
}
