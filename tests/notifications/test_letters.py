"""How each email looks to a mail program, and in whose language it speaks (acceptance G3.1)."""

import re
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from email.utils import parseaddr
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.core import mail

from core import clock
from core.accounts.models import User
from core.accounts.selectors import KeyResetNotice
from core.accounts.services.password_links import request_password_link
from core.outbox import services as outbox
from notifications.channels.email import letters
from safeguarding.services.deliveries import Notice
from support.selectors.notices import TicketNotice
from tests.factories import make_incident, make_staff, make_student, staff_row

TICKETS = {
    "ticket_received": letters.ticket_received,
    "ticket_reply": letters.ticket_reply,
    "ticket_completed": letters.ticket_completed,
}
LETTERS = ("alert", "action", "assignment", "password_link", "key_reset", *TICKETS)


def letter(kind, language="", **facts):
    ref = uuid4()
    if kind == "password_link":
        path = f"/login/link/{ref}/token/"
        return letters.password_link(
            recipient="a@school.example", path=path, outbox_ref=ref, language=language
        )
    if kind == "key_reset":
        notice = KeyResetNotice(
            recipient="a@school.example", language=language, is_active=True, helper_id=1,
            reset_at=clock.now(), open_until=clock.now() + timedelta(hours=24),
        )  # fmt: skip
        return letters.key_reset(notice, helper=facts.get("creator", "Anna Cohen"), outbox_ref=ref)
    if kind in TICKETS:
        notice = TicketNotice(
            recipient="a@school.example", language=language, is_registered=True,
            number="T-000123", promised_at=clock.now(), is_question=True,
            reopen_until=clock.now() + timedelta(days=14),
            link=f"http://greenwood.localhost/login/?next=/support/tickets/{ref}/",
        )  # fmt: skip
        return TICKETS[kind](notice, ref)
    notice = Notice(
        recipient="a@school.example", language=language, is_registered=True,
        creator=facts.get("creator", "Anna Cohen"), categories=("Medical", "SEND"),
        word="action" if kind == "action" else "incident",
        link=f"http://greenwood.localhost/login/?next=/incidents/{ref}/",
    )  # fmt: skip
    write = letters.assignment if kind == "assignment" else letters.alert
    return write(notice, ref)


def parsed(message):
    return BytesParser(policy=policy.default).parsebytes(message.message().as_bytes())


class Html(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


def html_of(message):
    return Html(parsed(message).get_body(("html",)).get_content())


@pytest.fixture(autouse=True)
def _at_a_school(in_school_a):
    pass


@pytest.mark.parametrize("language", ["", "cy"])
@pytest.mark.parametrize("kind", LETTERS)
def test_g3_01_email_is_readable_as_text_and_as_html_and_both_say_the_same(kind, language):
    message = parsed(letter(kind, language))
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    plain, page = text.get_content(), Html(html.get_content())
    said = " ".join(page.words.split())
    for line in filter(None, plain.splitlines()[:-1]):
        assert line.strip() in said
    [link] = re.findall(r"http://\S+", plain)
    assert [one["href"] for one in page.all("a")] == [link, link]
    assert link in page.words  # for whoever cannot press it


@pytest.mark.parametrize("kind", LETTERS)
def test_email_comes_from_the_school_through_the_platforms_own_address(kind, settings):
    message = parsed(letter(kind))
    name, address = parseaddr(message["From"])
    assert name == "Greenwood Primary School via Safeguarding"
    assert address == parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    assert message["Reply-To"] is None
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f-]{36}@localhost>", message["Message-ID"])


@pytest.mark.parametrize(
    "school",
    ["Ysgol Tŷ’r Felin", 'St Mary\'s, "The Grove"', "A <x@evil.example>", "One\r\nBcc: x@evil.example"],
)  # fmt: skip
def test_t41_no_schools_name_can_be_another_sender_or_header(
    school_a, school, settings, monkeypatch
):
    monkeypatch.setattr(school_a, "name", school)
    message = parsed(letter("alert"))
    [sender] = message["From"].addresses
    assert sender.addr_spec == parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    assert sender.display_name == f"{' '.join(school.split())} via Safeguarding"
    assert message["Bcc"] is None


@pytest.mark.parametrize("language", ["", "cy"])
@pytest.mark.parametrize("kind", LETTERS)
def test_html_needs_no_images_styles_or_scripts_and_a_screen_reader_finds_its_way(kind, language):
    page = html_of(letter(kind, language))
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "body", "table", "tr", "td", "h1", "p", "a", "br", "strong"),
    }  # fmt: skip
    assert page.all("html")[0]["lang"] == page.all("table")[0]["lang"] == (language or "en-gb")
    assert len(page.all("h1")) == len(page.all("title")) == 1
    assert all(table["role"] == "presentation" for table in page.all("table"))
    assert {"name": "color-scheme", "content": "light dark"} in page.all("meta")
    styles = " ".join(attrs.get("style") or "" for _, attrs in page.tags)
    assert "url(" not in styles
    # A ground of its own only where the words on it have a colour of their own: dark mode.
    for _, attrs in page.tags:
        style = attrs.get("style") or ""
        assert ("background" in style) == ("color: #ffffff" in style or "bgcolor" in attrs)


def test_g3_01_everyone_is_written_to_in_the_language_they_chose(dsl):
    anna = make_staff(given_name="Anna", family_name="Cohen")
    reader = make_staff("welsh", email="gwen@school.example")
    User.objects.filter(pk=reader.user_id).update(language="cy")
    make_incident(anna, student=make_student("Maddy", "Nkemelu"), recipients=[dsl, reader])
    request_password_link(email="gwen@school.example")
    outbox.act_on_all()
    by = {(one.to[0], one.message()["Content-Language"]): one for one in mail.outbox}
    english = by[staff_row(dsl).user.email, "en-gb"]
    assert english.subject == "Alert from Anna Cohen: Medical"
    subjects = sorted(one.subject for one in mail.outbox if one.to == ["gwen@school.example"])
    assert subjects == [
        "Eich cyfrinair ar gyfer Greenwood Primary School",
        "Rhybudd gan Anna Cohen: Medical",
    ]
    for one in mail.outbox:
        everything = parsed(one).as_string() + one.body + html_of(one).words
        assert "Maddy" not in everything
        assert "Nkemelu" not in everything


def test_welsh_emails_are_welsh_to_the_day_of_the_week(time_machine):
    time_machine.move_to("2026-07-06T09:00:00+01:00", tick=False)
    message = letter("key_reset", "cy", creator="")
    assert message.subject == "Ailosodwyd eich allwedd ar gyfer Greenwood Primary School"
    assert (
        "gan y bobl sy'n rhedeg y platfform hwn (Dydd Llun 6 Gorffennaf 2026, 09:00)."
        in message.body
    )
    assert "cyn 09:00 (Dydd Mawrth 7 Gorffennaf 2026):" in message.body
    assert parseaddr(parsed(message)["From"])[0] == "Greenwood Primary School drwy Safeguarding"


def test_a_language_that_is_none_of_ours_is_english():
    assert letter("alert", "tlh").subject == "Alert from Anna Cohen: Medical, SEND"


def test_colleague_without_a_name_is_one_in_welsh_too():
    assert letter("alert", "cy", creator="").subject == "Rhybudd gan Cydweithiwr: Medical, SEND"
