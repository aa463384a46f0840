"""Work outside a request belongs to one open school, or it is not done."""

from inspect import signature
from io import StringIO
from uuid import uuid4

import pytest
from celery.exceptions import Reject
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.celery import app
from core.school_tasks import school_task
from core.tenancy import NoSchool, current_school, in_control_plane, in_school
from tenants.models import School
from tenants.terms import SchoolState

pytestmark = pytest.mark.isolation

#: Tasks that belong to no one school, and what they do in the control plane.
FLEET_TASKS = {
    "core.outbox.sweep": "rings for the open schools whose outbox has something due",
    "core.audit.sweep": "has the open schools sealed whose record has something in no seal yet",
    "core.audit.anchor_everywhere": "asks for the anchor of each open school's record",
    "core.attachments.discard_everywhere": "asks for the sweep at each open school",
    "safeguarding.discard_old_drafts_everywhere": "asks for that at each open school",
    "schools.expire_uploads_everywhere": "asks for it at each open school",
    "core.outbox.relay_control_plane": "acts on the outbox of the public schema",
    "helpdesk.deal_out": "deals out the helpdesk's own tickets, which are in public",
    "helpdesk.close_completed": "closes the helpdesk's own tickets, which are in public",
    "helpdesk.forget_tickets": "removes words of the helpdesk's own tickets, which are in public",
    "helpdesk.forget_places": "removes who took part in the helpdesk's own webinars, in public",
    "support.forget_tickets_everywhere": "asks for that at each open school",
    "helpdesk.refresh_holidays": "keeps the days on which the helpdesk is closed, in public",
    "schools.bring_on": "makes the schools that ops asked for",
    "tenants.keep_schemas_ready": "makes empty schemas, which are no school's yet",
    "tenants.rotate_keysets": "changes keysets in the schools' own rows, which are in public",
}
#: Commands that take no --school, and why.
FLEET_COMMANDS = {
    "migrate_schemas": "brings the public schema up to date",
    "migrate_fleet": "brings every schema to the same state",
    "onboard_school": "makes the school",
    "onboard_schools": "makes the schools",
    "load_gias": "loads the DfE's register, which is in public",
    "seed_demo": "makes the demo's own two schools",
    "seed_demo_tickets": "lets those two ask the helpdesk, once",
    "seed_knowledge": "publishes the demo's articles at the helpdesk",
    "rewrap_keysets": "wraps every school's keysets with the key that wraps now",
    "new_local_wrapping_key": "makes a key of the platform",
    "add_operator": "an account of the ops face",
    "deactivate_operator": "an account of the ops face",
    "add_agent": "an account of the helpdesk",
    "deactivate_agent": "an account of the helpdesk",
    "reset_key_at_face": "an account of either face",
    "receive_mail": "finds the school by the signed address of the mail",
    "check_business_time": "works out cases from files and touches no database",
}
#: Commands with --school that do without it, and why.
MAY_LOOK_AT_ALL = {"failed_deliveries": "lists what every open school's outbox gave up"}
_LIBRARIES = ("django.", "celery.", "allauth.", "django_tenants", "rest_framework")


def our_tasks():
    app.loader.import_default_modules()
    app.finalize()
    return {
        name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))
    }


def school_tasks():
    return sorted(set(our_tasks()) - set(FLEET_TASKS))


@school_task(name="tests.isolation.where")
def where() -> str:
    """Say which school this runs in."""
    return str(current_school().ref)


def test_t07_every_task_is_a_schools_or_is_listed_with_its_reason():
    ours = our_tasks()
    assert len(ours) >= 4
    assert set(FLEET_TASKS) <= set(ours)
    for name in school_tasks():
        taken = signature(ours[name].run, follow_wrapped=False).parameters
        assert next(iter(taken), None) == "school", name
    for name in FLEET_TASKS:
        assert not signature(ours[name].run, follow_wrapped=False).parameters, name


