"""``receive_mail``: one raw mail on standard input, as a mail server's pipe hands it over."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from typing_extensions import override

from support.services.mail import MailRefused, WhyNotMail, take_mail

#: Refused as if nobody lived there; everything else is about the mail itself.
_NO_SUCH = {WhyNotMail.NO_SUCH_ADDRESS, WhyNotMail.NOT_THE_REQUESTER}

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Put a reply to a ticket's email on the ticket; exit as ``sysexits.h`` says."""

    help = (
        "Take one raw email from standard input and put it on the ticket that its address names. "
        "Exits with 0 (taken, or dropped as automatic), 65 or 67 (refused; the reason is printed) "
        "or 75 (try again)."
    )
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipient", default="", metavar="ADDRESS")
        parser.add_argument("--sender", default=None, metavar="ADDRESS")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(settings.INBOUND_MAIL_MAX_BYTES + 1)
        try:
            take_mail(raw, recipient=options["recipient"], envelope_sender=options["sender"])
        except MailRefused as refused:
            log.info("mail_refused", why=refused.why.value)
            self.stdout.write(refused.why.sentence)
            sys.exit(os.EX_NOUSER if refused.why in _NO_SUCH else os.EX_DATAERR)
        except Exception as error:  # noqa: BLE001 - a fault of ours: the mail server keeps the mail
            log.error("mail_not_taken", error=type(error).__name__)
            sys.exit(os.EX_TEMPFAIL)
