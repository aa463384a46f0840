"""A school with somebody of each kind, and one row of everything that has an address."""

import os
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from PIL import Image

from core import clock
from core.accounts.models import User
from core.accounts.tokens import password_link_tokens
from core.attachments import services as attachments
from core.attachments import storage
from core.identifiers import uuid7
from core.tenancy import in_school
from safeguarding.services import drafts
from safeguarding.services.drafts import Typed
from safeguarding.services.incidents import Link
from safeguarding.terms import DraftForm
from schools.actors import StaffActor
from schools.models import AccessGroup
from schools.services.alert_groups import add_alert_group
from schools.services.categories import add_category
from schools.services.maps import add_map
from schools.services.mis_uploads import take_upload
from support.models import TicketFile
from tests.factories import log_in, make_action, make_incident, make_staff, make_student, staff_row
from tests.support.access import asked
from tests.support.official import call_of, make_request
from tests.support.tickets import make_ticket

#: Stand in every name and text of a school, and nowhere else.
MARKS = {"greenwood": "Quillfeather", "hillside": "Oystercatcher"}

#: The same at both schools, hash and all.
PASSWORD = "four unrelated words here"
PASSWORD_HASH = make_password(PASSWORD, salt="samesalt")
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


@dataclass(kw_only=True)
class World:
    """One school of the two.

    Attributes:
        people: By kind of visitor.
        refs: By the segments of the address before the reference, e.g. ``incidents/``.
    """

    school: Any
    mark: str
    people: dict[str, StaffActor] = field(default_factory=dict)
    refs: dict[str, UUID] = field(default_factory=dict)
    incident: Any = None
    student: Any = None
    category: Any = None
    file: Any = None
    staged: Any = None
    draft: Any = None
    map: Any = None
    ticket_file: Any = None
    uploaded: Any = ()

    def client(self, visitor: str = "anonymous", **options: Any) -> Client:
        """Return a browser at the school's host, logged in as a kind of visitor."""
        client = Client(HTTP_HOST=self.school.host, **options)
        if visitor in self.people:
            actor = self.people[visitor]
            ago = timedelta(hours=visitor.endswith("long after"))
            log_in(client, self.school, actor, has_key=actor.has_key, key_shown_ago=ago)
        return client

    def session_of(self, visitor: str) -> str:
        """Return the session cookie of a kind of visitor."""
        return self.client(visitor).cookies["__Host-session"].value

    def user(self, visitor: str) -> User:
        """Return a person's account."""
        with in_school(self.school):
            return User.objects.get(pk=self.people[visitor].user_id)

    def link(self, visitor: str) -> str:
        """Return a working path of a password link."""
        user = self.user(visitor)
        with in_school(self.school):
            return f"/login/link/{user.ref}/{password_link_tokens.make_token(user)}/"

    def secrets(self) -> list[str]:
        """Everything that would give the school away."""
        school = self.school
        return [self.mark, school.name, school.slug, str(school.ref), school.schema_name]


def incident_form(world: World, **fields: Any) -> dict[str, Any]:
    """Return what the ‘Add Incident’ form posts."""
    now = timezone.localtime(clock.now() - timedelta(minutes=2))
    return {
        "submission": str(uuid7()),
        "student": str(world.student.ref),
        "text": "What was said.",
        "categories": [str(world.category.ref)],
        "status": "active",
        "occurred_at_0": now.strftime("%Y-%m-%d"),
        "occurred_at_1": now.strftime("%H:%M"),
        **fields,
    }


def align_ids(*schools: Any) -> None:
    """Let the next row of every table have the same id at each school."""
    names = [school.schema_name for school in schools]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        sequences = owner.execute(
            "SELECT sequencename, max(coalesce(last_value, 1)) FROM pg_sequences"
            " WHERE schemaname = ANY(%s) GROUP BY sequencename",
            [names],
        ).fetchall()
        for sequence, last in sequences:
            for name in names:
                owner.execute("SELECT setval(%s::regclass, %s)", [f"{name}.{sequence}", last])


def make_world(school: Any) -> World:
    """Fill a school; the same calls in the same order give the same ids at both."""
    world = World(school=school, mark=MARKS[school.slug])
    with in_school(school):
        _people(world)
        _rows(world)
    return world


def forget_files(world: World) -> None:
    """Take the world's objects out of the store, which no rollback reaches."""
    kept = (world.file, world.staged, world.ticket_file, world.map.image, *world.uploaded)
    storage.delete_objects([one.object_key for one in kept])


