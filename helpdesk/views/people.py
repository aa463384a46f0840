"""Who deals with what, for leads: teams, topics, agents."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core.audit import services as audit
from core.entrances import entrance
from helpdesk.people_forms import AgentForm, TeamForm, TopicsForm
from helpdesk.policies import why_not_lead
from helpdesk.requests import actor_of
from helpdesk.selectors.people import agent_with, people_sheet
from helpdesk.selectors.tickets import teams
from helpdesk.services import people
from helpdesk.terms import Topic
from helpdesk.views.telling import telling


@entrance(why_not_lead)
@require_GET
def people_page(request: HttpRequest) -> HttpResponse:
    """Show the teams, what goes to them, and who is in them."""
    return _page(request)


@entrance(why_not_lead)
@require_POST
def add_team(request: HttpRequest) -> HttpResponse:
    """Add a team."""
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _page(request, team=form)
    with telling(request, "The team was added.", form=form, field="name"):
        people.add_team(actor=actor_of(request), name=form.cleaned_data["name"])
    return redirect("people") if form.is_valid() else _page(request, team=form)


@entrance(why_not_lead)
@require_POST
def set_topics(request: HttpRequest) -> HttpResponse:
    """Say to which team each topic goes."""
    form = TopicsForm(request.POST, teams=_teams())
    if not form.is_valid():
        return _page(request, topics=form)
    with telling(request, "Topics go to these teams from now on."):
        people.set_topics(actor=actor_of(request), teams=form.teams())
    return redirect("people")


@entrance(why_not_lead)
def agent(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Say what is dealt to an agent."""
    try:
        found = agent_with(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    own = [str(team.ref) for team in found.teams.all()]
    initial = {"teams": own, "skills": found.skills, "capacity": found.capacity}
    form = AgentForm(request.POST or None, teams=_teams(), initial=initial)
    if form.is_valid():
        with telling(request, "Tickets are dealt to them by this from now on."):
            people.change_agent(actor=actor_of(request), ref=ref, **form.told())
        return redirect("people")
    audit.record(actor_of(request), "agent.viewed", found)
    return render(request, "helpdesk/agent.html", {"agent": found, "form": form})


def _page(
    request: HttpRequest, *, team: TeamForm | None = None, topics: TopicsForm | None = None
) -> HttpResponse:
    sheet = people_sheet()
    audit.record(actor_of(request), "people.viewed")
    initial = {topic.value: str(ref) for topic, ref in sheet.topics.items()}
    context = {
        "agents": [
            (one, [Topic(skill).words for skill in one.skills], [t.name for t in one.teams.all()])
            for one in sheet.agents
        ],
        "typed": team or topics,
        "team": team or TeamForm(),
        "topics": topics or TopicsForm(teams=_teams(), initial=initial),
    }
    return render(request, "helpdesk/people.html", context)


def _teams() -> list[tuple[str, str]]:
    return [(str(team.ref), team.name) for team in teams()]
