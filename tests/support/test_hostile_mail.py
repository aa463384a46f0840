"""Mail made to exhaust, to mislead or to slip through: refused or read in no time, and nothing lost."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from core.attachments import services as attachments
from support.file_texts import text_of
from support.inbound.html_text import text_of_html
from support.inbound.quoting import without_quoted
from support.inbound.reading import read_mail
from support.mail_parts import Unreadable
from support.models import Ticket, TicketFile, TicketMessage
from support.reply_address import reply_address
from tests.factories import make_student
from tests.support.mails import mail_to, pipe
from tests.support.tickets import make_ticket, ticket_form

DOMAIN = "replies.platform.example"
#: Seconds for a megabyte, on a busy machine; what is quadratic takes hours.
SOON = 20
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def domain(settings):
    settings.INBOUND_MAIL_DOMAIN = DOMAIN


@pytest.fixture
def ticket(teacher):
    return make_ticket(teacher)


@pytest.fixture
def address(ticket):
    return reply_address(
        ticket_id=ticket.pk, ticket_ref=ticket.ref, requester_ref=ticket.author.ref
    )


@pytest.fixture
def own(ticket):
    return ticket.author.user.email


@pytest.fixture
def send(monkeypatch):
    return lambda raw, **envelope: pipe(monkeypatch, raw, **envelope)


def answer():
    return TicketMessage.objects.get(by_email=True)


def seconds(work, *args):
    begun = time.perf_counter()
    work(*args)
    return time.perf_counter() - begun


@pytest.mark.parametrize(
    "name", ["From", "To", "Message-ID", "Content-Type", "Content-Disposition"]
)
@pytest.mark.parametrize("piece", ['"', "\\", "a ", "(", "a@b.example,\n ", "a;b*0*=c;\n ", "=?"])
def test_a_giant_header_is_read_in_no_time_or_refused(name, piece):
    header = f"{name}: {piece * (60_000 // len(piece))}x\nX-Other: y\n\nHello.\n"
    assert seconds(_tried, header.encode()) < SOON


def _tried(raw):
    try:
        read_mail(raw)
    except Unreadable:
        return False
    return True


def test_headers_and_parts_without_end_are_refused(send, address, own):
    plain = mail_to(address, own)
    longest = b"X-Long: " + b"a" * 70_000 + b"\n"
    many = b"".join(b"X-%d: y\n" % number for number in range(150_000))
    parts = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 30_000
    for raw in (longest + plain, many + plain, b"From: a@b.example\n" + parts):
        code, said = send(raw)
        assert (code, "could not be read" in said) == (65, True)
    assert not TicketMessage.objects.filter(by_email=True).exists()
    assert send(b"X-Long: " + b"a" * 60_000 + b"\n" + plain)[0] == 0


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "</",
        "<!",
        "<!--",
        "<![CDATA[",
        "<?",
        "&#9",
        "<a b='",
        "<script>",
        "<blockquote>",
    ],
)
def test_a_megabyte_of_broken_html_is_read_in_no_time(piece):
    assert seconds(text_of_html, piece * (1_000_000 // len(piece))) < SOON


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Zo&euml; <b>Quill</b>feather</p>", "Zoë Quillfeather"),
        ("1 < 2, and a<b", "1 < 2, and a<b"),
        ("<p title='a'>It fails <b", "It fails <b"),
        ("a<!-- <b>c</b> -->d", "ad"),
        ("a<script>if (1<2) b</script>c<style>p{}</STYLE>d", "acd"),
        ("<head><title>T</title><meta></head><body>a", "a"),
        ("&#" + "9" * 5000 + ";x", "&#" + "9" * 5000 + ";x"),
        # Whoever indents their own words quotes nobody.
        ("a<blockquote style='margin:0 0 0 40px'>b</blockquote>c", "a\nb\nc"),
        ("a<blockquote type=cite>b<p>c</blockquote>d", "a\n> b\n> c\nd"),
        ("a<BLOCKQUOTE class='gmail_quote'>b", "a\n> b"),
    ],
)
def test_html_is_read_as_people_see_it(html, text):
    assert text_of_html(html) == text


@given(st.text(alphabet="<>/!-ab&;# \n\"'=?", max_size=60))
@effort(max_examples=300, deadline=None)
def test_whatever_the_html_it_is_read(html):
    assert "\r" not in text_of_html(html)


LINES = st.sampled_from(
    [
        "It fails again.", "On Monday the clerk wrote:", "On Monday it said:", "Ar Llun dywedodd:",
        "From: Monday", "To: Friday", "From: A <a@b.example>", "Sent: 3 Nov", "Date: 3 Nov",
        "Subject: Re: y", "Cc: c", "", "", "> quoted", "> ", ">> more", "________________",
        "-----Original Message-----", "-- ", "On Tue, 3 Nov 2026, A <a@b.example>", "wrote:",
        "On 3 Nov 2026 A <a@b.example> wrote:", "A <a@b.example> wrote:", "The office wrote:", "Yes.",
        "Ar 3 Tach 2026, ysgrifennodd A <a@b.example>:", "*From:* A", "Rita wrote: no, 5",
    ]
)  # fmt: skip
_HEADER = re.compile(r"\*?From ?:|-----Original")
_ATTRIBUTION = re.compile(r"(On|Ar) .*[0-9@]|wrote:$|.*(wrote|ysgrifennodd).*:$")


@given(st.lists(LINES, max_size=12))
@example(
    [
        "It fails again.", "On Monday the clerk wrote:", "Sent: 3 Nov",
        "On Monday the clerk wrote:", "> quoted",
    ]
)  # fmt: skip
@effort(max_examples=1500, deadline=None)
def test_no_line_of_the_writers_own_is_lost(lines):
    """Beyond what stands below a letter's own header, and the line that says who wrote it."""
    kept = without_quoted("\n".join(lines)).split("\n")
    header = next((at for at, line in enumerate(lines) if _HEADER.match(line)), len(lines))
    for at, line in enumerate(lines):
        if not line.strip() or line.startswith((">", "____")) or at >= header:
            continue
        if kept.count(line.rstrip()) < lines[: at + 1].count(line):
            # Only who wrote what is quoted goes, which stands right above it.
            below = [one for one in lines[at + 1 : at + 4] if one]
            assert _ATTRIBUTION.match(line), line
            assert any(one.startswith(">") for one in (*below, *lines[at + 1 : at + 8]))
    assert kept != [""] or not "".join(lines).strip()


