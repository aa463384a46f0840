"""The inbox page, and the same as JSON for tests.

`GET /` lists, `GET /mails/<name>` shows, `POST /delete-all` deletes;
`GET` and `DELETE /api/messages` for programs.
"""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

from infra.embedded.mailbox import pages
from infra.embedded.mailbox.store import Mail, Store
from infra.embedded.service import HOST

# Mails hold password links, and any web site can aim a name of its own at this machine.
OUR_NAMES = {"127.0.0.1", "localhost", "mailbox.localhost"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def inbox_server(store: Store, port: int) -> ThreadingHTTPServer:
    """The web server on loopback, not serving yet."""

    class Handler(InboxHandler):
        mails = store

    return ThreadingHTTPServer((HOST, port), Handler)


class InboxHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    mails: Store

    def do_GET(self) -> None:
        """Show the list or a mail."""
        if not self._is_for_us():
            return
        if self.path == "/":
            self._send_page(pages.inbox(list(self.mails)))
        elif self.path == "/api/messages":
            self._send_json([as_json(mail) for mail in self.mails])
        elif self.path.startswith("/mails/") and (mail := self.mails.get(self.path[7:])):
            self._send_page(pages.mail(mail))
        else:
            self._send_page(pages.not_found(), HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Delete all and go back to the list."""
        if not self._is_for_us():
            return
        if self.path != "/delete-all":
            self._send_page(pages.not_found(), HTTPStatus.NOT_FOUND)
            return
        self.mails.clear()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_DELETE(self) -> None:
        """Delete all."""
        if self._is_for_us() and self.path == "/api/messages":
            self.mails.clear()
            self._send_json([])

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the log of a mailbox is its list."""

    def _is_for_us(self) -> bool:
        """Whether the request came to one of our names, and not from a page of somebody else."""
        origin = self.headers.get("Origin", "null").partition("://")[2] or None
        host = self.headers.get("Host", "")
        if host.partition(":")[0] in OUR_NAMES and origin in {None, host}:
            return True
        self.send_error(HTTPStatus.FORBIDDEN)
        return False

    def _send_page(self, page: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(page.encode(), "text/html; charset=utf-8", status)

    def _send_json(self, value: object) -> None:
        self._send(json.dumps(value).encode(), "application/json", HTTPStatus.OK)

    def _send(self, body: bytes, kind: str, status: HTTPStatus) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def as_json(mail: Mail) -> dict[str, object]:
    """A mail for ``/api/messages``."""
    return {
        "name": mail.name,
        "received_at": mail.received_at.isoformat(),
        "to": mail.recipients,
        "from": mail.header("From"),
        "subject": mail.header("Subject"),
        "message_id": mail.header("Message-ID"),
        "headers": {name: str(value) for name, value in mail.message.items()},
        "text": mail.text,
        "html": mail.html,
    }
