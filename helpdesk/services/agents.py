"""Who works at the helpdesk: accounts in the control plane, each with a password of its owner's making."""

from django.db import transaction

from core.accounts.models import User
from core.accounts.services.password_links import append_link_request
from core.actors import Actor
from core.audit import services as audit
from core.refusals import Refused
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.models import AccessRequest, Agent
from helpdesk.services.access import end_access
from helpdesk.terms import AgentRole, Refusal


def add_agent(*, actor: Actor, email: str, name: str, role: AgentRole) -> Agent:
    """Add an agent, or bring one back; the first-time link goes to them by email.

    Args:
        actor: Who adds them.
        email: Where the link goes; they log in with it.
        name: As it is shown on their own pages.
        role: What they do at the helpdesk.

    Raises:
        Refused: ``EMAIL_TAKEN``: the address belongs to somebody of another face.
    """
    with at_face(FACE), transaction.atomic(durable=True):
        user = User.objects.select_for_update(no_key=True).filter(email=email.lower()).first()
        known = Agent.objects.filter(user=user).first() if user else None
        if user and not known:
            raise Refused(Refusal.EMAIL_TAKEN)
        agent = known or Agent(user=User.objects.create_user(email=email))
        agent.name, agent.is_active, agent.role = name, True, role
        agent.user.is_active = True
        agent.user.save(update_fields=["is_active"])
        agent.save()
        audit.record(actor, "agent.added", agent, role=role.value)
        append_link_request(agent.user.email)
    return agent


def deactivate_agent(*, actor: Actor, email: str) -> Agent:
    """End an agent's access at once: sessions, password, password links, and access to schools.

    Raises:
        Agent.DoesNotExist: Nobody of that address.
    """
    with at_face(FACE), transaction.atomic(durable=True):
        rows = Agent.objects.select_for_update(no_key=True, of=("self", "user"))
        agent = rows.select_related("user").get(user__email=email.lower())
        agent.is_active = agent.user.is_active = agent.is_on_duty = False
        # Sessions and password links are bound to the password.
        agent.user.set_unusable_password()
        agent.user.save(update_fields=["is_active", "password"])
        agent.save(update_fields=["is_active", "is_on_duty"])
        end_access(AccessRequest.objects.filter(agent=agent), actor=actor)
        audit.record(actor, "agent.deactivated", agent)
    return agent
