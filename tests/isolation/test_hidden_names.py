"""With names hidden, no answer of any address holds a student's name.

Every address of a school is asked, as found in the URLconf: a new one joins by itself.
"""

import json
import re
import unicodedata
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attachments import services as attachments
from core.identifiers import uuid7
from core.tenancy import in_school
from safeguarding.models import Incident
from safeguarding.services import drafts
from safeguarding.services.drafts import Typed
from safeguarding.services.incidents import Link
from safeguarding.terms import DraftForm
from schools.models import Student
from tests.factories import make_action, make_incident, make_student
from tests.isolation.doors import doors_of
from tests.isolation.test_on_record import ACCOUNT_PAGES
from tests.support.tickets import make_ticket
from ui import names
from ui.everyday_words import EVERYDAY_WORDS
from ui.hidden_names import COOKIE, names_hidden
from ui.names import STARS
from ui.names_in_text import StudentNames, folded

pytestmark = pytest.mark.isolation

VISITORS = ("staff", "key holder", "administrator")
#: Names that are words too, and stand on no page otherwise.
WORDS = ("Tirion", "Heulwen", "Buttercup", "Savage", "Gwawr", "Goodluck")

#: Accents, apostrophes, double-barrelled, everyday words, HTML's own letters, and a namesake.
STUDENTS = [
    {"given_name": "Zoëxabq", "preferred_given_name": "", "family_name": "O'Xqdegh"},
    {"given_name": "Tirion", "preferred_given_name": "", "family_name": "Xqvark-Xqbolt"},
    {"given_name": "Xqli Xqnagh", "preferred_given_name": "Xqlina", "family_name": "van Xqdyke"},
    {"given_name": "<b>Xqrob</b>", "preferred_given_name": "", "family_name": "Xqjones & Xqsons"},
    {"given_name": "Xqwill", "preferred_given_name": "Goodluck", "family_name": "Savage"},
    {"given_name": "Zoëxabq", "preferred_given_name": "", "family_name": "O'Xqdegh"},
]

_core = st.text("bdfgjkqvwxz", min_size=4, max_size=7).map(lambda core: f"X{core}q")
_name = st.one_of(
    _core,
    _core.map(lambda core: f"Zoë{core}"),
    _core.map(lambda core: f"O'{core}"),
    _core.map(lambda core: f"D\N{RIGHT SINGLE QUOTATION MARK}{core}"),
    _core.map(lambda core: f"<b>{core}&{core}"),
    _core.map(lambda core: f'{core} "{core}v"'),
    st.tuples(_core, _core).map("-".join),
    st.tuples(_core, _core).map(" ".join),
)
_student = st.fixed_dictionaries(
    {
        "given_name": _name | st.sampled_from(WORDS),
        "preferred_given_name": st.just("") | _name,
        "family_name": _name | st.sampled_from(WORDS),
    }
)


def ways(student):
    """Return how people write a student's name."""
    first, last = student["preferred_given_name"] or student["given_name"], student["family_name"]
    whole = f"{student['given_name']} {last}"
    alone = [name for name in student.values() if name]
    written = [
        *(whole, whole.upper(), whole.lower(), f"{first} {last}'s", f"{last}, {first}"),
        *(f"{first}\n {last}", f"{first}\N{NO-BREAK SPACE}{last}’s", *alone),
        *(f"{name}’s" for name in alone),
    ]
    plain = [name for name in alone if name not in WORDS]
    written += [name.upper() for name in plain] + [name.lower() for name in plain]
    written += [unicodedata.normalize("NFD", name) for name in plain]
    written += [name.replace("-", "\N{NON-BREAKING HYPHEN}").replace("'", "’") for name in plain]
    return written


def text_about(students):
    return "; then ".join(f"({way})" for one in students for way in ways(one))


def filename_of(student):
    first, last = student["given_name"], student["family_name"]
    return f"{first}_{last} 2 {last.lower() if last not in WORDS else last}-photo.txt"


def names_within(said, students):
    """Return the names that an answer holds, in any capitals and with or without accents."""
    plain = folded(said)
    found = []
    for name in {name for one in students for name in one.values() if name}:
        for word in {name, *(w for w in re.split(r"[\s\"<>&b/-]+", name) if len(w) > 5)}:
            text, sought = (said, word) if word in WORDS else (plain, folded(word))
            if re.search(rf"(?<![^\W\d_]){re.escape(sought)}(?![^\W\d_])", text):
                found.append(word)
    return found