@given(st.text(alphabet="> \nab:", max_size=80))
@effort(max_examples=500, deadline=None)
def test_what_quotes_nothing_is_kept_as_it_is(text):
    lines = [line.rstrip() for line in text.strip().split("\n")]
    kept = without_quoted(text).split("\n")
    assert [one for one in lines if one and not one.startswith(">")] == [
        one for one in kept if one and not one.startswith(">")
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("On Monday 3 Nov we saw it.\nThe office wrote:\n> Old", "On Monday 3 Nov we saw it.\nThe office wrote:"),
        ("On Monday it fails with this:\n> Error", "On Monday it fails with this:"),
        ("We cannot log in\nFrom: Monday\nTo: Friday\nevery day.", "We cannot log in\nFrom: Monday\nTo: Friday\nevery day."),
        ("Yes\n\nA <a@b.example> wrote:\n> Old", "Yes"),
        ("Iawn\n\nAr Maw, 3 Tach 2026, ysgrifennodd A <a@b.example>:\n> Hen", "Iawn"),
        ("Yes\n\nFrom: A\nSent: 3 Nov\nTo: b\nCc: c\nSubject: y\n\nOld", "Yes"),
    ],
)  # fmt: skip
def test_a_persons_own_words_that_look_like_a_header_stay(text, kept):
    assert without_quoted(text) == kept


