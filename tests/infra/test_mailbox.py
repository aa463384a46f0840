"""The mailbox: keeps every accepted mail, refuses as asked, shows mails safely."""

import http.client
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from infra.embedded.mailbox import Mailbox
from infra.embedded.mailbox.pages import with_links


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    mailbox = Mailbox(tmp_path_factory.mktemp("state") / "mailbox")
    mailbox.start()
    mailbox.wait_ready()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def mailbox(running: Mailbox) -> Mailbox:
    ask(running, "DELETE", "/api/messages")
    return running


def send(mailbox: Mailbox, *recipients: str, **parts: str) -> None:
    message = EmailMessage()
    message["From"] = "no-reply@localhost"
    message["To"] = ", ".join(recipients)
    message["Subject"] = parts.get("subject", "A new alert")
    message["Message-ID"] = "<one@localhost>"
    message.set_content(parts.get("text", "Log in to read it."))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as connection:
        connection.send_message(message)


def ask(mailbox: Mailbox, method: str, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", mailbox.ports["web"], timeout=10)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def messages(mailbox: Mailbox) -> list[dict[str, object]]:
    kept: list[dict[str, object]] = json.loads(ask(mailbox, "GET", "/api/messages")[1])
    return kept


def test_01_each_transaction_is_kept_as_a_mail_of_its_own_newest_first(mailbox: Mailbox) -> None:
    for subject in ("first", "second", "second"):
        send(mailbox, "one@school.example", "two@school.example", subject=subject)
    kept = messages(mailbox)
    assert [mail["subject"] for mail in kept] == ["second", "second", "first"]
    assert kept[0]["to"] == ["one@school.example", "two@school.example"]
    assert kept[0]["message_id"] == "<one@localhost>"
    assert kept[0]["text"] == "Log in to read it.\n"


def test_02_mails_survive_kill_9(mailbox: Mailbox) -> None:
    send(mailbox, "one@school.example")
    mailbox.kill()
    with pytest.raises(ConnectionRefusedError):
        send(mailbox, "one@school.example")
    mailbox.start()
    mailbox.wait_ready()
    assert len(messages(mailbox)) == 1


@pytest.mark.parametrize(
    ("address", "code"), [("refuse-550@school.example", 550), ("defer-450@school.example", 450)]
)
def test_03_an_address_can_ask_to_be_refused(mailbox: Mailbox, address: str, code: int) -> None:
    for _ in range(3):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(mailbox, address)
        assert refused.value.recipients[address][0] == code
    assert messages(mailbox) == []


def test_04_an_address_can_ask_to_be_deferred_twice(mailbox: Mailbox) -> None:
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(mailbox, "defer-450-x2@school.example")
    send(mailbox, "defer-450-x2@school.example")
    assert len(messages(mailbox)) == 1


def test_05_an_address_can_ask_for_a_mail_kept_but_not_acknowledged(mailbox: Mailbox) -> None:
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(mailbox, "hang-up@school.example")
    assert len(messages(mailbox)) == 1


def test_06_a_person_can_list_read_follow_links_and_delete_all(mailbox: Mailbox) -> None:
    link = "http://greenwood.localhost:8000/first-password/abc?x=1&y=2"
    send(mailbox, "one@school.example", subject="Hello <b>", text=f"Go to {link}.\n")
    _, listed = ask(mailbox, "GET", "/")
    assert "Hello &lt;b&gt;" in listed
    status, page = ask(mailbox, "GET", f"/mails/{messages(mailbox)[0]['name']}")
    assert status == 200
    assert f'<a href="{link.replace("&", "&amp;")}">' in page
    assert ask(mailbox, "POST", "/delete-all")[0] == 303
    assert "No mail yet" in ask(mailbox, "GET", "/")[1]


def test_07_html_of_a_mail_cannot_run_in_the_inbox(mailbox: Mailbox) -> None:
    send(mailbox, "one@school.example", html="<script>alert(1)</script><p>Hello</p>")
    _, page = ask(mailbox, "GET", f"/mails/{messages(mailbox)[0]['name']}")
    assert "<script" not in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page


@pytest.mark.parametrize(
    "headers", [{"Host": "rebound.example"}, {"Origin": "https://stranger.example"}]
)
def test_08_other_web_sites_cannot_read_or_empty_it(
    mailbox: Mailbox, headers: dict[str, str]
) -> None:
    send(mailbox, "one@school.example")
    assert ask(mailbox, "GET", "/api/messages", **headers)[0] == 403
    assert ask(mailbox, "POST", "/delete-all", **headers)[0] == 403
    assert len(messages(mailbox)) == 1


@pytest.mark.parametrize("name", ["../ports", "%2e%2e", "0-0", "", "x.eml"])
def test_09_only_mails_can_be_asked_for(mailbox: Mailbox, name: str) -> None:
    assert ask(mailbox, "GET", f"/mails/{name}")[0] == 404


def test_10_links_end_before_punctuation() -> None:
    assert with_links("(see https://a.example/b?c=d). <x>") == (
        '(see <a href="https://a.example/b?c=d">https://a.example/b?c=d</a>). &lt;x&gt;'
    )
    assert "href" not in with_links("javascript:alert(1)")


def test_11_a_mail_with_broken_headers_can_still_be_read(mailbox: Mailbox) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as connection:
        connection.sendmail("a@b.example", ["one@school.example"], b"no headers at all\r\n\xff")
    (mail,) = messages(mailbox)
    assert mail["to"] == ["one@school.example"]
    assert ask(mailbox, "GET", f"/mails/{mail['name']}")[0] == 200


def test_12_state_folder_holds_one_file_for_each_mail(mailbox: Mailbox, tmp_path: Path) -> None:
    for _ in range(5):
        send(mailbox, "one@school.example")
    assert len(list((mailbox.folder / "mails").iterdir())) == 5
