"""People of the helpdesk."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core import clock
from core.identifiers import uuid7
from helpdesk.policies import AgentFacts
from helpdesk.terms import AgentRole


class Agent(models.Model):
    """Somebody who answers schools' questions: an account in public.

    Attributes:
        role: What they do: answer, lead the others, edit the knowledge base.
        teams: Whose tickets are dealt to them.
        skills: Topics that they can deal with; none named is all.
        capacity: Open tickets at which no more are dealt to them.
        is_on_duty: Whether tickets are dealt to them now.
        presence_at: Since when they are on duty, or away (UTC).
        dealt_at: When a ticket was last dealt to them (UTC).
        team_ids: Row ids of their teams, where ``selectors.agents.agent_of_user`` found them.
    """

    team_ids: list[int]

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agent"
    )
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in AgentRole])
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    teams = models.ManyToManyField("helpdesk.Team", related_name="agents", blank=True)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(default=20)
    is_on_duty = models.BooleanField(default=False)
    presence_at = models.DateTimeField(default=clock.now)
    dealt_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in AgentRole]),
                name="agent_role_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def display_name(self) -> str:
        """As pages show them."""
        return self.name

    def facts(self) -> AgentFacts:
        """Return what the policies know of this person as somebody's assignee."""
        return AgentFacts(
            agent_id=self.pk,
            role=AgentRole(self.role),
            is_active=self.is_active,
            is_on_duty=self.is_on_duty,
        )
