"""Requests to look at a school's site, which its administrators grant."""

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from helpdesk.models.agents import Agent
from helpdesk.models.tickets import Ticket
from helpdesk.policies import AccessFacts, is_open
from helpdesk.terms import MOST_HOURS, AccessScope, AccessState


class AccessRequest(models.Model):
    """An agent asks, from a ticket, to look at the school's site.

    What opens the site is the school's own row of the same ``ref``; this one is what the helpdesk
    was told of it.

    Attributes:
        ref: The same at the school.
        ends_at: Until when it was granted (UTC).
        ended_by: “school”, “agent”, “time” or “helpdesk” (the ticket went on, or the agent left).
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="accesses")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=500)
    scope = models.CharField(max_length=10, choices=[(one.value, one.value) for one in AccessScope])
    hours = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in AccessState],
        default=AccessState.ASKED.value,
    )
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=[one.value for one in AccessScope]),
                name="access_request_scope_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in AccessState]),
                name="access_request_state_known",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=MOST_HOURS), name="access_request_hours"
            ),
            models.UniqueConstraint(
                "ticket",
                condition=Q(state__in=[AccessState.ASKED.value, AccessState.GRANTED.value]),
                name="access_request_one_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def scope_words(self) -> str:
        """What may be looked at, as agents read it."""
        return AccessScope(self.scope).words

    @property
    def state_words(self) -> str:
        """How it stands, as agents read it."""
        is_over = self.state == AccessState.GRANTED and not is_open(self.facts(), clock.now())
        return "Ended" if is_over else self.state.capitalize()

    @property
    def state_tone(self) -> str:
        """The kind of tag that says how it stands."""
        if self.state == AccessState.ASKED:
            return "attention"
        return "ok" if is_open(self.facts(), clock.now()) else "plain"

    def facts(self) -> AccessFacts:
        """Return what the policies know of it."""
        return AccessFacts(
            agent_id=self.agent_id, state=AccessState(self.state), ends_at=self.ends_at
        )
