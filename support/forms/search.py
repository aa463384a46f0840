"""What a reader of the guide fills in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.knowledge_terms import ArticleKind
from helpdesk.terms import Topic
from support.terms import KINDS, TOPICS
from ui.kept_text import UnrepeatedInput


class SearchForm(forms.Form):
    """Words to look for in the guide."""

    words = forms.CharField(
        label=_("Search Support"),
        max_length=100,
        widget=UnrepeatedInput,
        error_messages={"required": _("Type what you are looking for.")},
    )


class NarrowForm(forms.Form):
    """By what the list of articles is narrowed."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=lambda: _choices(KINDS))
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=lambda: _choices(TOPICS))

    def chosen(self) -> tuple[str, str]:
        """Return the kind and the topic that were chosen; nothing for what there is not."""
        kind, topic = self.data.get("kind", ""), self.data.get("topic", "")
        return (kind if kind in set(ArticleKind) else "", topic if topic in set(Topic) else "")


def _choices(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [("", gettext("All")), *((code.value, gettext(words[code])) for code in words)]
