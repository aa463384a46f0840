"""An SMTP server that delivers nothing, with an inbox page to read what it was given."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from typing_extensions import override

from infra.embedded.service import HOST, Service, answers

ROOT = Path(__file__).parents[3]


class Mailbox(Service):
    """Keeps every mail it accepts as a file of its own; see ``smtp`` for how it can refuse."""

    name = "mailbox"
    port_names = ("smtp", "web")

    @property
    def url(self) -> str:
        """Address of the inbox page."""
        return f"http://{HOST}:{self.ports['web']}/"

    @override
    def command(self) -> Sequence[str | Path]:
        """``python -m infra.embedded.mailbox``."""
        ports = (str(self.ports[name]) for name in self.port_names)
        return [sys.executable, "-m", "infra.embedded.mailbox", self.folder / "mails", *ports]

    @override
    def environment(self) -> Mapping[str, str]:
        """Where our own code is."""
        return {"PYTHONPATH": str(ROOT)}

    @override
    def is_ready(self) -> bool:
        """Whether both its servers listen."""
        return all(map(answers, self.ports.values()))
