"""The demo's two invented schools: people from OneRoster files, passwords, a few concerns.

Only the demo's settings allow it: in a deployment nobody is ever given a password.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.management import call_command

from core import clock
from core.accounts.models import User
from core.actors import Actor
from core.faces import face_labelled
from core.identifiers import uuid7
from core.tenancy import at_face, in_school
from safeguarding.invented import CONCERNS, Concern
from safeguarding.models import Incident
from safeguarding.seeding_maps import add_playground, in_the_playground, on_the_body
from safeguarding.services.actions import NewAction, add_action
from safeguarding.services.incidents import Link, NewIncident, record_incident
from safeguarding.terms import Status
from schools.actors import StaffActor
from schools.models import AccessGroup, AlertGroup, Category, Staff, Student
from schools.selectors import reader_of
from schools.services.mis_import import import_students_and_staff
from schools.services.onboarding import onboard_school
from schools.terms import DEFAULT_GROUPS, GroupKind
from tenants.models import School

DATA = Path(settings.ROOT) / "infra" / "demo_data"
_WORDS = [
    "amber",
    "anchor",
    "autumn",
    "barley",
    "beacon",
    "birch",
    "bramble",
    "bridge",
    "canyon",
    "cedar",
    "clover",
    "copper",
    "coral",
    "crystal",
    "daisy",
    "ember",
    "falcon",
    "fern",
    "garnet",
    "ginger",
    "harbour",
    "hazel",
    "heather",
    "island",
    "ivory",
    "jasmine",
    "juniper",
    "kestrel",
    "lantern",
    "lemon",
    "lilac",
    "linen",
    "maple",
    "marble",
    "meadow",
    "mellow",
    "mint",
    "ocean",
    "olive",
    "orchid",
    "otter",
    "pebble",
    "pepper",
    "plum",
    "poppy",
    "quartz",
    "raven",
    "ribbon",
    "river",
    "saddle",
    "saffron",
    "sage",
    "shadow",
    "silver",
    "sparrow",
    "spruce",
    "thistle",
    "timber",
    "tulip",
    "valley",
    "velvet",
    "violet",
    "walnut",
    "willow",
    "winter",
]


@dataclass(frozen=True, kw_only=True)
class DemoSchool:
    """An invented school of the demo."""

    slug: str
    name: str
    urn: str
    head: tuple[str, str]
    students: tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """Somebody whom the demo can log in as."""

    email: str
    password: str
    role: str
    totp_secret: str | None


SCHOOLS = (
    DemoSchool(
        slug="greenwood",
        name="Greenwood Primary School",
        urn="123456",
        head=("Helen", "Marsh"),
        students=(("Maddy", "Greenwood"), ("Elsie", "Davies")),
    ),
    DemoSchool(
        slug="hillside",
        name="Hillside Academy",
        urn="123457",
        head=("Gareth", "Pugh"),
        students=(("", ""), ("", "")),
    ),
)
_ROLES = {
    "head": GroupKind.ADMINISTRATOR,
    "dsl": GroupKind.KEY_HOLDER,
    "teacher": GroupKind.STAFF,
    "ta": GroupKind.STAFF,
}


#: Of each face of the control plane: who, what they are, and the command that adds them.
FACES = {
    "ops": ("robin@ops.example", "operator", ("add_operator",)),
    "helpdesk": ("robin@helpdesk.example", "agent", ("add_agent", "--role", "lead")),
}


class NotADemo(RuntimeError):
    """Demo accounts were asked for in a deployment."""


def seed_school(demo: DemoSchool) -> School:
    """Onboard the school, import its people, and record a few concerns, where that is missing."""
    if not settings.IS_DEMO:
        raise NotADemo(
            "Demo accounts exist only in the demo: use the settings config.settings.dev."
        )
    school = onboard_school(
        slug=demo.slug,
        name=demo.name,
        urn=demo.urn,
        admin_email=f"head@{demo.slug}.example",
        admin_name=demo.head,
    )
    with in_school(school):
        if not Student.objects.exists():
            import_students_and_staff(actor=Actor(), folder=DATA / demo.slug)
        _give_groups(demo)
        if not Incident.objects.exists():
            _record_concerns(demo)
    return school


def give_passwords(demo: DemoSchool, school: School) -> list[dict[str, str | None]]:
    """Give the demo's accounts new passwords and keys; return them for ``demo.json``."""
    if not settings.IS_DEMO:
        raise NotADemo("Nobody is given a password in a deployment.")
    with in_school(school):
        return [asdict(_give_password(demo, name, role)) for name, role in _ROLES.items()]


def people_of(demo: DemoSchool, school: School) -> tuple[dict[str, StaffActor], str]:
    """Return the demo's people of a school as they act, by account name, and a student's name."""
    with in_school(school):
        student = _students(demo)[0]
        people = {name: _acting(_staff(demo, name)) for name in _ROLES}
    return people, f"{student.given_name} {student.family_name}"


def give_face_password(label: str) -> dict[str, str | None]:
    """Make the demo's one person of a face of the control plane; give a new password and key."""
    if not settings.IS_DEMO:
        raise NotADemo("Nobody is given a password in a deployment.")
    email, role, command = FACES[label]
    with at_face(face_labelled(label)):
        if not User.objects.filter(email=email).exists():
            call_command(*command, "--email", email, "--name", "Robin Lake", stdout=StringIO())
        return asdict(_give_account(email, role, needs_key=True))


def _give_password(demo: DemoSchool, name: str, role: GroupKind) -> DemoAccount:
    email = f"{name}@{demo.slug}.example"
    return _give_account(email, role.value, needs_key=role is not GroupKind.STAFF)