@pytest.mark.parametrize("name", school_tasks())
def test_t07_a_message_without_an_open_school_is_refused(name, school_a, school_b):
    task = our_tasks()[name]
    assert isinstance(task.run(str(school_a.ref)), int)
    with in_control_plane():
        School.objects.filter(pk=school_b.pk).update(state=SchoolState.SUSPENDED)
    for message in (
        (),
        ("",),
        (None,),
        (17,),
        ([],),
        ("hillside",),
        ("public",),
        (school_a.schema_name,),
        (str(school_a.ref) + "'--",),
        (str(uuid4()),),
        (str(school_b.ref),),
    ):
        with CaptureQueriesContext(connection) as asked, pytest.raises(Reject):
            task.run(*message)
        tables = [one["sql"] for one in asked if "search_path" not in one["sql"]]
        assert all("FROM public.school_of(" in sql for sql in tables)


def test_t07_a_message_changed_to_another_school_runs_in_that_school_alone(school_a, school_b):
    assert where.run(str(school_a.ref)) == str(school_a.ref)
    with in_school(school_a):
        assert where.run(str(school_b.ref)) == str(school_b.ref)
        assert current_school().ref == school_a.ref


@pytest.mark.parametrize("state", [SchoolState.ONBOARDING, SchoolState.SUSPENDED])
def test_t07_a_school_that_is_not_open_has_no_work_done(state, school_a):
    assert where.run(str(school_a.ref))
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(state=state)
    with pytest.raises(Reject):
        where.run(str(school_a.ref))


def test_t07_a_task_leaves_no_school_behind(school_a):
    with in_control_plane():
        where.run(str(school_a.ref))
        with pytest.raises(NoSchool):
            current_school()


def test_t07_fleet_tasks_ring_for_open_schools_alone(school_a, school_b, monkeypatch):
    rung = []
    for name in school_tasks():
        task = our_tasks()[name]
        monkeypatch.setattr(task, "delay", lambda *args: rung.append(args))
        monkeypatch.setattr(task, "apply_async", lambda args, **_: rung.append(tuple(args)))
    with in_control_plane():
        School.objects.filter(pk=school_b.pk).update(state=SchoolState.SUSPENDED)
    assert our_tasks()["core.attachments.discard_everywhere"].run() == 1
    assert rung == [(str(school_a.ref),)]
    our_tasks()["core.outbox.sweep"].run()
    assert (str(school_b.ref),) not in rung


def our_commands():
    names = {config.name for config in apps.get_app_configs()}
    ours = {name for name in names if not name.startswith(_LIBRARIES)}
    return {name: owner for name, owner in get_commands().items() if owner in ours}


def school_commands():
    return sorted(set(our_commands()) - set(FLEET_COMMANDS))


def test_t21_every_command_is_a_schools_or_is_listed_with_its_reason():
    ours = our_commands()
    assert len(ours) >= 4
    assert set(FLEET_COMMANDS) | set(MAY_LOOK_AT_ALL) <= set(ours)
    for name in ours:
        parser = load_command_class(ours[name], name).create_parser("manage.py", name)
        takes_school = any("--school" in action.option_strings for action in parser._actions)
        assert takes_school is (name not in FLEET_COMMANDS), name


def complaint(name, *schools):
    """Run a command with something in everything that it insists on; return its refusal."""
    parser = load_command_class(our_commands()[name], name).create_parser("manage.py", name)
    line = []
    for action in parser._actions:
        if action.required and "--school" not in action.option_strings:
            line += [action.option_strings[0], "x"] if action.option_strings else ["x"]
    for school in schools:
        line += ["--school", school]
    try:
        call_command(name, *line, stdout=StringIO(), stderr=StringIO())
    except CommandError as refusal:
        return str(refusal)
    return ""


_NOT_ONE_OPEN_SCHOOL = ("which school", "no open school")


@pytest.mark.parametrize("name", school_commands())
def test_t21_a_command_without_one_open_school_refuses(name, school_a, school_b):
    with in_control_plane():
        School.objects.filter(pk=school_b.pk).update(state=SchoolState.SUSPENDED)
    said = complaint(name, school_a.slug)
    assert not any(words in said for words in _NOT_ONE_OPEN_SCHOOL)
    wrong = [["nowhere"], [""], ["public"], [school_a.schema_name], [school_b.slug]]
    if name not in MAY_LOOK_AT_ALL:
        wrong += [[], [school_a.slug, school_b.slug], [school_a.slug, school_a.slug]]
    for schools in wrong:
        said = complaint(name, *schools)
        assert any(words in said for words in _NOT_ONE_OPEN_SCHOOL), (schools, said)
