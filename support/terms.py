"""Words of the Support pages."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Shelf(StrEnum):
    """Where a page of the guide stands; the value is its folder (guide, section 5.3)."""

    GUIDE = "guide"
    HELP = "help"
    QUESTIONS = "questions"
    KNOWLEDGE = "knowledge"

    @property
    def label(self) -> Promise:
        """The heading on the screen."""
        return _LABELS[self]


_LABELS = {
    Shelf.GUIDE: _("User guide"),
    Shelf.HELP: _("Step-by-step help sheets"),
    Shelf.QUESTIONS: _("Frequently asked questions"),
    Shelf.KNOWLEDGE: _("Knowledge base"),
}