def _give_account(email: str, role: str, *, needs_key: bool) -> DemoAccount:
    user = User.objects.get(email=email)
    password = " ".join(secrets.choice(_WORDS) for _ in range(4))
    user.set_password(password)
    user.key_changes += 1
    user.save(update_fields=["password", "key_changes"])
    secret = None
    user.authenticator_set.all().delete()  # type: ignore[attr-defined] # allauth's reverse name
    if needs_key:
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
    return DemoAccount(email=user.email, password=password, role=role, totp_secret=secret)


def _staff(demo: DemoSchool, name: str) -> Staff:
    return Staff.objects.select_related("access_group").get(
        user__email=f"{name}@{demo.slug}.example"
    )


def _give_groups(demo: DemoSchool) -> None:
    for name, role in _ROLES.items():
        group = AccessGroup.objects.get(name=DEFAULT_GROUPS[role])
        Staff.objects.filter(pk=_staff(demo, name).pk).update(access_group=group)
    team, _ = AlertGroup.objects.get_or_create(name="Safeguarding team")
    team.members.add(_staff(demo, "dsl"), _staff(demo, "head"))
    pastoral, _ = AlertGroup.objects.get_or_create(name="Pastoral")
    pastoral.members.add(_staff(demo, "teacher"), _staff(demo, "ta"))


def _acting(staff: Staff) -> StaffActor:
    return StaffActor(
        user_id=staff.user_id,
        has_key=True,
        reader=reader_of(staff, has_shown_key=True),
        staff_ref=staff.ref,
        name=staff.display_name,
    )


def _students(demo: DemoSchool) -> list[Student]:
    rows = Student.objects.current().order_by("year_group", "family_name", "id")
    named = [rows.filter(given_name=g, family_name=f).first() for g, f in demo.students if g]
    return [student for student in named if student] or list(rows[:2])


def _record_concerns(demo: DemoSchool) -> None:
    first, second = _students(demo)
    dsl, teacher, helper = (_staff(demo, name) for name in ("dsl", "teacher", "ta"))
    now = clock.now()
    bruise = record_incident(
        actor=_acting(teacher),
        new=NewIncident(
            submission=uuid7(),
            student=first,
            text=(
                f"{first.given_name} came in quieter than usual and would not take part in PE."
                " A bruise about the size of a coin on the left forearm. When asked, said:"
                " “I fell off my bike.” Mum said at the gate that there is no bike."
            ),
            categories=_categories("Cause for Concern", "Home Issues"),
            maps=on_the_body((0.38, 0.41, "Bruise, about the size of a coin, yellow at the edge")),
            occurred_at=now - timedelta(hours=2),
            recipients=[dsl],
        ),
    )
    add_action(
        actor=_acting(dsl),
        ref=bruise.ref,
        new=NewAction(
            submission=uuid7(),
            text="Spoke with the class teacher. Will telephone home before three o'clock.",
            occurred_at=now - timedelta(hours=1),
            agencies=["Early Help", "School nurse"],
            recipients=[teacher],
        ),
    )
    record_incident(
        actor=_acting(helper),
        new=NewIncident(
            submission=uuid7(),
            student=second,
            text=(
                f"{second.given_name} and {first.given_name} fell out at lunch and would not sit"
                " together. Both calm again by registration."
            ),
            categories=_categories("Friendship Issues"),
            maps=in_the_playground(
                add_playground(_acting(_staff(demo, "head"))),
                (0.42, 0.5, "Where they fell out"),
                (0.78, 0.36, f"{second.given_name} sat here until the bell"),
            ),
            occurred_at=now - timedelta(days=1),
            links=[Link(student=first, is_monitored=True)],
            recipients=[dsl, teacher],
        ),
    )


def record_plenty(demo: DemoSchool, school: School) -> None:
    """Record a term of invented concerns over many students, once, for pages as full as a school's."""
    with in_school(school):
        if Incident.objects.count() > len(CONCERNS):
            return
        students = list(Student.objects.current().order_by("ref")[: 2 * len(CONCERNS)])
        for number, concern in enumerate(CONCERNS):
            _record(demo, concern, *students[2 * number : 2 * number + 2])


def _record(demo: DemoSchool, concern: Concern, child: Student, other: Student) -> None:
    authors = [_acting(_staff(demo, name)) for name in ("teacher", "ta", "dsl")]
    author, dsl = authors[CONCERNS.index(concern) % 2], authors[2]
    called = {"child": child.given_name, "other": other.given_name}
    happened = clock.now() - timedelta(days=concern.days_ago)
    link = Link(student=other, is_monitored=concern.is_monitored)
    incident = record_incident(
        actor=dsl if concern.is_assigned else author,
        new=NewIncident(
            submission=uuid7(),
            student=child,
            text=concern.text.format(**called),
            categories=_categories(*concern.categories),
            occurred_at=happened,
            links=[link] if concern.names_other else [],
            status=Status.CLOSED if concern.is_closed else Status.ACTIVE,
            assignee=_staff(demo, "dsl") if concern.is_assigned else None,
            recipients=[_staff(demo, name) for name in concern.alerts],
            agencies=concern.agencies,
        ),
    )
    for number, text in enumerate(concern.actions, start=1):
        new = NewAction(
            submission=uuid7(),
            text=text.format(**called),
            occurred_at=min(happened + timedelta(hours=number), clock.now()),
        )
        add_action(actor=dsl, ref=incident.ref, new=new)


def _categories(*names: str) -> list[Category]:
    return list(Category.objects.filter(name__in=names))
