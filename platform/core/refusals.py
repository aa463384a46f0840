"""Why something was refused, said the same way by pages, the API and tasks."""

from enum import StrEnum

from django.utils.translation import gettext


class Refused(Exception):
    """A policy said no.

    Attributes:
        why: The reason; its ``sentence`` is what people read.
    """

    def __init__(self, why: StrEnum) -> None:
        super().__init__(why.value)
        self.why = why

    @property
    def sentence(self) -> str:
        """The reason as a sentence for people, in their language."""
        return gettext(str(getattr(self.why, "sentence", self.why.value)))


#: Codes with an answer of their own: the log-in page, and the page that asks for the key, also
#: where the key was shown in this session, but not just now.
LOG_IN = "log_in"
SHOW_KEY = "show_key"
CONFIRM_KEY = "confirm_key"
