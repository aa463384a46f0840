"""Words of the record; stored codes are stable."""

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
