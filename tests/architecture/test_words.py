"""What leaves the database (events, tasks, logs, the record) holds references and no words."""

import ast
from dataclasses import fields
from inspect import signature
from typing import get_type_hints
from uuid import UUID

import pytest

from core.outbox.events import Event
from core.outbox.registry import _registrations
from tests.architecture.sources import nodes
from tests.isolation.test_tasks_and_commands import our_tasks

pytestmark = pytest.mark.architecture

#: Attributes whose value somebody typed, or that name somebody.
TYPED = {
    "text", "name", "display_name", "given_name", "family_name", "preferred_given_name", "filename",
    "email", "upn", "born_on", "class_name", "subject", "body", "POST", "GET", "cleaned_data", "data",
}  # fmt: skip
#: References that go by what they refer to.
REFERENCES = {"ref", "staff", "incident", "action", "alert", "school"}


def events(base=Event):
    return [one for child in base.__subclasses__() for one in (child, *events(child))]


def ours():
    return [event for event in events() if not event.__module__.startswith("tests.")]


def test_an_event_holds_references_and_numbers():
    assert len(ours()) >= 3
    for event in ours():
        types = get_type_hints(event)
        for field in fields(event):
            assert types[field.name] in (UUID, int), (event, field.name)
            assert field.name in REFERENCES or field.name.endswith("_ref"), (event, field.name)


def test_every_event_is_handled_and_has_a_name_of_its_own():
    kinds = [event.kind for event in ours()]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= set(_registrations)


def test_a_task_takes_references_and_numbers():
    for name, task in our_tasks().items():
        taken = signature(task.run).parameters.values()
        assert all(one.annotation in (UUID, int, str) for one in taken), name
        assert all(one.name in REFERENCES or one.name.endswith("_ref") for one in taken), name


def _words_in(value):
    return [
        inner.attr
        for inner in ast.walk(value)
        if isinstance(inner, ast.Attribute) and inner.attr in TYPED
    ]


def calls(*ends):
    found = [(module, call) for module, call in nodes(ast.Call)]
    return [(m, c) for m, c in found if ast.unparse(c.func).endswith(ends)]


def test_the_record_is_given_references_and_counts():
    recorded = calls("audit.record")
    assert len(recorded) > 15
    for module, call in recorded:
        verb = call.args[1]
        assert isinstance(verb, (ast.Constant, ast.Name)), (module, call.lineno)
        for fact in call.keywords:
            assert _words_in(fact.value) == [], (module, call.lineno)


def test_a_log_line_is_a_fixed_word_with_references():
    logged = [
        (module, call)
        for level in ("debug", "info", "warning", "error", "exception", "critical")
        for module, call in calls(f"log.{level}", f"logger.{level}")
    ]
    assert len(logged) > 10
    for module, call in logged:
        assert isinstance(call.args[0], ast.Constant), (module, call.lineno)
        assert len(call.args) == 1, (module, call.lineno)
        for fact in call.keywords:
            assert _words_in(fact.value) == [], (module, call.lineno)


#: Exceptions that go back to whoever typed what they quote, and into no log.
_ANSWERS = ("ValidationError", "CommandError")


def test_no_exception_quotes_what_somebody_wrote():
    raised = [(m, node.exc) for m, node in nodes(ast.Raise) if isinstance(node.exc, ast.Call)]
    assert len(raised) > 30
    for module, error in raised:
        if not ast.unparse(error.func).endswith(_ANSWERS):
            quoted = [part for part in ast.walk(error) if isinstance(part, ast.FormattedValue)]
            words = [word for part in quoted for word in _words_in(part)]
            assert words == [], (module, error.lineno)


def test_nothing_is_printed():
    assert [(m, c.lineno) for m, c in calls("print") if ast.unparse(c.func) == "print"] == []
