"""A requester replies by email: whose it is, what of it is taken, what never comes in."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from core.attachments.errors import StorageUnavailable
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.outbox import services as outbox
from core.outbox.models import OutboxEvent
from core.tenancy import in_school
from helpdesk.terms import TicketState
from notifications.channels.email import letters
from support.events import AnswerGiven
from support.inbound.html_text import text_of_html
from support.inbound.quoting import without_quoted
from support.models import TicketFile, TicketMessage
from support.reply_address import reply_address, token_in
from support.selectors.notices import ticket_notice
from tests.factories import make_staff, make_student
from tests.support.mails import mail_to, pipe
from tests.support.tickets import make_ticket

DOMAIN = "replies.platform.example"


@pytest.fixture(autouse=True)
def domain(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


@pytest.fixture
def ticket(teacher):
    return make_ticket(teacher)


@pytest.fixture
def address(ticket):
    return address_of(ticket)


def address_of(ticket):
    return reply_address(
        ticket_id=ticket.pk, ticket_ref=ticket.ref, requester_ref=ticket.author.ref
    )


@pytest.fixture
def own(ticket):
    return ticket.author.user.email


@pytest.fixture
def send(monkeypatch, settings):
    """Hand a mail over, outside of any school as the mail server does."""
    return lambda raw, **envelope: pipe(monkeypatch, raw, **envelope)


def answers():
    return TicketMessage.objects.filter(by_email=True)


def test_a_reply_goes_on_the_ticket_without_what_it_quotes(
    send, ticket, address, own, browse, teacher
):
    text = f"It fails again.\n\nOn Tue, 3 Nov 2026 at 10:00, Greenwood <{address}> wrote:\n> The helpdesk\n> has written\n"
    assert send(mail_to(address, own, text)) == (0, "")
    message = answers().get()
    assert (message.text, message.ticket_id, message.author_id) == (
        "It fails again.",
        ticket.pk,
        ticket.author_id,
    )
    assert OutboxEvent.objects.filter(kind=AnswerGiven.kind).exists()
    assert AuditEntry.objects.get(verb="ticket.answered").subject_ref == ticket.ref
    page = browse(teacher).get(f"/support/tickets/{ticket.ref}/").text
    assert "It fails again." in page
    assert "Sent by email." in page


def test_what_tells_of_a_pupil_is_masked_and_only_the_page_says_so(
    send, ticket, address, own, browse, teacher, capfd
):
    make_student("Zoë", "Quillfeather")
    files = [
        ("Zoë Quillfeather.csv", b"name\nZoe Quillfeather\n", "octet-stream"),
        ("plain.csv", b"a,b\n1,2\n", "octet-stream"),
        ("evil.exe", b"MZ\x90\x00" * 40, "octet-stream"),
    ]
    raw = mail_to(address, own, "Zoë Quillfeather is twice there.", files=files)
    assert send(raw) == (0, "")
    message = answers().get()
    assert message.text == "Pupil A is twice there."
    assert (message.masked, message.left_out) == (2, 2)
    assert [one.name for one in message.files.all()] == ["plain.csv"]
    page = browse(teacher).get(f"/support/tickets/{ticket.ref}/").text
    assert "What told of a pupil was masked before the helpdesk got it." in page
    assert "2 files were left out" in page
    told = capfd.readouterr()
    assert "Quillfeather" not in told.out + told.err
    assert own not in told.out + told.err
    assert mail.outbox == []


def test_files_are_sealed_like_uploads(send, address, own):
    pdf = b"%PDF-1.7\n" + b"x" * 400 + b"\n%%EOF\n"
    assert send(mail_to(address, own, "See here.", files=[("log.pdf", pdf, "pdf")]))[0] == 0
    file = TicketFile.objects.get()
    assert file.attachment.content_type == "application/pdf"
    assert file.attachment.attached_at is not None


def test_the_same_mail_twice_is_one_message(send, address, own):
    raw = mail_to(address, own)
    assert send(raw)[0] == send(raw)[0] == 0
    assert answers().count() == 1
    assert send(mail_to(address, own))[0] == 0
    assert answers().count() == 2


def test_a_stranger_with_the_token_is_refused_as_if_there_were_no_such_address(
    send, ticket, address, own
):
    assert send(mail_to(address, own))[0] == 0
    other = make_staff("other")
    before = AuditEntry.objects.filter(verb="ticket.mail_refused").count()
    code, said = send(mail_to(address, f"staff{other.staff_id}@elsewhere.example"))
    assert (code, said) == (67, "There is no such address here.\n")
    assert answers().count() == 1
    entry = AuditEntry.objects.filter(verb="ticket.mail_refused").latest("pk")
    assert entry.facts == {"why": "not_the_requester"}
    assert AuditEntry.objects.filter(verb="ticket.mail_refused").count() == before + 1
    two = mail_to(address, own).replace(b"From: ", b"From: x@evil.example, ", 1)
    assert send(two)[0] == 67


def test_an_address_is_good_for_its_own_ticket_requester_and_school_alone(
    send, ticket, address, own, school_b, in_school_a, teacher
):
    assert send(mail_to(address, own))[0] == 0
    other = make_ticket(make_staff("other"))
    with in_school(school_b):
        elsewhere = address_of(ticket)
    forged = [
        elsewhere,
        reply_address(ticket_id=other.pk, ticket_ref=ticket.ref, requester_ref=ticket.author.ref),
        reply_address(ticket_id=ticket.pk, ticket_ref=ticket.ref, requester_ref=other.author.ref),
        f"reply+{'a' * 56}@{DOMAIN}",
        address.replace(DOMAIN, "elsewhere.example"),
        "helpdesk@" + DOMAIN,
    ]
    for one in forged:
        assert send(mail_to(one, own)) == (67, "There is no such address here.\n"), one
    assert answers().count() == 1


def test_it_is_good_in_upper_case_and_from_the_envelope(send, address, own):
    assert len(address.partition("@")[0]) <= 64
    assert send(mail_to(address.upper(), own.upper()))[0] == 0
    assert send(mail_to("undisclosed@x.example", own), recipient=address)[0] == 0
    assert answers().count() == 2


def test_it_is_good_until_14_days_after_completion(send, ticket, address, own, time_machine_at):
    ticket.state, ticket.number = TicketState.COMPLETED, "T-000001"
    ticket.completed_at = ticket.raised_at
    ticket.save()
    time_machine_at.move_to(ticket.completed_at + timedelta(days=14, seconds=1), tick=False)
    assert send(mail_to(address, own)) == (
        65,
        "This ticket is closed. Log in and raise a new one.\n",
    )
    assert not answers().exists()
    time_machine_at.move_to(ticket.completed_at + timedelta(days=13, hours=23), tick=False)
    assert send(mail_to(address, own))[0] == 0
    ticket.refresh_from_db()
    assert (ticket.state, ticket.completed_at) == (TicketState.OPEN, None)


@pytest.mark.parametrize(
    "header",
    [
        ("Auto-Submitted", "auto-replied"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", "<a.list.example>"),
        ("Return-Path", "<>"),
    ],
)
def test_automatic_mail_is_dropped_without_an_answer(header, send, address, own):
    assert send(mail_to(address, own, headers=[header])) == (0, "")
    assert not answers().exists()
    assert send(mail_to(address, own, headers=[("Auto-Submitted", "no")]))[0] == 0
    assert answers().count() == 1


def test_our_own_letter_that_comes_back_is_dropped(send, ticket, address, own):
    letter = letters.ticket_received(ticket_notice(ticket.ref), ticket.ref)
    own_letter = letter.message().as_bytes()
    for raw in (own_letter, own_letter.replace(b"Auto-Submitted", b"X-Was"), mail_to(address, own).replace(own.encode(), b"no-reply@localhost")):  # fmt: skip
        assert send(raw, recipient=address) == (0, "")
    assert send(mail_to(address, own), sender="<>") == (0, "")
    assert not answers().exists()


def test_too_many_within_an_hour_are_refused(send, address, own, monkeypatch, time_machine_at):
    monkeypatch.setattr("support.services.mail.MOST_AN_HOUR", 2)
    assert [send(mail_to(address, own))[0] for _ in range(3)] == [0, 0, 65]
    time_machine_at.shift(timedelta(minutes=61))
    assert send(mail_to(address, own))[0] == 0


def test_mail_that_is_html_alone_becomes_text(send, address, own):
    html = "<style>p{}</style><p>It&nbsp;fails<br>again.</p><script>alert(1)</script><img src='http://x'>"
    assert send(mail_to(address, own, None, html=html))[0] == 0
    assert answers().get().text == "It fails\nagain."


def test_an_encoding_that_there_is_not_is_read_as_it_may_be(send, address, own):
    raw = mail_to(address, own, "Caffi").replace(b"utf-8", b"x-none").replace(b"Caffi", b"Caff\xe9")
    assert send(raw)[0] == 0
    assert answers().get().text == "Caffé"


def test_bombs_are_refused(send, address, own, settings):
    deep = EmailMessage()
    deep.set_content("x")
    for _ in range(20):
        outer = EmailMessage()
        outer["Content-Type"] = "multipart/mixed"
        outer.attach(deep)
        deep = outer
    deep["From"], deep["To"] = own, address
    code, said = send(deep.as_bytes())
    assert (code, "could not be read" in said) == (65, True)
    many = mail_to(address, own, files=[("a.txt", b"a", "x")] * 201)
    assert send(many)[0] == 65
    nested = b"From: a@b\nTo: c@d\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)
    )
    assert send(nested)[0] == 65
    settings.INBOUND_MAIL_MAX_BYTES = 10_000
    assert send(mail_to(address, own, "x" * 11_000))[0] == 65
    assert not answers().exists()
    assert send(mail_to(address, own, "x" * 4_000))[0] == 0


def test_nothing_at_all_and_too_much_are_told(send, address, own):
    assert send(mail_to(address, own, " \n")) == (65, "This email has neither words nor files.\n")
    assert send(mail_to(address, own, "x y " * 6000))[0] == 65
    assert not answers().exists()


def test_where_files_cannot_be_stored_the_mail_server_tries_again(send, address, own, monkeypatch):
    def away(**_file):
        raise StorageUnavailable("Zoë")

    raw = mail_to(address, own, files=[("a.csv", b"a,b\n1,2\n", "x")])
    with monkeypatch.context() as broken:
        broken.setattr("core.attachments.services.seal", away)
        assert send(raw) == (75, "")
    assert not answers().exists()
    assert send(raw)[0] == 0


def test_whoever_left_writes_no_more(send, ticket, address, own):
    assert send(mail_to(address, own))[0] == 0
    ticket.author.user.is_active = False
    ticket.author.user.save()
    assert send(mail_to(address, own))[0] == 67


def test_letters_invite_to_reply_only_where_mail_comes_in_and_form_a_thread(
    ticket, address, settings
):
    letter = letters.ticket_reply(ticket_notice(ticket.ref), ticket.ref)
    assert letter.message()["Reply-To"] == address
    assert "You can answer by replying to it." in letter.body
    assert "nobody reads" not in letter.body + letter.alternatives[0][0]
    other = letters.ticket_completed(ticket_notice(ticket.ref), ticket.ref)
    named = {
        one.message()[name] for one in (letter, other) for name in ("References", "In-Reply-To")
    }
    assert named == {f"<ticket-{ticket.ref}@localhost>"}
    settings.INBOUND_MAIL_DOMAIN = ""
    letter = letters.ticket_reply(ticket_notice(ticket.ref), ticket.ref)
    assert letter.message()["Reply-To"] is None
    assert "nobody reads the answers" in letter.body
    assert token_in(address) is None


def test_a_reply_to_the_letter_itself_finds_its_ticket(send, ticket, own, school_a):
    with in_school(school_a):
        outbox.act_on_all()
    letter = letters.ticket_reply(ticket_notice(ticket.ref), ticket.ref).message()
    assert send(mail_to(letter["Reply-To"], own, "Thank you."))[0] == 0
    assert answers().get().text == "Thank you."


def test_quoted_text_is_cut_and_nothing_else():
    for text, kept in (
        ("Yes\n\nFrom: A <a@b>\nSent: 3 Nov\nTo: x\nSubject: y\n\nOld", "Yes"),
        ("Yes\n-----Original Message-----\nFrom: A\n\nOld", "Yes"),
        ("Yes\n\n________________________________\nFrom: A <a@b>\nSent: 3 Nov\n\nOld", "Yes"),
        ("Yes\n\nOn Tue, 3 Nov 2026 at 08:00, Desk\n<a@b>\nwrote:\n\n> Old\n>\n> and more", "Yes"),
        ("Tell me:\n> Old", "Tell me:"),
        ("--- my list ---\nTo: all\nDate: 3 Nov", "--- my list ---\nTo: all\nDate: 3 Nov"),
        ("Hi\nOn Tuesday I wrote:\nthe code", "Hi\nOn Tuesday I wrote:\nthe code"),
        ("> a\n> b\n\nbelow", "> a\n> b\n\nbelow"),
        ("- one\n- two\n\nAda", "- one\n- two\n\nAda"),
    ):
        assert without_quoted(text) == kept
    within = "See below\n\nOn Tue, A <a@b> wrote:\n> one?\nyes\n> two?\nno"
    assert without_quoted(within) == within
    assert text_of_html("a<blockquote>b<br>c</blockquote>") == "a\n> b\n> c"


@given(st.text(max_size=70), st.binary(min_size=35, max_size=35))
@effort(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_address_but_a_whole_one_is_read(settings, junk, packed):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN
    found = token_in(f"reply+{junk}@{DOMAIN}")
    assert found is None or re.fullmatch("[a-z2-7]{56}", junk, re.IGNORECASE)
    token_in(junk)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=31))
@effort(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_address_leads_nowhere(send, ticket, address, own, at, by):
    local, _, domain = address.partition("@")
    letters_ = "abcdefghijklmnopqrstuvwxyz234567"
    place = 6 + at % 56
    other = letters_[(letters_.index(local[place]) + by) % 32]
    changed = f"{local[:place]}{other}{local[place + 1 :]}@{domain}"
    code, _ = send(mail_to(changed, own))
    assert code == 67


@given(st.binary(max_size=400), st.sampled_from([b"", b"From: a@b\n", b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", b"From: =?utf-8?b?=FF?= <a@\n", b"Content-Type: text/plain; charset*=\n"]))  # fmt: skip
@effort(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_garbage_is_refused_and_leaves_no_row(send, address, garbage, start):
    code, said = send(start + garbage, recipient=address)
    assert code in {0, 65, 67}
    assert "Traceback" not in said
    assert not answers().exists()
    assert not Attachment.objects.exists()
