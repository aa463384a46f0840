"""Nothing is written without its entry: every service that writes says so on the record."""

import ast
import re
from functools import cache

import pytest

from safeguarding.terms import DEEDS, ROW_VERBS, DeedKind, verbs_of, words_of
from tests.architecture.sources import files, module_of, nodes, tree_of

pytestmark = pytest.mark.architecture

#: Modules whose functions write without an entry, and why.
NO_ENTRIES_IN = {
    "core.outbox.services": "an event is part of the change that it tells of, and a delivery is"
    " taken down on the alert",
    "tenants.services.walls": "roles and what they may do; no row of anybody's",
    "tenants.services.blueprints": "schemas that are no school's",
    "tenants.services.pool": "likewise",
    "tenants.services.fleet": "migrations, which have a table of what ran, and change no row",
    "tenants.services.migrating": "likewise",
    "tenants.services.provisioning": "a school that is only being made; the control plane's rows",
}
#: Functions that write without an entry of their own, and why.
NO_ENTRY = {
    "core.attachments.services.discard_orphans": "files that were never on a record",
    "core.accounts.services.password_links.request_password_link": (
        "the same work for an address that is known and one that is not; nothing of anybody changes"
    ),
    "core.accounts.services.password_links.append_link_request": "likewise",
    "core.accounts.services.sessions.move_session": "the same session, under a new key",
    "schools.services.keys.reset_key": "the accounts' service of the same name does",
    "schools.services.keys.reset_key_for_ops": "likewise",
    "tenants.services.keys._locked": "a lock, no row",
    "tenants.services.onboardings.note_step": "who asked for the school is on record",
    "tenants.services.onboardings.note_failure": "likewise",
    "schools.services.staff.add_staff": "what adds and invites is on record",
    "core.accounts.services.password_links.new_password_link": "a counter; no access is given yet",
    "safeguarding.services.deliveries.note_emailed": "the worker's word on an alert's delivery",
    "safeguarding.services.deliveries.note_refusal": "likewise",
    "schools.services.onboarding._one_at_a_time": "a lock, no row",
}

_WRITES = {
    "create", "bulk_create", "bulk_update", "update", "update_or_create", "get_or_create", "save",
    "delete", "set", "add", "remove", "execute", "create_user",
}  # fmt: skip


def services():
    """Return every function of every service, by its full name."""
    found = {}
    for path in files(".py"):
        module = module_of(path)
        if ".services" in module:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.FunctionDef):
                    found[f"{module}.{node.name}"] = node
    return found


@cache
def called(function):
    """Return the last names of what a function calls, or hands on to be called."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(function)
        if isinstance(node, (ast.Attribute, ast.Name))
    }


@cache
def records(function):
    return any(
        ast.unparse(node.func) in {"audit.record", "record"}
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    )


@cache
def writes(function):
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    written = any(isinstance(c.func, ast.Attribute) and c.func.attr in _WRITES for c in calls)
    return written or "transaction.atomic" in ast.unparse(function)


def on_record(found):
    """Return the functions whose writing is on record: by themselves, by what they call of their
    own module, or by everything that calls them."""
    recording = {name for name, function in found.items() if records(function)}
    grows = True
    while grows:
        more = {
            name
            for name, function in found.items()
            if name not in recording
            and any(f"{name.rpartition('.')[0]}.{one}" in recording for one in called(function))
        }
        recording |= more
        grows = bool(more)
    covered = set(recording)
    grows = True
    while grows:
        more = set()
        for name in set(found) - covered:
            callers = [
                other
                for other, function in found.items()
                if other != name and name.rpartition(".")[2] in called(function)
            ]
            if callers and all(other in covered for other in callers):
                more.add(name)
        covered |= more
        grows = bool(more)
    return covered


def test_every_service_that_writes_records_or_says_why_not():
    found = services()
    writing = {name for name, function in found.items() if writes(function)}
    assert len(writing) > 30
    silent = writing - on_record(found)
    assert {name.rpartition(".")[0] for name in silent} >= set(NO_ENTRIES_IN)
    assert {one for one in silent if one.rpartition(".")[0] not in NO_ENTRIES_IN} == set(NO_ENTRY)


def test_the_rule_sees_a_call_that_was_taken_away():
    source = "@transaction.atomic\ndef close(actor):\n    row.save()\n    {}"
    for kept, line in ((True, "audit.record(actor, 'x.closed')"), (False, "pass")):
        (function,) = ast.parse(source.format(line)).body
        assert writes(function)
        assert ("a.services.close" in on_record({"a.services.close": function})) is kept


def verbs_in_use():
    """Return every verb that our sources hand to a school's record."""
    recording = {
        module
        for module, call in nodes(ast.Call)
        if ast.unparse(call.func) in {"audit.record", "record"}
        # What the control plane records, no school's page shows.
        and not module.startswith(("tenants.", "helpdesk."))
    }
    return {
        node.value
        for module, node in nodes(ast.Constant)
        if module in recording
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+(ed|ght_back|wn|ept|ead|gan|made|lost|eset)", node.value)
    }


def test_every_verb_in_use_is_in_plain_words():
    used = verbs_in_use()
    assert {"incident.viewed", "draft.kept", "category.brought_back", "alert.read"} <= used
    assert used - set(DEEDS) == set()


def test_every_call_that_names_its_verb_is_seen_by_the_rule_above():
    named = {
        call.args[1].value
        for module, call in nodes(ast.Call)
        if ast.unparse(call.func) in {"audit.record", "record"}
        and not module.startswith(("tenants.", "helpdesk."))
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
    }
    assert len(named) > 20
    assert named <= verbs_in_use()


def test_every_verb_is_of_one_kind_and_reads_as_a_sentence():
    assert {verb for kind in DeedKind for verb in verbs_of(kind)} == set(DEEDS)
    for verb, deed in DEEDS.items():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", verb)
        assert f"Anna Cohen {deed.words}.".count(".") == 1
        assert deed.words[0].islower()
    assert not ROW_VERBS & set(DEEDS)
    assert words_of("case.summed_up") == "case summed up"
