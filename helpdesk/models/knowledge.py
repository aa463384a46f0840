"""Articles of the knowledge base; every saving is a version that stays."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import CombinedExpression

from core import clock
from core.identifiers import uuid7
from helpdesk.knowledge_terms import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    ArticleKind,
    ArticleState,
    Language,
)
from helpdesk.models.agents import Agent
from helpdesk.querysets import SEARCHED_AS
from helpdesk.terms import Topic


def _words() -> CombinedExpression:
    return (
        SearchVector("title", weight="A", config=SEARCHED_AS)
        + SearchVector("summary", weight="B", config=SEARCHED_AS)
        + SearchVector("plain", weight="D", config=SEARCHED_AS)
    )


class Article(models.Model):
    """One article; its words are those of a version.

    Attributes:
        slug: Its name in a school's addresses, made of its first title.
        latest: The version that is edited.
        published: The version that schools read; None where they read none.
        published_at: Since when they read that version (UTC).
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    latest = models.OneToOneField(
        "helpdesk.ArticleVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published = models.OneToOneField(
        "helpdesk.ArticleVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published=None, published_at=None)
                | Q(published__isnull=False, published_at__isnull=False),
                name="article_published_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def state(self) -> ArticleState:
        """How it stands."""
        if self.published_id is None:
            return ArticleState.DRAFT
        is_as_edited = self.published_id == self.latest_id
        return ArticleState.PUBLISHED if is_as_edited else ArticleState.CHANGED

    @property
    def state_words(self) -> str:
        """How it stands, as editors read it."""
        return self.state.words

    @property
    def state_tone(self) -> str:
        """The kind of ``ui_tag`` for how it stands."""
        tones = {ArticleState.PUBLISHED: "ok", ArticleState.CHANGED: "attention"}
        return tones.get(self.state, "plain")


class ArticleVersion(models.Model):
    """An article as somebody saved it; only inserted, but for when it was first published.

    Attributes:
        number: From 1, within its article.
        text: Markdown.
        plain: The words of ``text`` without its marks, for searching.
        video_url: Where it can be watched; empty for what is no video.
        published_at: When schools first read it (UTC).
        words: What PostgreSQL searches: the title before the summary before the text.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in ArticleKind])
    topic = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Topic])
    language = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Language])
    title = models.CharField(max_length=LONGEST_TITLE)
    summary = models.CharField(max_length=LONGEST_SUMMARY)
    text = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    video_url = models.CharField(max_length=500, blank=True)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.GeneratedField(
        expression=_words(), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("article", "number", name="article_version_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in ArticleKind]),
                name="article_version_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=ArticleKind.VIDEO.value, video_url__startswith="https://")
                | (~Q(kind=ArticleKind.VIDEO.value) & Q(video_url="")),
                name="article_version_video_has_address",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="article_version_published_by_somebody",
            ),
        ]
        indexes = [GinIndex("words", name="article_version_words")]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def kind_words(self) -> str:
        """What it is, as editors read it."""
        return ArticleKind(self.kind).words

    @property
    def topic_words(self) -> str:
        """What it is about, as editors read it."""
        return Topic(self.topic).words

    @property
    def language_words(self) -> str:
        """In which language it is, as editors read it."""
        return Language(self.language).words
