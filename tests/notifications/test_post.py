"""Talking to the mail server: what its answers mean, and one connection for many (threat t62)."""

import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMessage

from core.outbox.registry import OutOfReach, TryLater, Undeliverable
from infra.embedded.mailbox.store import Store
from infra.embedded.services import Services
from notifications.channels.email import patience, post
from notifications.channels.email.patience import CutOffAfterText
from notifications.channels.email.post import Post
from notifications.channels.email.replies import absence, keeps_connection, meaning, said

WHO = "anna.cohen@example.test"


def refused(code: int, text: str = "no") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({WHO: (code, text.encode())})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused(550), Undeliverable),
        (refused(553), Undeliverable),
        (smtplib.SMTPDataError(554, b"spam"), Undeliverable),
        (refused(450), TryLater),
        (refused(421), TryLater),
        (smtplib.SMTPDataError(451, b"later"), TryLater),
        (CutOffAfterText(), TryLater),
        (smtplib.SMTPServerDisconnected(), TryLater),
        (TimeoutError(), TryLater),
        (smtplib.SMTPSenderRefused(530, b"log in first", "us@example.test"), OutOfReach),
        (smtplib.SMTPSenderRefused(451, b"quota", "us@example.test"), OutOfReach),
    ],
)
def test_t62_each_answer_has_its_meaning(error: OSError, kind: type[Exception]):
    assert type(meaning(error, WHO)) is kind


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPConnectError(421, "too many"),
        smtplib.SMTPAuthenticationError(535, b"wrong"),
        smtplib.SMTPServerDisconnected(),
    ],
)
def test_t62_no_connection_is_nobodys_fault(error: OSError):
    assert str(absence(error))


def test_t62_only_a_mail_that_may_have_arrived_is_given_up_early():
    later = meaning(CutOffAfterText(), WHO)
    assert isinstance(later, TryLater)
    assert later.most_attempts == 8
    other = meaning(refused(450), WHO)
    assert isinstance(other, TryLater)
    assert other.most_attempts is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5.1.1 <anna.cohen@example.test>: User unknown", "550 5.1.1 … User unknown"),
        ("5.1.1 Recipient ANNA.COHEN rejected", "550 5.1.1 Recipient … rejected"),
        ("see https://example.test/why?x=1 now", "550 see … now"),
        ("two\r\nlines\t\x1b[31mred\x00", "550 two lines [31mred"),
        ("x" * 900, "550 " + "x" * 196),
        ("", "550"),
    ],
)
def test_refusals_are_shown_without_addresses_and_control_characters(text: str, shown: str):
    assert said(550, text.encode(), WHO) == shown


@pytest.mark.parametrize(
    ("error", "keeps"),
    [
        (refused(550), True),
        (refused(450), True),
        (refused(421), False),
        (smtplib.SMTPDataError(554, b"spam"), True),
        (smtplib.SMTPDataError(421, b"bye"), False),
        (smtplib.SMTPServerDisconnected(), False),
        (TimeoutError(), False),
    ],
)
def test_connection_is_kept_only_while_the_server_listens(error: OSError, keeps: bool):
    assert keeps_connection(error) is keeps


class Backend:
    """A mail server's stand-in that counts connections and does as it is told."""

    log: list[str] = []
    says: list[OSError | None] = []

    def __init__(self) -> None:
        self.connection = self

    def open(self) -> None:
        self.log.append("open")
        if Backend.says and isinstance(Backend.says[0], ConnectionRefusedError):
            raise Backend.says.pop(0)

    def close(self) -> None:
        self.log.append("close")

    def send_messages(self, _letters: Any) -> None:
        self.log.append("mail")
        if Backend.says and (error := Backend.says.pop(0)):
            raise error


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(post, "_new_backend", Backend)
    monkeypatch.setattr(Backend, "log", [])
    monkeypatch.setattr(Backend, "says", [])
    return Backend.log


def letter(to: str = WHO) -> EmailMessage:
    return EmailMessage(subject="Alert", body="Text", to=[to], headers={"Message-ID": "<1@x>"})


def test_many_mails_go_over_one_connection_that_opens_late_and_closes_early(log: list[str]):
    with Post():
        pass
    assert log == []
    with Post() as way:
        for _ in range(3):
            way.send(letter())
    assert log == ["open", "mail", "mail", "mail", "close"]


def test_connection_is_renewed_before_servers_lose_patience(log: list[str], monkeypatch: Any):
    monkeypatch.setattr(post, "MOST_PER_CONNECTION", 2)
    with Post() as way:
        for _ in range(3):
            way.send(letter())
    assert log == ["open", "mail", "mail", "close", "open", "mail", "close"]


def test_t62_broken_connection_is_dropped_and_the_next_mail_opens_another(log: list[str]):
    Backend.says[:] = [smtplib.SMTPServerDisconnected(), None]
    with Post() as way:
        with pytest.raises(TryLater):
            way.send(letter())
        way.send(letter())
    assert log == ["open", "mail", "close", "open", "mail", "close"]


def test_t62_refusal_keeps_the_connection(log: list[str]):
    Backend.says[:] = [refused(550), None]
    with Post() as way:
        with pytest.raises(Undeliverable):
            way.send(letter())
        way.send(letter())
    assert log == ["open", "mail", "mail", "close"]


def test_t62_server_that_is_away_is_asked_once_in_a_run(log: list[str]):
    Backend.says[:] = [ConnectionRefusedError(), None, None]
    with Post() as way:
        for _ in range(3):
            with pytest.raises(OutOfReach):
                way.send(letter())
    assert log == ["open", "close"]


@pytest.fixture
def smtp(settings: Any, services: Services) -> Store:
    """The real mailbox, emptied."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 1
    store = Store(services.mailbox.folder / "mails")
    store.clear()
    return store


def test_t62_real_server_refuses_defers_and_takes_over_one_connection(smtp: Store):
    with Post() as way:
        with pytest.raises(Undeliverable, match="550 As the address asks"):
            way.send(letter("refuse-550@example.test"))
        with pytest.raises(TryLater, match="450 As the address asks"):
            way.send(letter("defer-450@example.test"))
        way.send(letter("fine@example.test"))
    assert [mail.recipients for mail in smtp] == [("fine@example.test",)]


def test_t62_server_that_thinks_long_about_a_text_is_not_given_up(smtp: Store):
    # The usual patience here is one second, and the server takes two.
    with Post() as way:
        way.send(letter("slow-2@example.test"))
        way.send(letter("fine@example.test"))
    assert len(list(smtp)) == 2


def test_t62_server_that_hangs_up_after_the_text_may_have_taken_it(
    smtp: Store, monkeypatch: pytest.MonkeyPatch
):
    with Post() as way:
        with pytest.raises(TryLater, match="may have arrived"):
            way.send(letter("hang-up@example.test"))
        monkeypatch.setattr(patience, "PATIENCE", 1)
        with pytest.raises(TryLater, match="may have arrived"):
            way.send(letter("slow-3@example.test"))
        way.send(letter("fine@example.test"))
    assert ("hang-up@example.test",) in [mail.recipients for mail in smtp]


def test_t62_nobody_there_is_out_of_reach(smtp: Store, settings: Any):
    settings.EMAIL_PORT = 1
    with Post() as way, pytest.raises(OutOfReach, match="cannot be reached"):
        way.send(letter())
