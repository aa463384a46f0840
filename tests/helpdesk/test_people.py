"""Where leads say who deals with what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEntry
from core.refusals import Refused
from helpdesk.models import Agent, CannedReply, Team, TopicTeam
from helpdesk.services import canned, people
from helpdesk.terms import AgentRole, Refusal, Topic
from tests.control_plane import at, make_agent
from tests.helpdesk.desk import HILLSIDE, TUESDAY, agent, fresh, raised, row


@pytest.fixture
def lead(desk):
    return at(make_agent("lena@platform.example", role=AgentRole.LEAD))


def press(browser, path, **sent):
    shown = browser.post(path, sent, follow=True)
    assert shown.status_code == 200
    return shown.text


def topics_of(lead):
    """Return what the form holds, as a browser sends it."""
    form = lead.get("/people/").context["topics"]
    return {name: form[name].value() or "" for name in form.fields}


def test_a_lead_adds_a_team_and_a_topic_goes_to_it(lead, agatha):
    assert "The team was added." in press(lead, "/people/teams/", name="Mail")
    assert "a team of this name already" in press(lead, "/people/teams/", name=" Mail ")
    assert "Enter a name." in press(lead, "/people/teams/", name="")
    mail = Team.objects.get(name="Mail")
    before = raised(TUESDAY, topic="email")
    told = {**topics_of(lead), "email": str(mail.ref), "key": ""}
    assert "from now on" in press(lead, "/people/topics/", **told)
    assert raised(TUESDAY, topic="email").team == mail
    assert raised(TUESDAY, topic="key").team is None
    assert fresh(before).team == before.team != mail
    assert topics_of(lead) == told
    moved = AuditEntry.objects.filter(verb="topic.moved")
    assert {entry.facts["topic"] for entry in moved} == {"email", "key"}
    assert "There is a problem" in press(lead, "/people/topics/", **{**told, "email": "x"})
    press(lead, "/people/topics/")
    assert topics_of(lead) == told


def test_a_lead_says_what_is_dealt_to_an_agent(lead, agatha):
    team = Team.objects.order_by("pk").first()
    path = f"/people/{row(agatha).ref}/"
    told = {"teams": [str(team.ref)], "skills": ["email", "key"], "capacity": "1"}
    assert "by this from now on" in press(lead, path, **told)
    now = row(agatha)
    assert ([*now.teams.all()], now.skills, now.capacity) == ([team], ["email", "key"], 1)
    shown = lead.get("/people/").text
    assert team.name in shown
    assert "Key, Email" in shown or "Email, Key" in shown
    form = lead.get(path).context["form"]
    assert {name: form[name].value() for name in told} == {**told, "capacity": 1}
    assert raised(TUESDAY, topic="students").agent is None
    press(lead, path, capacity="20")
    assert (row(agatha).skills, row(agatha).teams.count()) == ([], 0)
    assert raised(TUESDAY, topic="students").agent == row(agatha)
    for wrong in ({"capacity": "-1"}, {"capacity": "3", "skills": ["x"]}, {"capacity": "many"}):
        assert "There is a problem" in press(lead, path, **wrong)
    assert row(agatha).capacity == 20
    assert lead.get(f"/people/{HILLSIDE}/").status_code == 404


def test_nothing_is_dealt_to_whoever_has_left(desk, agatha, lena):
    told = {"teams": [], "skills": [Topic.KEY], "capacity": 3}
    left = row(agatha)
    people.change_agent(actor=lena, ref=left.ref, **told)
    Agent.objects.filter(pk=left.pk).update(is_active=False)
    with pytest.raises(Agent.DoesNotExist):
        people.change_agent(actor=lena, ref=left.ref, **{**told, "capacity": 9})
    assert row(agatha).capacity == 3


def test_a_canned_reply_is_changed_in_place(lead):
    told = {"title": "Hello", "text": "Dear {requester}", "topic": ""}
    press(lead, "/office/canned/", **told)
    press(lead, "/office/canned/", **{**told, "title": "Bye"})
    reply = CannedReply.objects.get(title="Hello")
    path = f"/office/canned/{reply.ref}/"
    assert path in lead.get("/office/").text
    assert "Dear {requester}" in lead.get(path).text
    assert "was changed" in press(lead, path, title="Hello", text="Hello, {requester}", topic="key")
    reply.refresh_from_db()
    assert (reply.title, reply.text, reply.topic) == ("Hello", "Hello, {requester}", "key")
    assert "of this title already" in press(lead, path, **{**told, "title": "Bye"})
    assert "There is a problem" in press(lead, path, **{**told, "text": ""})
    reply.refresh_from_db()
    assert reply.text == "Hello, {requester}"
    assert lead.get(f"/office/canned/{HILLSIDE}/").status_code == 404


def test_an_agent_changes_none_of_it(desk, agatha, lena):
    told = {"teams": [], "skills": [Topic.KEY], "capacity": 3}
    people.change_agent(actor=lena, ref=row(agatha).ref, **told)
    assert row(agatha).capacity == 3
    reply = canned.add_canned_reply(actor=lena, title="Hello", text="Dear {requester}")
    deeds = (
        lambda: people.change_agent(actor=agatha, ref=row(agatha).ref, **{**told, "capacity": 9}),
        lambda: people.add_team(actor=agatha, name="Mine"),
        lambda: people.set_topics(actor=agatha, teams={Topic.KEY: None}),
        lambda: canned.change_canned_reply(
            actor=agatha, ref=reply.ref, title="Hello", text="x", topic=""
        ),
    )
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.why == Refusal.LEADS_ONLY
    assert row(agatha).capacity == 3
    assert not Team.objects.filter(name="Mine").exists()
    assert TopicTeam.objects.filter(topic="key").exists()


def test_the_page_asks_as_much_for_ten_people_as_for_one(lead):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert lead.get("/people/").status_code == 200
        return len(asked)

    queries()
    one = queries()
    team = Team.objects.order_by("pk").first()
    for name in ("a", "b", "c"):
        row(agent(name)).teams.add(team)
    assert queries() == one <= 12
