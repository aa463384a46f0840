"""What is typed stays what was typed: no parameter of any address reaches PostgreSQL as SQL."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.isolation.doors import ADMINISTER, PUBLIC, doors_of

pytestmark = pytest.mark.isolation

#: Ends a string, a name, a comment and a statement, in one; with what only ours could hold.
PAYLOAD = """zq'x"y`$$ \\') OR 1=1; SELECT pg_sleep(9)--/*%s%(a)s{0}"""
#: As it would stand in a statement that was put together instead of bound.
UNBOUND = "zq'x"
NAMES = (
    "page", "alerts", "assigned", "history", "list", "view", "next", "kind", "person", "student",
    "since", "until", "sort", "order", "query", "name", "ref", "about", "form", "text", "email",
)  # fmt: skip
#: Those that pages read; each is tried by itself too, in case one hides another.
READ = ("page", "alerts", "next", "kind", "person", "student", "since")
#: What their bodies are, where it is no form.
BODIES = {"suggest_students": "query", "suggest_staff": "query", "suggest_key_holders": "query"}


def fields_of(page):
    """Return the fields of the forms on a page."""
    found = re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page)
    return list(dict.fromkeys(found))


def visitor_at(door):
    if door.kind == PUBLIC:
        return "anonymous"
    return "administrator" if door.kind == ADMINISTER else "key holder"


@pytest.mark.parametrize("payload", [PAYLOAD, "zq'x\x00", "zq'x" + "9" * 4000])
def test_t12_no_parameter_is_taken_for_sql(payload, world, undone):
    tried = 0
    for door in doors_of("school"):
        # A browser of its own for each: some of these addresses end sessions.
        client, path = world.client(visitor_at(door)), door.path(world)
        with undone():
            shown = client.get(path)
        is_page = "text/html" in shown.get("Content-Type", "")
        fields = fields_of(shown.text if is_page and shown.status_code == 200 else "")
        with CaptureQueriesContext(connection) as asked:
            for send, names in ((client.get, NAMES), (client.post, fields or NAMES)):
                one_by_one = [one for one in names if one in READ or one in fields]
                if payload != PAYLOAD or shown.status_code != 200:
                    one_by_one = []
                for some in (names, *([name] for name in one_by_one)):
                    with undone():
                        sent = dict.fromkeys(some, payload)
                        assert send(path, sent).status_code < 500, (door, sent)
                    tried += 1
            if door.name in BODIES:
                body = json.dumps({BODIES[door.name]: payload})
                with undone():
                    found = client.post(path, body, content_type="application/json")
                assert found.status_code in {200, 400}, door
        # Bound, the quote is doubled; the statement that Django shows has the values in it.
        assert not [one["sql"] for one in asked if UNBOUND in one["sql"].replace("''", "")], door
    assert tried > (300 if payload == PAYLOAD else 100)


@pytest.mark.parametrize("path", ["/incidents/{}/", "/students/{}/", "/files/{}/"])
def test_t12_an_address_takes_references_and_nothing_else(path, world):
    client = world.client("key holder")
    for part in (
        "1",
        "1'",
        "%27%20OR%201=1--",
        "../login",
        "00000000-0000-0000-0000-000000000000'",
    ):
        assert client.get(path.format(part)).status_code == 404
