"""Django's SMTP backend, with patience at the one moment where haste makes duplicates."""

import smtplib

from django.core.mail.backends import smtp
from typing_extensions import override

#: Seconds that a server may think about a whole mail (RFC 5321, 4.5.3.2.6, asks for minutes).
#: Whoever hangs up earlier never learns that it was taken, and sends it again (RFC 1047).
PATIENCE = 120


class CutOffAfterText(smtplib.SMTPServerDisconnected):
    """The connection ended while the text was handed over: it may have been taken."""


class PatientSMTP(smtplib.SMTP):
    """Waits long for the answer to a text, and tells that wait from all others."""

    @override
    def data(self, msg: bytes | str) -> tuple[int, bytes]:  # type: ignore[override] # smtplib's stub takes any buffer
        """Hand over the text."""
        usual = self.sock.gettimeout() if self.sock else None
        try:
            if self.sock:
                self.sock.settimeout(PATIENCE)
            return super().data(msg)
        except smtplib.SMTPServerDisconnected:
            raise CutOffAfterText("cut off while the text was handed over") from None
        finally:
            if self.sock:
                self.sock.settimeout(usual)


class PatientBackend(smtp.EmailBackend):
    """Django's backend over a patient connection."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The client to connect with."""
        return PatientSMTP

    @override
    def open(self) -> bool | None:
        """Connect, and greet: a server that does not greet back is not there for any mail."""
        is_new = super().open()
        if is_new and self.connection:
            self.connection.ehlo_or_helo_if_needed()
        return is_new
