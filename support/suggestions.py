"""Pages that may help with what somebody is about to ask: of the guide, and of the knowledge base."""

from dataclasses import dataclass

from django.urls import reverse

from helpdesk.knowledge import articles_with
from support.searching import sheets_for, telling_words

#: Articles offered for a subject, and how well one must fit: a word of its title or its summary,
#: or two of its text. PostgreSQL's rank is shared out among the words that were asked for.
MOST_ARTICLES = 3
ENOUGH = 0.1


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A page that may help.

    Attributes:
        language: As pages name it to browsers.
    """

    title: str
    summary: str
    url: str
    language: str


def suggestions(subject: str) -> list[Suggestion]:
    """Return the few pages that fit a ticket's subject best; none where nothing fits.

    Args:
        subject: As it is typed.
    """
    of_guide = [
        Suggestion(
            title=one.article.title,
            summary=one.article.summary,
            url=reverse("support_page", args=[one.article.slug]),
            language="en-GB",
        )
        for one in sheets_for(subject)
    ]
    return [*of_guide, *_articles(subject)]


def _articles(subject: str) -> list[Suggestion]:
    words = telling_words(subject)
    if not words:
        return []
    return [
        Suggestion(
            title=one.title,
            summary=one.summary,
            url=reverse("article", args=[one.slug]),
            language=one.language,
        )
        for one in articles_with(" or ".join(words), most=MOST_ARTICLES)
        if one.rank * len(words) >= ENOUGH
    ]
