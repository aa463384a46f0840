"""A request whose body breaks off is not answered as if it were whole.

Web servers hand on what came when a connection is cut, and Django would save half a text.
"""

from collections.abc import Iterable
from typing import Any

Start = Any
Environ = dict[str, Any]


class BodyCut(OSError):
    """The body ended before its Content-Length; Django refuses such a request."""


class _WholeBody:
    """Reads a body, and notices when it ends too early."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes, or all.

        Raises:
            BodyCut: There should have been more.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        return self._counted(self._stream.read(wanted) if wanted else b"", wanted)

    def readline(self, size: int = -1) -> bytes:
        """Read a line.

        Raises:
            BodyCut: There should have been more.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        return self._counted(self._stream.readline(wanted) if wanted else b"", wanted)

    def _counted(self, data: bytes, wanted: int) -> bytes:
        if wanted and not data:
            raise BodyCut("The body broke off.")
        self._left -= len(data)
        return data


class WholeBodies:
    """WSGI middleware around the application."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer, with a body that notices when it is cut."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length):
            environ["wsgi.input"] = _WholeBody(environ["wsgi.input"], int(length))
        answer: Iterable[bytes] = self._application(environ, start)
        return answer
