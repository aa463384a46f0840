"""Rows for tests, made through the services wherever there is one."""

import os
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from psycopg import sql

from core import clock
from core.accounts.models import User
from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.tenancy import in_control_plane, in_school
from safeguarding.services.actions import NewAction, add_action
from safeguarding.services.incidents import NewIncident, record_incident
from schools.actors import StaffActor
from schools.models import AccessGroup, Category, Staff, Student
from schools.selectors import reader_of
from schools.services.onboarding import onboard_school
from schools.terms import DEFAULT_GROUPS, GroupKind
from tenants.models import Domain, School

GREENWOOD = "greenwood"
HILLSIDE = "hillside"
_SCHOOLS = {
    GREENWOOD: ("Greenwood Primary School", "123456"),
    HILLSIDE: ("Hillside Academy", "123457"),
}
_numbers = count(1)


def onboard(slug: str) -> Any:
    """Bring one of the two schools on."""
    name, urn = _SCHOOLS[slug]
    return onboard_school(slug=slug, name=name, urn=urn, admin_email=f"head@{slug}.example")


def forget_school(school: Any) -> None:
    """Take away a school that was brought on outside of a test's transaction."""
    schema = sql.Identifier(school.schema_name)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        owner.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(schema))
    with in_control_plane():
        Domain.objects.filter(tenant=school).delete()
        School.objects.filter(pk=school.pk).delete()


def make_staff(
    name: str = "staff",
    *,
    kind: str = "staff",
    has_key: bool | None = None,
    given_name: str = "Tom",
    family_name: str = "",
    email: str = "",
) -> StaffActor:
    """Make a member of staff of the current school; return them as an actor.

    Args:
        name: First part of the email address, and the family name where none is given.
        kind: ``staff``, ``key_holder`` or ``administrator``.
        has_key: Whether the actor has shown the key; by default where their group needs it.
    """
    number = next(_numbers)
    user = User.objects.create_user(email=email or f"{name}{number}@example.test")
    staff = Staff.objects.create(
        user=user,
        given_name=given_name,
        family_name=family_name or f"{name.capitalize()}{number}",
        access_group=AccessGroup.objects.get(name=DEFAULT_GROUPS[GroupKind(kind)]),
    )
    return acting(staff, has_key=kind != "staff" if has_key is None else has_key)


def acting(staff: Staff, *, has_key: bool = False) -> StaffActor:
    """Return a member of staff as the actor of a request."""
    return StaffActor(
        user_id=staff.user_id,
        has_key=has_key,
        has_confirmed_key=has_key,
        address="127.0.0.1",
        request_id="test",
        reader=reader_of(staff, has_shown_key=has_key, has_confirmed_key=has_key),
        staff_ref=staff.ref,
        name=staff.display_name,
    )


def staff_row(actor: StaffActor) -> Staff:
    """Return the row of an actor."""
    return Staff.objects.get(pk=actor.staff_id)


def make_student(
    given_name: str = "Maddy", family_name: str = "Greenwood", **facts: Any
) -> Student:
    """Make a student on roll."""
    facts.setdefault("year_group", "1")
    facts.setdefault("class_name", "1A")
    return Student.objects.create(given_name=given_name, family_name=family_name, **facts)


def categories(*names: str) -> list[Category]:
    """Return categories by name."""
    return list(Category.objects.filter(name__in=names or ["Medical"]))


def make_incident(author: StaffActor, **facts: Any) -> Any:
    """Record an incident through the service; ``recipients`` may be actors."""
    facts.setdefault("student", None)
    if facts["student"] is None and not facts.pop("is_whole_school", False):
        facts["student"] = make_student()
    facts.setdefault("categories", categories())
    facts.setdefault("text", "A quiet text.")
    facts["recipients"] = [_row(one) for one in facts.get("recipients", ())]
    occurred_at = facts.pop("occurred_at", clock.now() - timedelta(minutes=5))
    new = NewIncident(submission=uuid7(), occurred_at=occurred_at, **facts)
    return record_incident(actor=author, new=new)


def make_action(author: StaffActor, incident: Any, **facts: Any) -> Any:
    """Add an action through the service; ``recipients`` may be actors."""
    facts.setdefault("text", "Telephoned home.")
    facts["recipients"] = [_row(one) for one in facts.get("recipients", ())]
    occurred_at = facts.pop("occurred_at", clock.now() - timedelta(minutes=1))
    new = NewAction(submission=uuid7(), occurred_at=occurred_at, **facts)
    return add_action(actor=author, ref=incident.ref, new=new)


def _row(one: Any) -> Staff:
    return one if isinstance(one, Staff) else staff_row(one)


def entries_about(ref: Any) -> Any:
    """Return what people did to something, without the history of its rows."""
    entries = AuditEntry.objects.filter(subject_ref=ref).exclude(verb__startswith="row.")
    return entries.order_by("id")


def log_in(
    client: Client,
    school: Any,
    actor: StaffActor,
    *,
    has_key: bool | None = None,
    key_shown_ago: timedelta = timedelta(0),
) -> None:
    """Give the client a session at the school, with the second factor shown where it is theirs."""
    with in_school(school):
        user = User.objects.get(pk=actor.user_id)
        client.force_login(user)
        now = clock.now()
        records: list[dict[str, Any]] = [{"method": "password", "at": now.timestamp()}]
        if actor.has_key if has_key is None else has_key:
            key = Authenticator.objects.filter(user=user).exclude(type="recovery_codes").first()
            shown = {"type": key.type, "id": key.pk} if key else {"type": "totp", "id": 0}
            at = (now - key_shown_ago).timestamp()
            records.append({"method": "mfa", "at": at, **shown})
        session = client.session
        session["account_authentication_methods"] = records
        session["account_authentication_methods_user"] = str(actor.user_id)
        session.save()
        UserSession.objects.create(
            user=user, session_key=session.session_key, ip="127.0.0.1", user_agent="Test"
        )
