"""A way to the real object store that can be broken in each of the ways that networks know."""

import http.client
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock
from urllib.parse import urlsplit

from core.attachments import storage


class Fault:
    """What breaks: of the requests with a method and a query, those after some and before some.

    The words: "500" (said at once), "silence" (no answer), "cut" (half of the answer, then the line
    goes dead), "slow" (half of the answer, then nothing more), "bent" (wrong bytes in the middle).
    """

    def __init__(self, method, *, word, query="", after=0, until=1_000_000):
        self._method, self._query = method, query
        self._after, self._until = after, until
        self._word = word
        self._seen = 0
        self.needs_patience = word not in {"silence", "slow"}

    def of(self, method, path):
        if method != self._method or self._query not in path:
            return None
        self._seen += 1
        return self._word if self._after < self._seen <= self._until else None


class _Way(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _pass(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault.of(self.command, self.path)
        if fault == "500":
            self._answer(500, {}, b"")
            return
        if fault == "silence":
            time.sleep(self.server.silence)
            self.close_connection = True
            return
        status, headers, content = self._onward(body)
        half = len(content) // 2
        if fault == "bent":
            content = content[:half] + b"!!!" + content[half + 3 :]
        sent = content[:half] if fault in {"cut", "slow"} else content
        self._answer(status, headers, sent, length=len(content))
        if fault == "slow":
            time.sleep(self.server.silence)
        if fault in {"cut", "slow"}:
            self.close_connection = True

    def _onward(self, body):
        way = http.client.HTTPConnection(self.server.host, self.server.port_onward, timeout=30)
        with closing(way):
            way.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() != "expect":
                    way.putheader(name, value)
            way.endheaders(body)
            answer = way.getresponse()
            content = answer.read()
            kept = [
                (name, value)
                for name, value in answer.getheaders()
                if name.lower() not in {"transfer-encoding", "content-length", "connection"}
            ]
            return answer.status, dict(kept), content

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815 - the base class asks for these

    def _answer(self, status, headers, content, length=None):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    silence = 4.0
    host: str
    port_onward: int | None
    fault: Fault


@contextmanager
def faulty_way(settings, fault):
    """Lead the settings' object store through a way that has a fault."""
    real = urlsplit(settings.S3_ENDPOINT_URL)
    server = _Server(("127.0.0.1", 0), _Way)
    server.host, server.port_onward, server.fault = real.hostname or "", real.port, fault
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    before = settings.S3_ENDPOINT_URL
    settings.S3_ENDPOINT_URL = f"http://127.0.0.1:{server.server_port}"
    patience = storage._READ_SECONDS if fault.needs_patience else 2
    try:
        with mock.patch.object(storage, "_READ_SECONDS", patience):
            yield
    finally:
        # A client that is only forgotten leaves its connections to be found by a later test.
        storage.client().close()
        settings.S3_ENDPOINT_URL = before
        server.shutdown()
        server.server_close()
        thread.join()