@pytest.mark.parametrize(
    "piece", ["> a\n", "On 1:\n", "From: a\n", "From: a\nTo: b\n", "wrote ", "-"]
)
def test_quotes_are_found_in_no_time(piece):
    assert seconds(without_quoted, piece * (1_000_000 // len(piece)) + "\n> x") < SOON


def test_line_breaks_in_names_and_subjects_go_nowhere(send, address, own):
    raw = mail_to(address, own, "Words.")
    raw = raw.replace(b"Subject: Re: Ticket", b"Subject: =?utf-8?q?a=0D=0ABcc:_c@d.example?=")
    assert send(raw)[0] == 0
    assert answer().text == "Words."
    TicketMessage.objects.filter(by_email=True).delete()
    part = (
        b'--b\nContent-Disposition: attachment; filename="=?utf-8?q?a=0D=0A/../Bcc:_c.txt?="\n\nQuiet.\n'
        b"--b\nContent-Disposition: attachment; filename*=x-none''%0D%0A%00b.txt\n\nQuiet.\n"
        b'--b\nContent-Disposition: attachment; filename="\xe9\xff.txt"\n\nQuiet.\n--b--\n'
    )
    head = f"From: {own}\nTo: {address}\nMIME-Version: 1.0\n".encode()
    multi = head + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nWith files.\n" + part
    assert send(multi)[0] == 0
    names = [one.name for one in TicketFile.objects.order_by("pk")]
    assert len(names) == 3
    assert not any(set("\r\n\x00/") & set(name) for name in names)
    assert names[0] == "Bcc: c.txt"


@pytest.mark.parametrize(
    "charset", ["utf-7", "utf-16", "idna", "punycode", "unicode_escape", "zip", "x"]
)
def test_an_odd_charset_hides_no_pupil_and_takes_no_time(charset, send, address, own, ticket):
    make_student("Zoe", "Quillfeather")
    head = f"From: {own}\nTo: {address}\nContent-Type: text/plain; charset={charset}\n\n"
    assert send(head.encode() + b"Quillfeather is gone.\n")[0] == 0
    assert "Quillfeather" not in answer().text
    assert seconds(_tried, head.encode() + b"Quillfeather-a " * 60_000) < SOON


def test_fifty_files_are_taken_and_of_one_more_the_ticket_says_so(send, address, own):
    files = [(f"{number}.txt", b"Quiet.\n", "octet-stream") for number in range(51)]
    assert send(mail_to(address, own, files=files))[0] == 0
    assert (TicketFile.objects.count(), answer().left_out) == (50, 1)


@pytest.mark.parametrize("name", ["eicar.com", "eicar.txt", "eicar", "eicar.csv", "eicar.pdf"])
def test_the_test_file_of_virus_scanners_is_refused_and_the_rest_stays(
    name, send, address, own, browse, teacher
):
    client = browse(teacher)
    form = ticket_form(new_files=SimpleUploadedFile(name, EICAR), offered="1")
    page = client.post("/support/contact/", form)
    assert page.status_code == 200
    assert name in page.text
    assert "cannot be attached" in page.text or "the content is not that" in page.text
    assert "The import stops half-way." in page.text
    assert Ticket.objects.count() == 1  # the one that was there
    files = [(name, EICAR + b"\r\n", "octet-stream"), ("log.txt", b"Quiet.\n", "octet-stream")]
    assert send(mail_to(address, own, "My words.", files=files))[0] == 0
    assert (answer().text, answer().left_out) == ("My words.", 1)
    assert TicketFile.objects.get().name == "log.txt"


def test_thirty_megabytes_come_in_or_are_told(send, address, own, settings):
    big = [("log.txt", b"Quiet words.\n" * 2_000_000, "octet-stream")]
    code, said = send(mail_to(address, own, "My words.", files=big))
    assert code == 65
    assert said == "This email is too large. Log in and add your files to the ticket there.\n"
    fits = [("log.txt", b"Quiet words.\n" * 1_000_000, "octet-stream")]
    assert send(mail_to(address, own, "My words.", files=fits)) == (0, "")
    # Too long for the guard to say that it tells of nobody: left out, and the ticket says so.
    assert (answer().left_out, TicketFile.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"From: a\nTo: b\nSubject: &#" + b"9" * 5000 + b";\nContent-Type: text/html\n\n&#" + b"9" * 5000,
        b"From: a\nTo: b\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3000)),
        b"From: a\nTo: " + b'"' * 70_000 + b"\n\nHello\n",
    ],
)  # fmt: skip
def test_an_email_as_a_file_that_cannot_be_read_is_one_that_nobody_can_vouch_for(content, teacher):
    fine = attachments.seal(actor=teacher, filename="a.eml", chunks=[b"From: a\nTo: b\n\nHello.\n"])
    assert "Hello." in text_of(fine)
    file = attachments.seal(actor=teacher, filename="a.eml", chunks=[content])
    assert text_of(file) is None
