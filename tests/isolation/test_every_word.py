"""Every word on every page is in the catalogue: what nobody marked, or nobody listed, is red here.

The pages are asked for in a language in which each marked string stands in ⟦ ⟧. Whatever else has
letters must be what people typed, or a moment.
"""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils.translation import trans_real

from core.accounts.models import User
from core.tenancy import in_school
from infra import messages
from schools.models import AccessGroup, Agency, AlertGroup, Category, SchoolMap, Staff, Student
from support.models import SupportAccess
from tests.isolation.doors import doors_of
from tests.isolation.world import incident_form

pytestmark = pytest.mark.isolation

#: Attributes that are read out or shown.
SPOKEN = {"aria-label", "alt", "title", "placeholder", "data-busy", "data-placeholder"}
SILENT = {"script", "style", "time", "code"}
INLINE = {"span", "strong", "a", "br", "svg", "path"}
#: What is the same in every language, and why.
NAMES = (
    "CPOMS", "Welsh", "Cymraeg", "English",  # names of themselves
    "Greenwood Primary School", "Quillfeather",
    "Safeguarding", "your-school.localhost",
    "KB", "MB", "UTC",
)  # fmt: skip
#: Answers that are no pages: a file, and what machines ask.
NO_PAGES = {"healthz", "readyz", "file", "audit_export", "upload_file", "page_printed"}
#: Visited last, since it ends the visit.
LAST = {"account_logout", "end_session", "end_other_sessions"}


class Words(HTMLParser):
    """Collects what a page says, a paragraph, heading, cell or button at a time."""

    def __init__(self):
        super().__init__()
        self._said, self._silent, self._text = [], [], ""

    @property
    def said(self):
        self._end()
        return self._said

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self._silent.append(tag)
        elif tag not in INLINE:
            self._end()
        for name, value in attrs:
            is_spoken = name in SPOKEN or name.startswith(("data-say-", "data-i18n."))
            if value and is_spoken and not self._silent:
                self._said.append(value)

    def handle_endtag(self, tag):
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        elif tag not in INLINE:
            self._end()

    def handle_data(self, data):
        if not self._silent:
            self._text += data

    def _end(self):
        if self._text.strip():
            self._said.append(self._text.strip())
        self._text = ""


@pytest.fixture
def marked(tmp_path, settings):
    """A language in which every marked string is wrapped."""
    wrapped = messages.extracted()
    for one in [one for one in wrapped if one.id]:
        forms = [one.id] if isinstance(one.id, str) else [one.id[0], one.id[1]]
        forms = [f"⟦{words}⟧" for words in forms]
        one.string = forms[0] if isinstance(one.id, str) else tuple(forms)
    messages.compile_one(wrapped, tmp_path / "cy" / "LC_MESSAGES" / "django.mo")
    before = settings.LOCALE_PATHS
    settings.LOCALE_PATHS = [tmp_path]
    _forget_translations()
    yield
    settings.LOCALE_PATHS = before
    _forget_translations()


def _forget_translations():
    trans_real._translations = {}
    trans_real._default = None


@pytest.fixture
def typed(world):
    """What people typed or named, longest first."""
    with in_school(world.school):
        said = {world.school.name, "What was said", world.file.filename}
        for rows in (Category, AlertGroup, AccessGroup, Agency, SchoolMap):
            said |= set(rows.objects.values_list("name", flat=True))
        for one in [*Staff.objects.all(), *Student.objects.all()]:
            said |= {one.display_name, one.given_name, one.family_name}
        said |= {
            word
            for row in SupportAccess.objects.values_list("agent_name", "purpose")
            for word in row
        }
        said |= set(Student.objects.values_list("class_name", flat=True))
        said |= set(User.objects.values_list("email", flat=True))
        said |= {f"What {world.mark} said.", f"Telephoned {world.mark}.", f"{world.mark} draft"}
    return sorted(filter(None, {*said, *NAMES}), key=len, reverse=True)


