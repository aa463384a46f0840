"""Mails as a mail server hands them over."""

import io
import sys
from email.message import EmailMessage
from io import StringIO
from types import SimpleNamespace
from uuid import uuid4

from django.core.management import call_command


def mail_to(address, sender, text="It still fails.", *, html="", headers=(), files=()):
    """Return a raw mail."""
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Somebody <{sender}>", address
    mail["Subject"], mail["Message-ID"] = "Re: Ticket", f"<{uuid4()}@mail.school.example>"
    for name, value in headers:
        mail[name] = value
    if text is not None:
        mail.set_content(text)
    if html and text is None:
        mail.set_content(html, subtype="html")
    elif html:
        mail.add_alternative(html, subtype="html")
    for name, content, kind in files:
        mail.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return mail.as_bytes()


def pipe(monkeypatch, raw, **envelope):
    """Run the command with a mail on its standard input; return its exit code and what it says."""
    said, complained = StringIO(), StringIO()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    try:
        call_command("receive_mail", stdout=said, stderr=complained, **envelope)
    except SystemExit as leaving:
        return leaving.code, said.getvalue() + complained.getvalue()
    return 0, said.getvalue() + complained.getvalue()
