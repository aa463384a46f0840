"""What the helpdesk publishes for schools, made by an editor at the desk."""

from datetime import timedelta
from typing import Any

from core import clock
from core.actors import Actor
from core.tenancy import at_face
from helpdesk.actors import AgentActor
from helpdesk.face import FACE
from helpdesk.models import Article, Webinar
from helpdesk.selectors.agents import agent_of_user
from helpdesk.services import articles, webinars
from helpdesk.terms import AgentRole
from tests.control_plane import make_agent
from tests.helpdesk import knowledge

EDITOR = "editor@platform.example"


def publish(**said: Any) -> Article:
    """Return an article that schools read."""
    with at_face(FACE):
        return knowledge.article(_editor(), **said)


def unpublish(article: Article) -> None:
    """Take an article from the schools."""
    with at_face(FACE):
        articles.unpublish_article(actor=_editor(), ref=article.ref)


def announce(**said: Any) -> Webinar:
    """Return a webinar in a week that schools see."""
    with at_face(FACE):
        starts_at = said.pop("starts_at", None) or clock.now() + timedelta(days=7)
        return knowledge.webinar(_editor(), starts_at=starts_at, **said)


def call_off(webinar: Webinar) -> None:
    """Call a webinar off."""
    with at_face(FACE):
        webinars.call_webinar_off(actor=_editor(), ref=webinar.ref)


def _editor() -> AgentActor:
    from core.accounts.models import User

    user = User.objects.filter(email=EDITOR).first()
    if user is None or agent_of_user(user.pk) is None:
        user = make_agent(EDITOR, role=AgentRole.EDITOR).user
    found = FACE.acting(Actor(user_id=user.pk, has_key=True, request_id="by-editor"))
    assert isinstance(found, AgentActor)
    return found
