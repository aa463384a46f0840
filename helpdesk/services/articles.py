"""Writing articles of the knowledge base, and letting schools read them."""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import models, transaction
from django.utils.text import slugify

from core import clock
from core.audit import services as audit
from core.identifiers import uuid7
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.knowledge_terms import ArticleKind, Language
from helpdesk.models import Article, ArticleVersion
from helpdesk.terms import Refusal, Topic
from ui.markdown import render


@dataclass(frozen=True, kw_only=True)
class Written:
    """What an editor wrote.

    Attributes:
        text: Markdown.
        video_url: Where a video can be watched (https); empty for every other kind.
    """

    kind: ArticleKind
    topic: Topic
    language: Language
    title: str
    summary: str
    text: str
    video_url: str = ""


@transaction.atomic(durable=True)
def add_article(*, actor: AgentActor, written: Written) -> Article:
    """Begin an article; schools read it once it is published.

    Args:
        actor: An editor or a lead.
        written: Its first version.

    Raises:
        Refused: ``EDITORS_ONLY``.
    """
    if why := policies.why_not_edit(actor.reader):
        raise Refused(why)
    article = Article.objects.create(slug=slug_of(Article, written.title))
    _keep(actor, article, written, number=1)
    audit.record(actor, "article.added", article)
    return article


@transaction.atomic(durable=True)
def save_article(*, actor: AgentActor, ref: UUID, written: Written, seen: int) -> Article:
    """Save an article; what schools read stays until it is published.

    Args:
        actor: An editor or a lead.
        ref: Of the article.
        written: What it says now.
        seen: Number of the version that was being edited.

    Raises:
        Article.DoesNotExist: There is none.
        Refused: ``EDITORS_ONLY``, or ``CHANGED_MEANWHILE``: somebody saved a version after that one.
    """
    article = _locked(actor, ref)
    latest = _latest(article)
    if latest.number != seen:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    _keep(actor, article, written, number=seen + 1)
    audit.record(actor, "article.saved", article, version=seen + 1)
    return article


@transaction.atomic(durable=True)
def publish_article(*, actor: AgentActor, ref: UUID, seen: int) -> Article:
    """Let all schools read an article as it stands.

    Args:
        actor: An editor or a lead.
        ref: Of the article.
        seen: Number of the version that was read and found good.

    Raises:
        Article.DoesNotExist: There is none.
        Refused: ``EDITORS_ONLY``, or ``CHANGED_MEANWHILE``: somebody saved a version after that one.
    """
    article = _locked(actor, ref)
    latest = _latest(article)
    if latest.number != seen:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    article.published, article.published_at = latest, clock.now()
    article.save(update_fields=["published", "published_at"])
    if latest.published_at is None:
        latest.published_at, latest.published_by_id = clock.now(), actor.reader.agent_id
        latest.save(update_fields=["published_at", "published_by"])
    audit.record(actor, "article.published", article, version=seen)
    return article


@transaction.atomic(durable=True)
def unpublish_article(*, actor: AgentActor, ref: UUID) -> Article:
    """Take an article from the schools; it stays at the desk, with all its versions.

    Raises:
        Article.DoesNotExist: There is none.
        Refused: ``EDITORS_ONLY``.
    """
    article = _locked(actor, ref)
    article.published = article.published_at = None
    article.save(update_fields=["published", "published_at"])
    audit.record(actor, "article.unpublished", article)
    return article


def slug_of(model: type[models.Model], title: str) -> str:
    """Return a name for addresses that no other row has."""
    name = slugify(title)[:60].strip("-") or "untitled"
    is_taken = model._default_manager.filter(slug=name).exists()
    return f"{name}-{uuid7().hex[-8:]}" if is_taken else name


def _locked(actor: AgentActor, ref: UUID) -> Article:
    if why := policies.why_not_edit(actor.reader):
        raise Refused(why)
    return Article.objects.select_for_update(no_key=True).get(ref=ref)


def _latest(article: Article) -> ArticleVersion:
    return article.versions.latest("number")


def _keep(actor: AgentActor, article: Article, written: Written, *, number: int) -> None:
    article.latest = ArticleVersion.objects.create(
        article=article,
        number=number,
        plain=render(written.text).words,
        agent_id=actor.reader.agent_id or 0,
        **asdict(written),
    )
    article.save(update_fields=["latest"])
