"""Handing mails to the mail server, many over one connection."""

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage

from core.outbox.registry import OutOfReach
from notifications.channels.email.patience import PatientBackend
from notifications.channels.email.replies import absence, keeps_connection, meaning

#: Servers end connections that bring more.
MOST_PER_CONNECTION = 100
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Post:
    """The way to the mail server during one run: opened by the first mail, closed at the end.

    After the server's “250” for a text nothing else is said to it, so that the caller commits at
    once; the polite farewell comes with the end of the run.
    """

    def __init__(self) -> None:
        self._backend: Any = None
        self._carried = 0
        self._is_away: OutOfReach | None = None

    def __enter__(self) -> Self:
        """Connect only when there is something to send."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say farewell."""
        self._hang_up()

    def send(self, letter: EmailMessage) -> None:
        """Hand one mail over.

        Raises:
            Undeliverable: The server refuses this recipient or this text for good.
            TryLater: Not now: a refusal for a time, or the connection ended on the way.
            OutOfReach: There is no server to talk to, for the rest of this run.
        """
        backend = self._connected()
        try:
            backend.send_messages([letter])
        except OSError as error:  # every error of smtplib is one
            if not keeps_connection(error):
                self._drop()
            raise meaning(error, letter.to[0]) from None
        self._carried += 1

    def _connected(self) -> Any:
        if self._is_away:
            raise self._is_away
        if self._carried >= MOST_PER_CONNECTION:
            self._hang_up()
        if self._backend is None:
            self._backend, self._carried = _new_backend(), 0
            try:
                self._backend.open()
            except OSError as error:
                self._drop()
                self._is_away = absence(error)
                raise self._is_away from None
        return self._backend

    def _hang_up(self) -> None:
        backend, self._backend = self._backend, None
        if backend is None:
            return
        # All mails were answered for; a farewell that fails changes nothing.
        with suppress(OSError):
            backend.close()

    def _drop(self) -> None:
        """End the connection without a word: the other side no longer listens."""
        backend, self._backend = self._backend, None
        if connection := getattr(backend, "connection", None):
            connection.close()


def _new_backend() -> Any:
    """Return the settings' backend, the patient one where that is Django's SMTP."""
    return PatientBackend() if settings.EMAIL_BACKEND == _SMTP else mail.get_connection()
