"""The platform's own processes under honcho: logs in files, a compact view on the terminal."""

import os
import re
import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Process
from typing_extensions import override

from infra.embedded.lifeline import die_with
from infra.embedded.service import on_lifeline

READY_LIMIT = 90.0
# Celery's own announcements come every few seconds, and say nothing to somebody at a demo.
CHATTER = ("[celery.", "[kombu.", "] [INFO] ")
# Time and name stand before each line already; the logs have the rest.
TRIMMINGS = re.compile(r"^\S+Z \[info +\] | +\[request\]|\b(?:request|school)=\S+|(?<= ) +")


class TiedProcess(Process):  # type: ignore[misc] # honcho ships no types
    """Honcho's process, which here dies with the manager even when that is killed."""

    def __init__(self, cmd: str, **kwargs: object) -> None:
        super().__init__(cmd, **kwargs)
        self._command = shlex.split(cmd)
        self._manager = os.getpid()

    @override
    def run(self, *args: object, **kwargs: object) -> None:
        # A terminal that closes tells the manager, which ends us in good order.
        signal.signal(signal.SIGHUP, lambda *_: None)
        signal.signal(signal.SIGUSR1, self._end_group)
        die_with(self._manager, signal.SIGUSR1)
        self.cmd = f"exec {shlex.join(on_lifeline(*self._command))}"
        super().run(*args, **kwargs)

    def _end_group(self, *_signal: object) -> None:
        """End the command with the workers it made, which would not notice its death."""
        if self._child:
            os.killpg(self._child.pid, signal.SIGKILL)
        os._exit(1)


class LogPrinter(Printer):  # type: ignore[misc] # honcho ships no types
    """Writes everything to a log for each process, and what matters to the terminal."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        super().__init__(sys.stdout)
        self._files = ExitStack()
        self._logs = {
            name: self._files.enter_context((folder / f"{name}.log").open("wb", buffering=0))
            for name in names
        }
        self.is_open_to_all = False

    @override
    def write(self, message: Message) -> None:
        if (log := self._logs.get(message.name)) is None:
            return  # honcho's own words
        # A full disk or a closed terminal is no reason to stop.
        with suppress(OSError):
            log.write(message.data)
        line = message.data.decode("utf-8", "replace").rstrip()
        if self._concerns_people(line):
            room = shutil.get_terminal_size((120, 24)).columns - len("00:00:00 ") - self.width - 4
            short = TRIMMINGS.sub("", line)[:room]
            with suppress(OSError):
                super().write(message._replace(data=short))

    def _concerns_people(self, line: str) -> bool:
        if "[warning" in line or "[error" in line or "[critical" in line:
            return True
        return self.is_open_to_all and not any(source in line for source in CHATTER)


class Processes(Manager):  # type: ignore[misc] # honcho ships no types
    """Runs commands until one of them ends or somebody stops it.

    Args:
        commands: Arguments by process name.
        environment: Variables for all of them ...
        other_environments: ... but for those that are named here.
        logs: Folder for a log for each.
        is_ready: Asked again and again until the commands do their work.
        on_ready: Called once then.
        tend: Called every second from then on.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        environment: Mapping[str, str],
        other_environments: Mapping[str, Mapping[str, str]],
        logs: Path,
        is_ready: Callable[[], bool],
        on_ready: Callable[[], None],
        tend: Callable[[], None],
    ) -> None:
        self._log_printer = LogPrinter(logs, tuple(commands))
        super().__init__(self._log_printer)
        self._process_ctor = TiedProcess
        self._is_ready = is_ready
        self._on_ready = on_ready
        self._tend = tend
        self._is_wanted = True
        self._ended: str | None = None
        self._is_late = False
        for name, command in commands.items():
            own = other_environments.get(name, environment)
            self.add_process(name, shlex.join(command), env=dict(own))

    @property
    def failure(self) -> str | None:
        """Why it ended, if nobody asked it to."""
        if self._ended:
            return f"{self._ended} ended by itself"
        return f"not ready after {READY_LIMIT:.0f} seconds" if self._is_late else None

    def abandon(self) -> None:
        """Kill what still runs, without asking."""
        for process in self._processes.values():
            if "returncode" not in process and "process" in process:
                if pid := process.get("pid"):
                    self._procmgr.kill(pid)
                process["process"].kill()

    @override
    def terminate(self) -> None:
        self._log_printer.is_open_to_all = False
        if self._is_wanted:
            self._is_wanted = False
            ended = (name for name, facts in self._processes.items() if "returncode" in facts)
            self._ended = next(ended, None)
        # Honcho can only end what it knows to have begun; else ``_watch`` asks again.
        if self._all_started():
            super().terminate()

    @override
    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        deadline = time.monotonic() + READY_LIMIT
        while not self._is_ready():
            self._is_late = time.monotonic() > deadline
            if self._is_late or not self._is_wanted:
                self.terminate()
                if self._all_started():
                    return
            time.sleep(0.1)
        self._on_ready()
        self._log_printer.is_open_to_all = self._is_wanted
        while self._is_wanted:
            self._tend()
            time.sleep(1)
