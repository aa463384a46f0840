"""People of the control plane, and browsers at its faces."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from core import clock
from core.accounts.models import PasswordLinkRequest, User
from core.actors import Actor
from core.faces import Face, face_labelled
from core.outbox.models import OutboxEvent
from core.tenancy import at_face, in_control_plane
from helpdesk.models import Agent
from helpdesk.services.agents import add_agent
from helpdesk.terms import AgentRole
from tenants.models import Operator
from tenants.services.operators import add_operator

PASSWORD = "four unrelated words here"
PASSWORD_HASH = make_password(PASSWORD, salt="samesalt")
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
NOBODY = Actor(request_id="test")


@dataclass(frozen=True, kw_only=True)
class Person:
    """One of the platform's own people."""

    face: Face
    email: str
    row: Any

    @property
    def user(self) -> User:
        """Their account."""
        with at_face(self.face):
            return User.objects.get(email=self.email)


def make_operator(email: str = "olive@platform.example", *, has_key: bool = True) -> Person:
    """Make an operator with a password and, unless told otherwise, a key."""
    row = add_operator(actor=NOBODY, email=email, name="Olive Operator")
    return _settled(Person(face=face_labelled("ops"), email=email, row=row), has_key)


def make_agent(
    email: str = "agatha@platform.example",
    *,
    role: AgentRole = AgentRole.AGENT,
    has_key: bool = True,
) -> Person:
    """Make an agent with a password and, unless told otherwise, a key."""
    row = add_agent(actor=NOBODY, email=email, name="Agatha Agent", role=role)
    return _settled(Person(face=face_labelled("helpdesk"), email=email, row=row), has_key)


def _settled(person: Person, has_key: bool) -> Person:
    with at_face(person.face):
        user = User.objects.get(email=person.email)
        user.password = PASSWORD_HASH
        user.save()
        if has_key:
            TOTP.activate(user, TOTP_SECRET)
            RecoveryCodes.activate(user)
    return person


def forget_people() -> None:
    """Delete the people of both faces that a test really committed, and what they were sent."""
    with in_control_plane(), connection.cursor() as cursor:
        for model in (OutboxEvent, Operator, Agent, Authenticator, PasswordLinkRequest):
            model.objects.all().delete()
        # What else an account cascades to is in schools alone.
        cursor.execute("DELETE FROM accounts_user WHERE email LIKE '%@platform.example'")


def at(person: Person, *, has_key: bool = True, face: Face | None = None) -> Client:
    """Return a browser at the person's face (or another's host) with their session."""
    client = Client(HTTP_HOST=person.face.host)
    with at_face(person.face):
        client.force_login(person.user)
        records: list[dict[str, Any]] = [{"method": "password", "at": clock.now().timestamp()}]
        if has_key:
            shown = {"method": "mfa", "type": "totp", "id": 0}
            records.append({**shown, "at": clock.now().timestamp()})
        session = client.session
        session["account_authentication_methods"] = records
        session["account_authentication_methods_user"] = str(person.user.pk)
        session.save()
    if face is not None:
        client.defaults["HTTP_HOST"] = face.host
    return client
