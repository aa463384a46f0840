"""The demo's knowledge base: invented articles and webinars, published by its one agent."""

import re
import tomllib
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings

from core import clock
from core.actors import Actor
from core.tenancy import at_face, current_zone
from helpdesk.actors import AgentActor
from helpdesk.face import FACE
from helpdesk.knowledge_terms import ArticleKind, Language
from helpdesk.selectors.articles import articles_page, webinars
from helpdesk.services.articles import Written, add_article, publish_article
from helpdesk.services.webinars import Planned, plan_webinar, publish_webinar
from helpdesk.terms import Topic

DATA = Path(settings.ROOT) / "infra" / "demo_data" / "knowledge"
_FACTS = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)


class NotADemo(RuntimeError):
    """Invented articles were asked for in a deployment."""


def seed_knowledge(user_id: int) -> None:
    """Publish the invented articles and two webinars where there is none yet.

    Args:
        user_id: Account of an editor or a lead.

    Raises:
        NotADemo: This is a deployment.
    """
    if not settings.IS_DEMO:
        raise NotADemo("Articles are invented only for the demo.")
    with at_face(FACE):
        actor = FACE.acting(Actor(user_id=user_id, has_key=True))
        assert isinstance(actor, AgentActor)  # noqa: S101 - for mypy
        if not articles_page():
            for path in sorted(DATA.glob("*.md")):
                added = add_article(actor=actor, written=_read(path))
                publish_article(actor=actor, ref=added.ref, seen=1)
        if not any(webinars(now=clock.now())):
            for planned in _planned():
                publish_webinar(actor=actor, ref=plan_webinar(actor=actor, planned=planned).ref)


def _read(path: Path) -> Written:
    match = _FACTS.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise ValueError("An article of the demo begins with its facts.")
    facts = tomllib.loads(match[1])
    return Written(
        kind=ArticleKind(facts["kind"]),
        topic=Topic(facts["topic"]),
        language=Language(facts.get("language", Language.ENGLISH)),
        title=facts["title"],
        summary=facts["summary"],
        text=match[2].strip(),
        video_url=facts.get("video_url", ""),
    )


def _planned() -> tuple[Planned, Planned]:
    first = Planned(
        title="First steps for new staff",
        summary="Logging in, your key, a first concern, and your questions.",
        text="For everybody who begins this term. Bring your phone: we set up **your key** together.",
        starts_at=_afternoon(days=9),
        minutes=45,
        join_url="https://meet.helpdesk.example/first-steps",
        places=100,
    )
    second = replace(
        first,
        title="For Designated Safeguarding Leads: chronologies that stand up",
        summary="From single concerns to a chronology that another agency can read.",
        text="- What belongs in a chronology, and what does not\n- Linking incidents\n- Exporting for a meeting",
        starts_at=_afternoon(days=16),
        minutes=60,
        join_url="https://meet.helpdesk.example/chronologies",
        places=40,
    )
    return first, second


def _afternoon(*, days: int) -> datetime:
    """Return four o'clock in some days, by the clock on the wall."""
    day = clock.local_today(current_zone()) + timedelta(days=days)
    return datetime.combine(day, time(16), tzinfo=current_zone())
