"""Articles and webinars as editors make them."""

from datetime import timedelta
from typing import Any

from helpdesk.actors import AgentActor
from helpdesk.knowledge_terms import ArticleKind, Language
from helpdesk.models import Article, Webinar
from helpdesk.services.articles import Written, add_article, publish_article
from helpdesk.services.webinars import Planned, plan_webinar, publish_webinar
from helpdesk.terms import Topic
from tests.helpdesk.desk import TUESDAY


def written(**said: Any) -> Written:
    """Return what an editor wrote."""
    plain = {
        "kind": ArticleKind.ARTICLE,
        "topic": Topic.KEY,
        "language": Language.ENGLISH,
        "title": "Lost your key",
        "summary": "What to do first.",
        "text": "Ask an administrator of your school.",
    }
    return Written(**{**plain, **said})


def article(editor: AgentActor, *, is_published: bool = True, **said: Any) -> Article:
    """Return an article that schools read, unless told otherwise."""
    added = add_article(actor=editor, written=written(**said))
    return publish_article(actor=editor, ref=added.ref, seen=1) if is_published else added


def planned(**said: Any) -> Planned:
    """Return what an editor planned: the day after that Tuesday, at 16:00."""
    plain = {
        "title": "First steps",
        "summary": "For everybody who is new.",
        "text": "Bring **questions**.",
        "starts_at": TUESDAY + timedelta(hours=30),
        "minutes": 60,
        "join_url": "https://meet.example/first-steps",
        "places": 100,
    }
    return Planned(**{**plain, **said})


def webinar(editor: AgentActor, *, is_published: bool = True, **said: Any) -> Webinar:
    """Return a webinar that schools see, unless told otherwise."""
    added = plan_webinar(actor=editor, planned=planned(**said))
    return publish_webinar(actor=editor, ref=added.ref) if is_published else added
