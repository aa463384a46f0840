"""People of the helpdesk."""

from django.conf import settings
from django.db import models

from core import clock
from core.identifiers import uuid7
from helpdesk.terms import AgentRole


class Agent(models.Model):
    """Somebody who answers schools' questions: an account in public.

    Attributes:
        role: What they do: answer, lead the others, edit the knowledge base.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agent"
    )
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in AgentRole])
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in AgentRole]),
                name="agent_role_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
