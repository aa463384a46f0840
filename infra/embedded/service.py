"""One server as a direct child process: start, stop, kill, wait until it answers."""

import abc
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

LIFELINE = Path(__file__).with_name("lifeline.py")
HOST = "127.0.0.1"
# Below the ports that kernels hand to outgoing connections, so that while a server is down
# nobody can be given its port by chance.
PORTS = range(15_000, 32_000)


class ServiceError(Exception):
    """A service could not be started; the message is one line for a person."""


class Service(abc.ABC):
    """A server with its own folder and ports, and a log in ``logs`` beside the folder.

    ``start()`` only spawns; ``wait_ready()`` returns once the server answers. After ``stop()`` or
    ``kill()`` the same object starts again on the same ports and data. Start it from a thread
    that lives on: Linux ends a child when the thread that spawned it ends.
    """

    name: ClassVar[str]
    port_names: ClassVar[tuple[str, ...]] = ("main",)
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    start_limit: ClassVar[float] = 60.0
    stop_limit: ClassVar[float] = 10.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / "logs" / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._started_before = False

    @property
    def port(self) -> int:
        """The port that clients use."""
        return self.ports[self.port_names[0]]

    @property
    def ports(self) -> dict[str, int]:
        """Ports by name, chosen once and kept in the folder."""
        kept = self.folder / "ports.json"
        if not kept.exists():
            self._choose_ports(kept)
        ports: dict[str, int] = json.loads(kept.read_text(encoding="utf-8"))
        return ports

    @property
    def pid(self) -> int | None:
        """Process id while running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Spawn the server; does nothing when it runs already."""
        if self.pid:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(exist_ok=True)
        if not self._started_before and any(map(is_taken, self.ports.values())):
            self._choose_ports(self.folder / "ports.json")
        self.prepare()
        self._spawn()

    def stop(self) -> None:
        """End the server politely, and by force if it does not go."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def wait_ready(self) -> None:
        """Wait until the server answers.

        Raises:
            ServiceError: It ended, or did not answer in time.
        """
        deadline = time.monotonic() + self.start_limit
        while not self.is_ready():
            if self.pid is None:
                raise ServiceError(f"{self.name} stopped while starting: {self._last_words()}")
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name} does not answer; see {self.log}")
            time.sleep(0.03)

    @abc.abstractmethod
    def command(self) -> Sequence[str | Path]:
        """The program, by absolute path, with its arguments."""

    @abc.abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers; called again and again while it starts."""

    def prepare(self) -> None:  # noqa: B027 - most services need nothing
        """Write what the server needs before its start; runs each time."""

    def environment(self) -> Mapping[str, str]:
        """Variables for the server, besides a bare PATH and HOME."""
        return {}

    def lifeline_options(self) -> Sequence[str]:
        """Options for ``lifeline.py``."""
        return ()

    def _spawn(self) -> None:
        with self.log.open("ab" if self._started_before else "wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                on_lifeline(*self.command(), options=self.lifeline_options()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={"PATH": os.defpath, "HOME": str(self.folder), **self.environment()},
                # Ctrl-C in the terminal is for the supervisor, which stops us in good order.
                start_new_session=True,
            )
        self._started_before = True

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(self.stop_limit)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _choose_ports(self, kept: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        chosen: list[int] = []
        while len(chosen) < len(self.port_names):
            port = random.choice(PORTS)  # noqa: S311 - not a secret
            if port not in chosen and not is_taken(port):
                chosen.append(port)
        kept.write_text(json.dumps(dict(zip(self.port_names, chosen, strict=True))), "utf-8")

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'it said nothing'} ({self.log})"


def on_lifeline(*command: str | Path, options: Sequence[str] = ()) -> list[str]:
    """The command, wrapped so that it dies with this process."""
    lifeline = [sys.executable, "-I", "-S", str(LIFELINE), str(os.getpid()), *options]
    return [*lifeline, "--", *map(str, command)]


def is_taken(port: int) -> bool:
    """Whether somebody listens on the port (ours included)."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers from before a restart takes no port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def answers(port: int) -> bool:
    """Whether something accepts connections on the port."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