def said_by(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "json" in answer.headers.get("Content-Type", "") and body:
        body = json.dumps(json.loads(body), ensure_ascii=False).encode()
    headers = unquote(str(dict(answer.headers)) + answer.cookies.output())
    return unescape(f"{headers} {unquote(body.decode(errors='replace'))}")


def fill(world, students):
    """Give the world's rows, and new ones, texts that name the students in many ways."""
    people, text = world.people, text_about(students)
    Student.objects.filter(pk=world.student.pk).update(**students[0])
    rows = [Student.objects.get(pk=world.student.pk), *(make_student(**s) for s in students[1:])]
    Incident.objects.filter(pk=world.incident.pk).update(text=f"First {ways(students[0])[0]}.")
    files = [
        attachments.seal(actor=people["staff"], filename=filename_of(s), chunks=[b"Quiet.\n"])
        for s in students
    ]
    incident = make_incident(
        people["staff"],
        student=rows[0],
        text=text,
        links=[Link(student=row, is_monitored=True, shares_documents=True) for row in rows[1:]],
        agencies=[f"{ways(s)[0]} trust"[:120] for s in students],
        files=[files[0].ref, files[1].ref],
        recipients=[people[one] for one in VISITORS],
        categories=[world.category],
    )
    Incident.objects.filter(pk=incident.pk).update(text=f"{text}, corrected")
    action = make_action(
        people["staff"], incident, text=text, on_linked_students=True, files=[files[2].ref]
    )
    make_action(people["key holder"], world.incident, text=ways(students[0])[3])
    world.refs |= {"incidents/": incident.ref, "actions/": action.ref, "files/": files[0].ref}
    world.staged = files[3]
    ticket = make_ticket(
        people["staff"], subject=ways(students[0])[0], text=text, anyway_because="So."
    )
    world.refs |= {"support/tickets/": ticket.ref}
    typed = {
        "topic": ["students"],
        "subject": [ways(students[2])[0]],
        "telephone": [students[1]["given_name"]],
        "words": [ways(students[3])[0]],
        "reason": [ways(students[4])[0]],
        "student": [str(rows[0].ref)],
        "linked": [str(row.ref) for row in rows[1:]],
        "text": [text],
        "agencies": [ways(students[1])[0]],
        "files": [str(world.staged.ref)],
    }
    for one in ("staff", "key holder"):
        for form, about in ((DraftForm.INCIDENT, None), (DraftForm.ACTION, incident.ref)):
            kept = Typed(form=form, submission=uuid7(), about=about, fields=typed)
            drafts.keep_draft(actor=people[one], author=people[one].staff_ref, typed=kept)
    return typed


def hidden_client(world, visitor):
    client = world.client(visitor)
    client.cookies[COOKIE] = "1"
    return client


def asks(door, path, client, typed):
    """Yield what an address answers to what is sent there."""
    if door.name in ACCOUNT_PAGES:
        # They say an address again in where they lead, and hold no form about a student.
        yield client.get(path)
        return
    typed_in = f"list=1&person={STUDENTS[0]['given_name']}&since={STUDENTS[1]['given_name']}"
    first = client.get(f"{path}?{typed_in}")
    yield first
    if first.status_code == 403:
        return
    refused = SimpleUploadedFile(f"{STUDENTS[0]['given_name']}.exe", b"MZ" + b"\0" * 64)
    said = {"status": STUDENTS[0]["family_name"]}
    if door.name == "students":
        said["name"] = STUDENTS[1]["family_name"]
    yield client.post(path, {**typed, **said, "new_files": refused})
    if door.name in {"contact_support", "answer_ticket"}:
        sent = {**typed, "submission": str(uuid7()), "telephone": "", "offered": "1"}
        yield client.post(path, {name: said for name, said in sent.items() if name != "files"})
    if door.name in {"add_incident", "add_action", "incident", "audit", "audit_export"}:
        yield client.get(path)
        yield client.post(path, {**typed, "names": "hide"})
    if door.name.startswith("suggest_"):
        for student in STUDENTS[:4]:
            query = json.dumps({"query": student["family_name"]})
            yield client.post(path, query, content_type="application/json")
    if door.name == "upload_file":
        name = f"attachment; filename={STUDENTS[1]['given_name']}_Xqvark.txt"
        headers = {"Content-Disposition": name}
        yield client.put(path, b"Quiet words.\n", content_type="text/plain", headers=headers)


def test_g7_01_with_names_hidden_no_answer_of_any_address_holds_a_students_name(twins, undone):
    world, _ = twins
    with in_school(world.school):
        typed = fill(world, STUDENTS)
    page = world.client("key holder").get(f"/incidents/{world.refs['incidents/']}/")
    everything = {name for one in STUDENTS for name in one.values() if name}
    assert everything <= set(names_within(said_by(page), STUDENTS))
    leaks, starred = [], set()
    for visitor in VISITORS:
        client = hidden_client(world, visitor)
        for door in doors_of("school"):
            if door.name == "account_logout":
                continue
            with undone():
                for answer in asks(door, door.path(world), client, typed):
                    said = said_by(answer)
                    leaks += [(str(door), visitor, w) for w in names_within(said, STUDENTS)]
                    if STARS in said:
                        starred.add(door.name)
    assert leaks == []
    assert starred >= {
        "dashboard", "incidents", "incident", "add_incident", "add_action", "file", "students",
        "student", "audit", "audit_export", "suggest_students", "upload_file", "contact_support",
        "tickets", "ticket", "answer_ticket",
    }  # fmt: skip


@given(_student, st.lists(_student, max_size=2))
@settings(max_examples=60, deadline=None)
def test_g7_01_no_text_or_file_name_keeps_a_linked_students_name(student, others):
    known = [StudentNames(ref=str(n), **one) for n, one in enumerate([student, *others])]
    text, name = text_about([student, *others]), filename_of(student)
    assert names.record_text(text, known) == text
    assert names.file_name(name, known) == name
    with names_hidden():
        assert names_within(unescape(names.record_html(text, known)), [student, *others]) == []
        assert names_within(names.record_text(text, known), [student, *others]) == []
        assert names_within(names.file_name(name, known), [student]) == []


def test_g7_01_every_page_that_offers_the_button_can_be_come_back_to(twins, undone):
    world, _ = twins
    found = 0
    for visitor in VISITORS:
        client = world.client(visitor)
        for door in doors_of("school"):
            if door.name == "account_logout":
                continue
            for method in ("GET", "POST"):
                with undone():
                    answer = client.generic(method, door.path(world))
                    if answer.streaming or 'action="/names/"' not in answer.text:
                        continue
                    back = re.search(r'name="next" value="([^"]*)"', answer.text).group(1)
                    found += 1
                    again = client.get(unescape(back))
                    assert again.status_code in (200, 302), (str(door), method, back)
    assert found > 12


def test_the_words_that_are_names_are_known_to_be_words():
    assert {folded(word) for word in WORDS} <= EVERYDAY_WORDS