def unmarked(html, typed):
    """Return what a page says that is neither marked nor typed by people."""
    words = Words()
    words.feed(html)
    found = []
    for said in words.said:
        left = said
        while "⟦" in left and left != (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", left)):
            left = shorter
        for one in typed:
            left = left.replace(one, "")
        if re.search(r"[^\W\d_]{2,}", left):
            found.append(said)
    return found


def ask(client, path, **sent):
    if sent:
        return client.post(path, sent, HTTP_ACCEPT_LANGUAGE="cy")
    return client.get(path, HTTP_ACCEPT_LANGUAGE="cy")


def pages(world, visitor):
    """Every page of the school's face, as one visitor gets it, asked for and sent empty."""
    client = world.client(visitor)
    client.raise_request_exception = True
    doors = [one for one in doors_of("school") if one.name not in NO_PAGES]
    for door in sorted(doors, key=lambda one: (one.name in LAST, one.route)):
        path = door.path(world)
        yield f"GET {door}", ask(client, path)
        if door.name not in LAST | {"choose_language"}:
            yield f"POST {door}", ask(client, path, nothing="")


def judged(answers, typed):
    wrong, seen = {}, 0
    for name, answer in answers:
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            seen += 1
            if found := unmarked(answer.content.decode(), typed):
                wrong[name] = found
    return wrong, seen


VISITORS = ("anonymous", "staff", "key holder", "administrator", "key holder without key")


def test_every_word_of_every_page_is_in_the_catalogue(world, marked, typed):
    for visitor in VISITORS:
        wrong, seen = judged(pages(world, visitor), typed)
        assert seen > 5, visitor
        assert wrong == {}, visitor


def test_every_word_that_a_form_refuses_with_is_in_the_catalogue(world, marked, typed):
    client, admin = world.client("key holder"), world.client("administrator")
    long, ref = "x" * 300, str(world.incident.ref)
    category, group = (
        world.refs[f"administration/{one}/"] for one in ("categories", "alert-groups")
    )
    sent = [
        (client, "/incidents/add/", incident_form(world, categories=["?"], student=ref, status="?",
            occurred_at_0="2026-13-01", occurred_at_1="25:00", assignee=ref, linked=[ref], recipients=[ref], agencies=long)),
        (client, "/incidents/add/", incident_form(world, is_whole_school="on", text=" ", occurred_at_0="2126-01-01", files=[ref])),
        (client, "/incidents/add/", incident_form(world, student="", occurred_at_0="2026-03-29", occurred_at_1="01:30", recipients=["?"])),
        (client, f"/incidents/{ref}/actions/", {"text": "", "occurred_at_0": "", "submission": "?"}),
        (client, f"/incidents/{ref}/case/", {"status": "?", "assignee": ref}),
        (client, "/students/", {"name": long}),
        (client, "/students/", {"name": "Nobody at all"}),
        (admin, "/administration/staff/add/", {"given_name": long, "family_name": "a\tb", "email": "a", "access_group": "?"}),
        (admin, "/administration/categories/", {"name": long}),
        (admin, "/administration/categories/", {"name": f"{world.mark} matters"}),
        (admin, f"/administration/categories/{category}/sub-categories/", {"sub-name": ""}),
        (admin, f"/administration/alert-groups/{group}/", {"name": "", "members": [ref]}),
        (world.client(), "/login/", {"login": "nobody@trust.example", "password": "wrong"}),
        (world.client(), "/login/", {"login": "nobody", "password": ""}),
        (world.client(), "/login/link/", {"email": "nobody"}),
    ]  # fmt: skip
    answers = [(f"{path} {data}", ask(who, path, **data)) for who, path, data in sent]
    wrong, seen = judged(answers, typed)
    assert wrong == {}
    assert [(path, one.status_code) for path, one in answers if one.status_code != 200] == []
    assert seen == len(sent)


PASSWORDS = (
    *("short", "password1234", "aaaaaaaaaaaa", "qwertyuiop", "abcdefghijkl", "1987-05-12"),
    *("staff@trust.example", "Password1", "drowssap12", "p@ssw0rd12", "greenwood1"),
)


def test_every_reason_against_a_password_is_in_the_catalogue(world, marked, typed):
    client, path = world.client(), world.link("staff")
    path = ask(client, path).headers.get("Location", path)
    for password in PASSWORDS:
        for again in (password, f"{password}x"):
            answer = ask(client, path, new_password1=password, new_password2=again)
            assert judged([(password, answer)], typed) == ({}, 1)


def test_pages_before_the_school_is_known_are_in_the_catalogue(marked, typed):
    welcome = ask(Client(HTTP_HOST="localhost"), "/")
    unknown = ask(Client(HTTP_HOST="nowhere.localhost"), "/")
    wrong, _ = judged([("welcome", welcome), ("unknown", unknown)], typed)
    assert wrong == {}
    assert (welcome.status_code, unknown.status_code) == (200, 404)


def test_the_judge_sees_what_is_not_marked():
    page = "<title>⟦Add⟧ – Greenwood</title><p>⟦Reset ⟦Anna⟧’s key⟧</p><b aria-label='Main'>⟦x⟧</b>"
    assert unmarked(page, ["Greenwood"]) == ["Main"]
    assert unmarked("<p>⟦Save⟧ now</p><p>7 · 3</p>", []) == ["⟦Save⟧ now"]
