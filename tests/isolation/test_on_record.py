"""Every address × what it must leave on record; take an audit call away and this is red.

A new address is red too, until it stands in one of the tables below.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from core.accounts.models import User
from core.accounts.urls import account_urls
from core.audit.models import AuditEntry
from core.entrances import anyone
from core.identifiers import uuid7
from core.tenancy import in_school
from safeguarding.models import Action, Draft
from safeguarding.services import drafts
from safeguarding.services.agencies import retire_agency
from safeguarding.terms import ROW_VERBS
from schools.access_group_form import AccessGroupForm
from schools.models import AccessGroup, Category
from schools.services import alert_groups, categories, maps, staff
from support.models import SupportAccess, Ticket
from tests.factories import make_student
from tests.isolation.doors import (
    ADD,
    ADMINISTER,
    ENTER,
    EXPORT,
    HOLD_KEY,
    IMPORT,
    OWN,
    PUBLIC,
    RESET_KEYS,
    SEE_KEYS,
    doors_of,
)
from tests.isolation.world import EXPORT as MIS_EXPORT
from tests.isolation.world import incident_form
from tests.support.access import grant, pass_for
from tests.support.official import official_form
from tests.support.tickets import ticket_form

pytestmark = pytest.mark.isolation


@dataclass(frozen=True)
class Visit:
    """Somebody at a door.

    Attributes:
        visitor: Who may, and does.
        verbs: What it must leave on record, all of it, in order.
        sent: What is sent, made of the world.
        before: What must have happened, done to the world.
    """

    visitor: str
    verbs: tuple[str, ...]
    sent: Any = None
    before: Any = None
    content_type: str | None = None
    headers: Any = None


def visit(visitor, *verbs, **how):
    return Visit(visitor, verbs, **how)


def own_action(world):
    """Leave somebody who may not open the incident their own action on it."""
    Action.objects.update(author_id=world.people["colleague"].staff_id)


def administers(*verbs, **how):
    return Visit("administrator", verbs, **how)


def typed(world):
    return json.dumps({"query": world.mark})


def typed_so_far(world):
    return json.dumps(
        {
            "form": "incident",
            "submission": str(uuid7()),
            "author_pass": drafts.author_pass(world.people["staff"]),
            "page": str(uuid7()),
            "number": 1,
            "fields": {"text": [world.mark], "student": [str(world.student.ref)]},
        }
    )


def whole_name(world):
    return json.dumps({"text": f"Zebedee {world.mark} fell.", "chosen": []})


def the_page_of_the_incident(world):
    """Open the incident, so that there is a page to print."""
    path = f"/incidents/{world.incident.ref}/"
    world.shown_by = world.client("key holder").get(path).headers["X-Request-ID"]


def retired_category(world):
    categories.retire_category(actor=world.people["administrator"], ref=world.category.ref)


def retired_group(world):
    ref = world.refs["administration/alert-groups/"]
    alert_groups.retire_alert_group(actor=world.people["administrator"], ref=ref)


def retired_map(world):
    maps.retire_map(actor=world.people["administrator"], ref=world.map.ref)


def who_left(world):
    ref = world.people["colleague"].staff_ref
    staff.deactivate_staff(actor=world.people["administrator"], ref=ref)


def key_holders(_world):
    return {"access_group": str(AccessGroup.objects.get(holds_key=True).ref)}


def new_colleague(world):
    return {
        "given_name": "Ada",
        "family_name": "New",
        "email": "ada@trust.example",
        **key_holders(world),
    }


def team(world):
    return {"name": "Team", "members": [str(world.people["colleague"].staff_ref)]}


def amended(world):
    return {**incident_form(world), "version": "0", "text": "In other words.", "reason": "A slip."}


def right_student(world):
    other = make_student("Zebedee", "Other")
    return {"submission": str(uuid7()), "student": str(other.ref), "reason": "Wrong child."}


def other_category(world):
    return {"categories": [str(Category.objects.get(name="Medical").ref)], "shown": ""}


def rights(_world):
    return {"name": "Group", "can_add": "on", "sees_categories": "all", "sees_years": "all"}


def rights_agreed(world):
    """What was shown and agreed to: the members are no longer key holders."""
    group = AccessGroup.objects.get(ref=world.refs["administration/access-groups/"])
    form = AccessGroupForm(rights(world), group=group)
    assert form.is_valid()
    form.is_agreed()
    return {**rights(world), "agreed": form.shown}


def several(world):
    return {"people": "Ada, New, ada@trust.example", "confirmed": "1", **key_holders(world)}


def without_password(world):
    User.objects.filter(pk=world.people["colleague"].user_id).update(password="!")


def retired_agency(world):
    ref = world.refs["administration/agencies/"]
    retire_agency(actor=world.people["administrator"], ref=ref)


def export_files(_world):
    return {
        "new_files": [SimpleUploadedFile(name, text.encode()) for name, text in MIS_EXPORT.items()]
    }


def a_ticket(_world):
    return ticket_form(offered="1")


def an_answer(_world):
    return {"submission": str(uuid7()), "text": "Still so."}


def completed_ticket(world):
    settled = {"state": "completed", "completed_at": clock.now()}
    Ticket.objects.filter(ref=world.refs["support/tickets/"]).update(**settled)


def of_helpdesk(world):
    """Return what the helpdesk asks to look at."""
    return SupportAccess.objects.get(ref=world.refs["administration/helpdesk/"])


def let_in(world):
    grant(world.people["administrator"], of_helpdesk(world))


#: What is shown, and what that leaves.
GET = {
    "dashboard": visit("key holder", "dashboard.viewed"),
    "incidents": visit("key holder", "incidents.listed"),
    "incident": visit("key holder", "incident.viewed"),
    "action": visit("colleague", "action.viewed", before=own_action),
    "add_incident": visit("key holder", "drafts.listed"),
    "drafts": visit("key holder", "drafts.listed"),
    "file": visit("key holder", "attachment.opened"),
    "tickets": visit("staff", "tickets.listed"),
    "ticket": visit("staff", "ticket.viewed"),
    "ticket_file": visit("staff", "attachment.opened"),
    "students": visit("key holder", "students.listed"),
    "student": visit("key holder", "student.viewed"),
    "audit": visit("key holder", "audit.viewed"),
    "amend_incident": visit("key holder", "incident.viewed"),
    "amend_action": visit("key holder", "incident.viewed"),
    "correct_student": visit("key holder", "incident.viewed"),
    "change_categories": visit("key holder", "incident.viewed"),
    "audit_export": visit("key holder", "audit.exported"),
    "mis_import": administers("mis.previewed"),
}
#: What is sent, and what that leaves.
POST = {
    "add_incident": visit("key holder", "incident.recorded", sent=incident_form),
    "contact_support": visit("staff", "ticket.raised", sent=a_ticket),
    "answer_ticket": visit("staff", "ticket.answered", sent=an_answer),
    "rate_ticket": visit(
        "staff", "ticket.rated", before=completed_ticket, sent=lambda _: {"rating": "5"}
    ),
    "webinar_place": visit("staff", "webinar.registered", sent=lambda _: {"place": "take"}),
    "add_action": visit("key holder", "action.added", sent=incident_form),
    "mark_as_read": visit("staff", "alert.read"),
    "settle": visit("key holder", "incident.settled", sent=lambda _: {"status": "closed"}),
    "discard_draft": visit("key holder", "draft.discarded", sent=lambda w: {"draft": str(w.draft)}),
    "save_draft": visit("staff", "draft.kept", sent=typed_so_far, content_type="application/json"),
    "amend_incident": visit("key holder", "incident.amended", sent=amended),
    "amend_action": visit("key holder", "action.amended", sent=amended),
    "correct_student": visit("key holder", "incident.moved", sent=right_student),
    "change_categories": visit("key holder", "incident.categorised", sent=other_category),
    "students": visit("key holder", "students.searched", sent=lambda w: {"name": w.mark}),
    "suggest_students": visit(
        "staff", "students.suggested", sent=typed, content_type="application/json"
    ),
    "students_named": visit(
        "staff", "students.named", sent=whole_name, content_type="application/json"
    ),
    "stop_monitoring": visit("key holder", "monitoring.ended"),
    "page_printed": visit(
        "key holder",
        "page.printed",
        before=the_page_of_the_incident,
        sent=lambda w: {"page": w.shown_by},
    ),
    "categories": administers("category.added", sent=lambda _: {"name": "New"}),
    "category": administers("category.renamed", sent=lambda _: {"name": "Renamed"}),
    "add_sub_category": administers("category.added", sent=lambda _: {"sub-name": "Beneath"}),
    "retire_category": administers("category.retired"),
    "bring_back_category": administers("category.brought_back", before=retired_category),
    "add_alert_group": administers("alert_group.added", sent=team),
    "alert_group": administers("alert_group.changed", sent=team),
    "retire_alert_group": administers("alert_group.retired"),
    "bring_back_alert_group": administers("alert_group.brought_back", before=retired_group),
    "school_map": administers("map.renamed", sent=lambda _: {"name": "Renamed"}),
    "retire_map": administers("map.retired"),
    "bring_back_map": administers("map.brought_back", before=retired_map),
    "add_access_group": administers("access_group.added", sent=rights),
    "access_group": administers("access_group.changed", sent=rights_agreed),
    "add_staff": administers("staff.added", sent=new_colleague),
    "staff_member": administers("staff.access_changed", sent=key_holders),
    "agencies": administers("agency.added", sent=lambda _: {"name": "New agency"}),
    "agency": administers("agency.renamed", sent=lambda _: {"name": "Renamed agency"}),
    "retire_agency": administers("agency.retired"),
    "bring_back_agency": administers("agency.brought_back", before=retired_agency),
    "change_details": administers("staff.renamed", "staff.email_changed", sent=new_colleague),
    "invite_again": administers("staff.invited", before=without_password),
    "invite_several": administers("staff.added", sent=several),
    "mis_imports": administers(
        "attachment.uploaded",
        "attachment.uploaded",
        "mis.uploaded",
        "mis.checked",
        sent=export_files,
    ),
    "confirm_mis_import": administers("mis.confirmed", "mis.imported"),
    "cancel_mis_import": administers("mis.cancelled"),
    "grant_support": administers("support.granted", sent=lambda _: {"hours": "1"}),
    "refuse_support": administers("support.refused"),
    "end_support": administers("support.ended", before=let_in),
    "enter_support": visit(
        "anonymous",
        "support.entered",
        before=let_in,
        sent=lambda w: {"pass": pass_for(w.school, of_helpdesk(w))},
    ),
    "ask_official": visit(
        "key holder", "official.asked", sent=lambda _: official_form(text="For the governors.")
    ),
    "decide_official": visit(
        "administrator",
        *("official.approved", "ticket.raised"),
        sent=lambda _: {"decision": "approve"},
    ),
    "answer_official_call": visit(
        "administrator",
        *("official.asked", "call.confirmed"),
        sent=lambda _: {"answer": "confirm"},
    ),
    "deactivate_staff": administers("staff.deactivated"),
    "reactivate_staff": administers("staff.reactivated", before=who_left),
}
PUT = {
    "upload_file": visit(
        "staff",
        "attachment.uploaded",
        sent=lambda _: b"Quiet words.\n",
        content_type="text/plain",
        headers={"Content-Disposition": "attachment; filename*=UTF-8''note.txt"},
    ),
}
TABLES = {"GET": GET, "POST": POST, "PUT": PUT}

#: Where the student whom it is about must be named although no page shows them.
ABOUT_THE_STUDENT = {
    ("GET", "file"),
    ("GET", "audit_export"),
    ("POST", "add_incident"),
    ("POST", "add_action"),
    ("POST", "mark_as_read"),
    ("POST", "settle"),
    ("POST", "stop_monitoring"),
    ("POST", "amend_incident"),
    ("POST", "amend_action"),
    ("POST", "correct_student"),
    ("POST", "change_categories"),
    ("POST", "page_printed"),
}
#: Doors that leave nothing on record, and why.
NOT_ON_RECORD = {
    "healthz": "says that the process lives; nobody's data",
    "readyz": "says that the database answers; nobody's data",
    "hide_names": "how this browser shows names; shows and changes nothing of anybody's",
    "suggest_staff": "names of colleagues, which everybody here may know; nobody's record",
    "suggest_key_holders": "likewise",
    "administration": "counts of settings",
    "map_image": "a plan of the school's own; what is marked on it is in the incident",
    "access_groups": "what staff may do is on record when it changes, not when it is looked at",
    "alert_groups": "settings are on record when they change, not when they are looked at",
    "staff": "likewise: the staff list holds no student",
    "support_accesses": "what the helpdesk asks; no student's data",
    "support_access": "what it was let in to, from the record; likewise",
    "official_requests": "what the school asks of the helpdesk; no student's data",
    "official_request": "likewise: what told of a student is masked",
    "official_call": "likewise: what an agent noted",
    "leave_support": "does nothing for whoever was not let in; test_support_access.py has the rest",
    "mis_example": "invented people",
    "support": "the guide; nobody's data",
    "support_page": "likewise",
    "help_sheets": "likewise",
    "articles": "likewise: what the helpdesk publishes for all schools",
    "article": "likewise",
    "webinar": "likewise, and whether one has a place oneself",
    "webinar_calendar": "likewise",
    "staff_keys": "likewise: who of the staff has a key",
    "choose_language": "one's own language; tests/core/test_languages.py says what it leaves",
}
#: Doors where only what is sent is on record, and why nothing else is.
SHOWS_NO_STUDENT = {
    "settle": "leads to the incident, which is on record",
    "add_action": "leads to the incident, which is on record",
    "contact_support": "an empty form; tests/support/test_contact.py has what is checked",
    "ask_official": "leads to the list; its form is empty",
    "answer_ticket": "leads to the ticket, which is on record",
    "rate_ticket": "likewise",
    "add_sub_category": "leads to the category",
    "categories": "settings are on record when they change, not when they are looked at",
    "category": "likewise",
    "add_access_group": "likewise",
    "access_group": "likewise",
    "add_alert_group": "likewise",
    "alert_group": "likewise",
    "maps": "likewise; the tests of maps say what adding one leaves",
    "school_map": "likewise",
    "add_staff": "likewise",
    "staff_member": "likewise",
    "agencies": "likewise",
    "agency": "likewise",
    "change_details": "likewise",
    "invite_several": "likewise",
    "mis_imports": "the list says who uploaded and when",
    "reset_key": "likewise; the tests of keys say what a reset leaves",
}
#: Pages about one's own account hold no student; ``core.accounts`` records what changes there,
#: and its own tests say so.
ACCOUNT_PAGES = {
    page.name for page in account_urls(logged_in=anyone, with_key=anyone, with_confirmed_key=anyone)
}


#: Who tries a door that is in no table, by its policy.
WHO = {
    PUBLIC: "key holder",
    ENTER: "key holder",
    OWN: "staff",
    ADD: "key holder",
    HOLD_KEY: "key holder",
    EXPORT: "key holder",
    ADMINISTER: "administrator",
    IMPORT: "administrator",
    SEE_KEYS: "administrator",
    RESET_KEYS: "administrator",
}


def doors():
    return [door for door in doors_of("school") if door.name not in ACCOUNT_PAGES]


def knock(world, method, door, visit, *, raises=True):
    """Go to a door; return the answer, its body and what it left on record."""
    with in_school(world.school):
        if visit.before:
            visit.before(world)
        sent = visit.sent(world) if visit.sent else {}
        client = world.client(visit.visitor, raise_request_exception=raises)
        newest = AuditEntry.objects.order_by("id").values_list("id", flat=True).last() or 0
    how = {"content_type": visit.content_type} if visit.content_type else {}
    send = getattr(client, method.lower())
    more = {} if method == "GET" else {"data": sent, "headers": visit.headers, **how}
    answer = send(door.path(world), **more)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with in_school(world.school):
        left = AuditEntry.objects.filter(id__gt=newest).exclude(verb__in=ROW_VERBS)
        return answer, body.decode(), list(left.order_by("id"))


@pytest.mark.parametrize("method", TABLES)
def test_every_address_leaves_on_record_what_the_table_says(method, twins, undone):
    world, _ = twins
    wrong = []
    for door in doors():
        expected = TABLES[method].get(door.name)
        if expected is None:
            continue
        with undone():
            answer, body, left = knock(world, method, door, expected)
        assert answer.status_code in (200, 201, 204, 302), (str(door), answer.status_code)
        if tuple(entry.verb for entry in left) != expected.verbs:
            wrong.append((str(door), [entry.verb for entry in left]))
        named = {ref for entry in left for ref in entry.students}
        is_about = "Zebedee" in body or (method, door.name) in ABOUT_THE_STUDENT
        if is_about and world.student.ref not in named:
            wrong.append((str(door), "is about a student whom its entry does not name"))
    assert wrong == []


@pytest.mark.parametrize("method", [*TABLES, "PATCH", "DELETE"])
def test_every_other_request_is_refused_or_leaves_what_opening_the_page_leaves(
    method, twins, undone
):
    world, _ = twins
    wrong = []
    for door in doors():
        if door.name in NOT_ON_RECORD or door.name in TABLES.get(method, {}):
            continue
        opened = GET.get(door.name, Visit(WHO[door.kind], ()))
        with undone():
            answer, body, left = knock(world, method, door, replace(opened, sent=lambda _: {}))
        is_known = door.name in GET or door.name in SHOWS_NO_STUDENT
        verbs = tuple(entry.verb for entry in left)
        if answer.status_code != 405 and not (is_known and verbs == opened.verbs):
            wrong.append((str(door), answer.status_code, verbs))
        assert verbs or "Zebedee" not in body, str(door)
    assert wrong == []


def test_no_table_holds_an_address_that_is_gone():
    names = {door.name for door in doors_of("school")}
    assert {*GET, *POST, *PUT, *NOT_ON_RECORD, *SHOWS_NO_STUDENT, *ACCOUNT_PAGES} == names
    assert not set(NOT_ON_RECORD) & {*GET, *POST, *PUT, *SHOWS_NO_STUDENT}
    assert not set(SHOWS_NO_STUDENT) & set(GET)


@pytest.mark.parametrize("method", TABLES)
def test_nothing_is_shown_or_taken_that_cannot_be_recorded(method, twins, undone, monkeypatch):
    world, _ = twins

    def full_disk(*_args, **_kwargs):
        raise OSError("The disk is full.")

    for door in doors():
        expected = TABLES[method].get(door.name)
        if expected is None:
            continue
        with undone():
            answer, body, _ = knock(world, method, door, expected)
        assert answer.status_code < 400, str(door)
        with undone(), monkeypatch.context() as broken:
            if expected.before:
                with in_school(world.school):
                    expected.before(world)
            broken.setattr("core.audit.services.record", full_disk)
            broken.setattr("core.attachments.services.record", full_disk)
            answer, body, left = knock(
                world, method, door, replace(expected, before=None), raises=False
            )
        assert answer.status_code == 500, str(door)
        assert left == [], str(door)
        assert "Zebedee" not in body, str(door)
        assert world.mark not in body, str(door)


def test_a_list_of_all_students_for_who_has_no_script_is_on_record(here):
    here.client("staff").get("/incidents/add/?list=1")
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.students) == ("incident_form.shown", [here.student.ref])


def test_a_form_that_comes_back_with_a_students_name_is_on_record(here):
    before = AuditEntry.objects.count()
    page = here.client("staff").get("/incidents/add/")
    assert "Zebedee" not in page.text
    assert AuditEntry.objects.count() == before
    form = incident_form(here, text="")
    page = here.client("staff").post("/incidents/add/", form)
    assert "Zebedee" in page.text
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.students) == ("incident_form.shown", [here.student.ref])


def test_a_draft_is_on_record_with_whom_it_names_when_it_is_kept_shown_and_discarded(here):
    author, own = here.people["staff"], here.client("staff")
    form = incident_form(here, text="", author_pass=drafts.author_pass(author))
    here.client().post("/incidents/add/", form)
    draft = Draft.objects.get(author_id=author.staff_id).submission
    own.get(f"/incidents/add/?draft={draft}")
    own.post("/drafts/discard/", {"draft": str(draft)})
    kept, shown, discarded = AuditEntry.objects.order_by("-id")[:3][::-1]
    assert [one.verb for one in (kept, shown, discarded)] == [
        "draft.kept",
        "draft.opened",
        "draft.discarded",
    ]
    assert {tuple(one.students) for one in (kept, shown, discarded)} == {(here.student.ref,)}
    assert (kept.user_id, kept.facts["author"]) == (None, str(author.staff_ref))
    assert shown.facts == {"draft": str(kept.subject_ref)}


def test_a_draft_of_an_action_names_the_students_of_its_incident(here):
    path = f"/incidents/{here.incident.ref}/"
    form = {"text": "Half a thought.", "author_pass": drafts.author_pass(here.people["staff"])}
    here.client().post(f"{path}actions/", form)
    kept = AuditEntry.objects.latest("id")
    assert (kept.verb, kept.students) == ("draft.kept", [here.student.ref])
    asked = f"{path}?draft={Draft.objects.get(form='action').submission}"
    assert "Half a thought." in here.client("staff").get(asked).text
    verbs = AuditEntry.objects.order_by("-id").values_list("verb", flat=True)[:2]
    assert set(verbs) == {"incident.viewed", "draft.opened"}


def test_nothing_that_was_typed_is_on_record(here):
    client = here.client("key holder")
    client.post("/students/", {"name": "Zebe"})
    client.post("/students/suggest/", {"query": "Zebe"}, content_type="application/json")
    for entry in AuditEntry.objects.order_by("-id")[:2]:
        assert entry.students == [here.student.ref]
        assert "Zebe" not in str(entry.facts)
    client.post("/students/", {"name": "Nobody at all"})
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.students) == ("students.searched", [])
