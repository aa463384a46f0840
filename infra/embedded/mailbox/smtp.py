"""The SMTP side, with replies that tests can ask for.

The recipient's address decides:

    refuse-550@…     that reply to RCPT, any code from 400 to 599 (also written defer-450@…)
    defer-450-x2@…   that reply to the first two attempts, then accepted
    hang-up@…        accepted and kept, but the connection ends before the sender hears of it
    slow-3@…         accepted after three seconds
"""

import asyncio
import re
from collections import Counter
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.embedded.mailbox.store import Store
from infra.embedded.service import HOST

REPLY = re.compile(r"(?:refuse|defer)-(?P<code>[45]\d\d)(?:-x(?P<times>\d+))?@")
SLOW = re.compile(r"slow-(?P<seconds>\d+)@")
LARGEST_MAIL = 50 * 1024 * 1024


class Reception:
    """Answers the commands of a sender."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._attempts: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or refuse as its address asks."""
        if asked := REPLY.match(address):
            self._attempts[address] += 1
            if not asked["times"] or self._attempts[address] <= int(asked["times"]):
                return f"{asked['code']} As the address asks"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail."""
        recipients = [str(address) for address in envelope.rcpt_tos]
        for address in recipients:
            if asked := SLOW.match(address):
                await asyncio.sleep(int(asked["seconds"]))
        content = envelope.content or b""
        self._store.add(recipients, content if isinstance(content, bytes) else content.encode())
        if any(address.startswith("hang-up@") for address in recipients):
            cast("asyncio.Transport", server.transport).abort()
        return "250 Kept"


def mail_server(store: Store, port: int) -> Controller:
    """An SMTP server on loopback, not started yet."""
    return Controller(
        Reception(store),
        hostname=HOST,
        port=port,
        server_hostname="mailbox.localhost",
        data_size_limit=LARGEST_MAIL,
        enable_SMTPUTF8=True,
    )
