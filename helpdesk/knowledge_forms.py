"""What editors type: articles, webinars, and what they look for."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Protocol

from django import forms
from django.core.validators import URLValidator
from typing_extensions import override

from helpdesk.knowledge_terms import (
    LONGEST_ARTICLE,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    LONGEST_WEBINAR,
    MOST_PLACES,
    ArticleKind,
    ArticleState,
    Language,
)
from helpdesk.services.articles import Written
from helpdesk.services.webinars import Planned
from helpdesk.terms import Topic
from ui.widgets import SplitDateTime

_MARKDOWN = (
    "Markdown: a line with ## before it is a heading, **bold**, - before each point of a list, "
    "[words](https://…) for a link. HTML and pictures are shown as they are typed."
)
#: What is typed for schools names no student.
_NOBODY = "All schools read this: never name a student, a school or a person."


class _Worded(Protocol):
    """A word of ours with what people read."""

    @property
    def value(self) -> str: ...

    @property
    def words(self) -> str: ...


def _choices(words: Iterable[_Worded]) -> list[tuple[str, str]]:
    return [(one.value, one.words) for one in words]


class WebAddress(forms.CharField):
    """An address that begins with https://."""

    default_validators = [
        URLValidator(schemes=["https"], message="Enter an address that begins with https://.")
    ]

    def __init__(self, label: str, *, hint: str = "", is_required: bool = True) -> None:
        super().__init__(label=label, max_length=500, required=is_required, help_text=hint)


class ArticleForm(forms.Form):
    """An article, and the version that is being edited."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    kind = forms.TypedChoiceField(
        label="Kind", choices=_choices(ArticleKind), coerce=ArticleKind, empty_value=None
    )
    topic = forms.TypedChoiceField(
        label="Topic", choices=_choices(Topic), coerce=Topic, empty_value=None
    )
    language = forms.TypedChoiceField(
        label="Language", choices=_choices(Language), coerce=Language, empty_value=None
    )
    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    summary = forms.CharField(
        label="Summary", max_length=LONGEST_SUMMARY, help_text="One sentence, shown in lists."
    )
    video_url = WebAddress(
        "Address of the video",
        hint="For a video only. It opens at the site that holds it.",
        is_required=False,
    )
    text = forms.CharField(
        label="Text",
        max_length=LONGEST_ARTICLE,
        required=False,
        widget=forms.Textarea,
        help_text=f"{_NOBODY} {_MARKDOWN}",
    )

    @override
    def clean(self) -> dict[str, Any]:
        """Hold a video to its address, and everything else to words.

        Raises:
            ValidationError: On the field that lacks what its kind needs.
        """
        said = super().clean() or {}
        is_video = said.get("kind") == ArticleKind.VIDEO
        if is_video and not said.get("video_url") and "video_url" not in self.errors:
            self.add_error("video_url", "Enter the address of the video.")
        if not is_video and said.get("video_url"):
            self.add_error("video_url", "Only a video has an address. Choose the kind ‘Video’.")
        if not is_video and not said.get("text") and "text" not in self.errors:
            self.add_error("text", "Write the text.")
        return said

    def written(self) -> Written:
        """Return what was written."""
        return Written(
            **{name: said for name, said in self.cleaned_data.items() if name != "version"}
        )


class WebinarForm(forms.Form):
    """A webinar, and the version that is being changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    summary = forms.CharField(
        label="Summary", max_length=LONGEST_SUMMARY, help_text="One sentence, shown in lists."
    )
    text = forms.CharField(
        label="Description",
        max_length=LONGEST_ARTICLE,
        required=False,
        widget=forms.Textarea,
        help_text=f"{_NOBODY} {_MARKDOWN}",
    )
    starts_at = forms.SplitDateTimeField(
        label="Start", help_text="Time in the United Kingdom.", widget=SplitDateTime
    )
    minutes = forms.IntegerField(
        label="Minutes", min_value=1, max_value=LONGEST_WEBINAR, initial=60
    )
    join_url = WebAddress("Joining link", hint="Only who has a place is told.")
    places = forms.IntegerField(label="Places", min_value=1, max_value=MOST_PLACES, initial=100)
    recording_url = WebAddress(
        "Address of the recording",
        hint="Afterwards: schools find it among the videos.",
        is_required=False,
    )

    def planned(self) -> Planned:
        """Return what was planned."""
        return Planned(
            **{name: said for name, said in self.cleaned_data.items() if name != "version"}
        )


class LookForm(forms.Form):
    """Words to look for in articles."""

    words = forms.CharField(
        label="Words",
        max_length=100,
        error_messages={"required": "Enter words to look for."},
    )


class NarrowForm(forms.Form):
    """By what the list of articles is narrowed."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name, words in _NARROWED.items():
            choices = [("", "All"), *_choices(words)]
            label = name.capitalize()
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, by name; nothing for what there is not."""
        said = self.data or {}
        return {
            name: words(said[name]) if said.get(name) in set(words) else None
            for name, words in _NARROWED.items()
        }


_NARROWED: dict[str, type[StrEnum]] = {
    "state": ArticleState,
    "kind": ArticleKind,
    "topic": Topic,
}