def _people(world: World) -> None:
    for visitor, kind in {
        "staff": "staff",
        "key holder": "key_holder",
        "administrator": "administrator",
        "key holder without key": "key_holder",
        "administrator without key": "administrator",
        "key holder long after": "key_holder",
        "colleague": "staff",
    }.items():
        world.people[visitor] = make_staff(
            kind=kind,
            has_key=kind != "staff" and not visitor.endswith("without key"),
            given_name=visitor.title(),
            family_name=world.mark,
            # The same address at both schools.
            email=f"{visitor.replace(' ', '-')}@trust.example",
        )
        user = User.objects.get(pk=world.people[visitor].user_id)
        user.password = PASSWORD_HASH
        user.save()
        TOTP.activate(user, TOTP_SECRET)
        RecoveryCodes.activate(user)


def _rows(world: World) -> None:
    mark, people = world.mark, world.people
    administrator, key_holder = people["administrator"], people["key holder"]
    world.student = make_student("Zebedee", mark)
    world.category = add_category(actor=administrator, name=f"{mark} matters")
    group = add_alert_group(
        actor=administrator, name=f"{mark} team", members=[staff_row(people["colleague"])]
    )
    plan = attachments.seal(actor=administrator, filename="plan.png", chunks=[_drawing()])
    world.map = add_map(actor=administrator, name=f"{mark} playground", sent=plan.ref)
    world.file = _file(key_holder, f"{mark}.txt")
    world.staged = _file(key_holder, f"{mark}-staged.txt")
    world.incident = make_incident(
        key_holder,
        student=world.student,
        text=f"What {mark} said.",
        categories=[world.category],
        agencies=[f"{mark} agency"],
        files=[world.file.ref],
        recipients=[people["staff"], key_holder, administrator],
    )
    action = make_action(key_holder, world.incident, text=f"Telephoned {mark}.")
    world.draft = uuid7()
    drafts.keep_draft(
        actor=key_holder,
        author=key_holder.staff_ref,
        typed=Typed(
            form=DraftForm.INCIDENT,
            submission=world.draft,
            fields={"text": [f"{mark} draft"], "student": [str(world.student.ref)]},
        ),
    )
    monitored = make_incident(
        key_holder,
        is_whole_school=True,
        text=f"What {mark} wrote.",
        categories=[world.category],
        links=[Link(student=world.student, is_monitored=True)],
    ).monitoring.get()
    told = _file(people["staff"], f"{mark}-ticket.txt")
    ticket = make_ticket(
        people["staff"], subject=f"{mark} is twice there", text=f"Zebedee {mark}.", files=[told]
    )
    world.ticket_file = told
    world.refs = {
        "support/tickets/": ticket.ref,
        "administration/helpdesk/": asked(ticket).ref,
        "support/official/": make_request(key_holder, text=f"For the governors of {mark}.").ref,
        "support/official/calls/": call_of(
            administrator, User.objects.get(pk=administrator.user_id).email
        ).ref,
        "support/files/": TicketFile.objects.get().ref,
        "incidents/": world.incident.ref,
        "actions/": action.ref,
        "files/": world.file.ref,
        "monitoring/": monitored.ref,
        "students/": world.student.ref,
        "administration/categories/": world.category.ref,
        "administration/access-groups/": AccessGroup.objects.get(name="Key holders").ref,
        "administration/alert-groups/": group.ref,
        "administration/maps/": world.map.ref,
        "maps/": world.map.ref,
        "administration/staff/": people["colleague"].staff_ref,
        "administration/agencies/": world.incident.agencies.get().ref,
        "administration/import/": _upload(world),
        "staff/keys/": people["key holder without key"].staff_ref,
        "login/link/": User.objects.get(pk=people["staff"].user_id).ref,
    }


def _drawing() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (64, 64), "white").save(drawn, "PNG")
    return drawn.getvalue()


#: A student of the preview, at either school.
EXPORT = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,bulk\n",
    "users.csv": "sourcedId,role,givenName,familyName,email,grades,identifier,userIds\n"
    "p1,student,Yolanda,{mark},,4,,\n",
}


def _upload(world: World) -> UUID:
    administrator = world.people["administrator"]
    world.uploaded = [
        attachments.seal(
            actor=administrator, filename=name, chunks=[text.format(mark=world.mark).encode()]
        )
        for name, text in EXPORT.items()
    ]
    return take_upload(actor=administrator, files=[one.ref for one in world.uploaded]).ref


def _file(actor: StaffActor, filename: str) -> Any:
    return attachments.seal(actor=actor, filename=filename, chunks=[b"Quiet words.\n"])
