"""Who looks after the platform: accounts in the control plane, each with a password of its owner's making."""

from django.db import transaction

from core.accounts.models import User
from core.accounts.services.password_links import append_link_request
from core.actors import Actor
from core.audit import services as audit
from core.refusals import Refused
from core.tenancy import at_face
from tenants.face import FACE
from tenants.models import Operator
from tenants.terms import OpsRefusal


def add_operator(*, actor: Actor, email: str, name: str) -> Operator:
    """Add an operator, or bring one back; the first-time link goes to them by email.

    Args:
        actor: Who adds them.
        email: Where the link goes; they log in with it.
        name: As it is shown on their own pages.

    Raises:
        Refused: ``EMAIL_TAKEN``: the address belongs to somebody of another face.
    """
    with at_face(FACE), transaction.atomic(durable=True):
        user = User.objects.select_for_update(no_key=True).filter(email=email.lower()).first()
        known = Operator.objects.filter(user=user).first() if user else None
        if user and not known:
            raise Refused(OpsRefusal.EMAIL_TAKEN)
        operator = known or Operator(user=User.objects.create_user(email=email))
        operator.name, operator.is_active = name, True
        operator.user.is_active = True
        operator.user.save(update_fields=["is_active"])
        operator.save()
        audit.record(actor, "operator.added", operator)
        append_link_request(operator.user.email)
    return operator


def deactivate_operator(*, actor: Actor, email: str) -> Operator:
    """End an operator's access at once: sessions, password and password links.

    Raises:
        Operator.DoesNotExist: Nobody of that address.
    """
    with at_face(FACE), transaction.atomic(durable=True):
        rows = Operator.objects.select_for_update(no_key=True, of=("self", "user"))
        operator = rows.select_related("user").get(user__email=email.lower())
        operator.is_active = operator.user.is_active = False
        # Sessions and password links are bound to the password.
        operator.user.set_unusable_password()
        operator.user.save(update_fields=["is_active", "password"])
        operator.save(update_fields=["is_active"])
        audit.record(actor, "operator.deactivated", operator)
    return operator
