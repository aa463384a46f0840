"""Words of the knowledge base."""

from enum import StrEnum


class ArticleKind(StrEnum):
    """What an article is."""

    ARTICLE = "article"
    HELP_SHEET = "help_sheet"
    QUESTION = "question"
    VIDEO = "video"

    @property
    def words(self) -> str:
        """As editors read it."""
        return _KINDS[self]


_KINDS = {
    ArticleKind.ARTICLE: "Article",
    ArticleKind.HELP_SHEET: "Help sheet",
    ArticleKind.QUESTION: "Question and answer",
    ArticleKind.VIDEO: "Video",
}


class ArticleState(StrEnum):
    """How an article stands, for whoever looks for one at the desk."""

    DRAFT = "draft"
    CHANGED = "changed"
    PUBLISHED = "published"

    @property
    def words(self) -> str:
        """As editors read it."""
        return _STATES[self]


_STATES = {
    ArticleState.DRAFT: "Draft",
    ArticleState.CHANGED: "Published, changed since",
    ArticleState.PUBLISHED: "Published",
}


class Language(StrEnum):
    """In which an article is written, as pages name it to browsers."""

    ENGLISH = "en-GB"
    WELSH = "cy"

    @property
    def words(self) -> str:
        """As editors read it."""
        return "Welsh" if self is Language.WELSH else "English"


class WebinarState(StrEnum):
    """How a webinar stands; one that was called off is shown to whoever had a place."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CALLED_OFF = "called_off"

    @property
    def words(self) -> str:
        """As editors read it."""
        return self.value.replace("_", " ").capitalize()


class PlaceAnswer(StrEnum):
    """What is said to somebody who wants a place at a webinar, or wants it no more."""

    TAKEN = "taken"
    GIVEN_UP = "given_up"
    FULL = "full"
    GONE = "gone"


#: Characters.
LONGEST_TITLE = 200
LONGEST_SUMMARY = 300
LONGEST_ARTICLE = 100_000
#: Minutes of a webinar.
LONGEST_WEBINAR = 480
MOST_PLACES = 10_000
