"""The demo's articles and webinars: there once, and in no deployment."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.knowledge import articles_on_shelf, articles_with
from helpdesk.models import Article, Webinar
from helpdesk.terms import AgentRole
from tests.control_plane import make_agent

EMAIL = "lena@platform.example"


def seed():
    call_command("seed_knowledge", "--email", EMAIL, stdout=StringIO())


def counts():
    with at_face(FACE):
        return Article.objects.count(), Webinar.objects.count()


def test_they_are_published_once(db, schools):
    with pytest.raises(CommandError, match="Nobody at the helpdesk"):
        seed()
    make_agent(EMAIL, role=AgentRole.LEAD)
    for _ in range(2):
        seed()
        assert counts() == (8, 2)
    assert len(articles_on_shelf()) == 8
    assert (
        articles_with("recovery codes")[0].slug
        == "i-have-a-new-phone-and-my-key-was-on-the-old-one"
    )


def test_a_deployment_has_none(db, schools, settings):
    make_agent(EMAIL, role=AgentRole.LEAD)
    settings.IS_DEMO = False
    with pytest.raises(CommandError, match="only for the demo"):
        seed()
    assert counts() == (0, 0)
