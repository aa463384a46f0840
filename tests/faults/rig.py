"""The platform's processes on services of their own, to be killed and started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from infra.embedded.mailbox.store import Mail, Store
from infra.embedded.service import LIFELINE, Service
from infra.embedded.services import Services

ROOT = Path(__file__).parents[2]
#: Sending processes of the one worker.
SENDERS = 2
EVENTS = "outbox_outboxevent"


class Rig:
    """Services, a worker, beat, and an office where incidents are recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services = Services(folder / "services", durable=False)
        self.mailbox, self.broker = self.services.mailbox, self.services.valkey
        self.worker = Process(self, "worker", *_celery("worker", f"-c{SENDERS}"))
        self.beat = Process(self, "beat", *_celery("beat", "-s", folder / "schedule"))
        self.office = Office(self)
        self.schema = ""

    def start(self) -> None:
        """Start all but worker and beat; the object store is not needed."""
        for service in (self.services.postgres, self.broker, self.mailbox):
            service.start()
        for service in (self.services.postgres, self.broker, self.mailbox):
            service.wait_ready()
        self.office.start()
        self.schema = self.office.does("open_school")["schema"]

    def stop(self) -> None:
        """Stop everything."""
        for process in (self.worker, self.beat, self.office):
            process.kill()
        self.services.stop()

    @property
    def environ(self) -> dict[str, str]:
        """What the platform's processes run with."""
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **self.services.environ(),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "BASE_DOMAIN": "localhost",
            "PUBLIC_SCHEME": "http",
            "PUBLIC_PORT": "8000",
            "LOG_LEVEL": "WARNING",
        }

    def events(self, where: str = "true") -> list[dict[str, Any]]:
        """Outbox rows of the school."""
        return self._rows(f"SELECT * FROM {{schema}}.{EVENTS} WHERE {where}")

    def alerts(self) -> dict[str, dict[str, Any]]:
        """Alerts of the school by reference."""
        rows = self._rows("SELECT * FROM {schema}.safeguarding_alert")
        return {str(row["ref"]): row for row in rows}

    def let_backoff_pass(self) -> None:
        """Make everything due that was postponed, and ring."""
        self.change("due_at = now()", where="done_at IS NULL AND parked_at IS NULL")
        self.office.does("ring")

    def change(self, what: str, *, where: str) -> None:
        """Change outbox rows of the school."""
        self._run(f"UPDATE {{schema}}.{EVENTS} SET {what} WHERE {where}")

    def forget_mails_and_events(self) -> None:
        """Begin the next test with an empty outbox, mailbox and broker."""
        self._run(f"DELETE FROM {{schema}}.{EVENTS}")
        Store(self.mailbox.folder / "mails").clear()

    def _rows(self, query: str) -> list[dict[str, Any]]:
        with self._connect() as connection, connection.cursor(
            row_factory=psycopg.rows.dict_row
        ) as cursor:
            cursor.execute(self._in_schema(query))
            return cursor.fetchall()

    def _run(self, query: str) -> None:
        with self._connect() as connection:
            connection.execute(self._in_schema(query))

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.services.postgres.url, autocommit=True)

    def _in_schema(self, query: str) -> sql.Composed:
        return sql.SQL(query).format(schema=sql.Identifier(self.schema))  # type: ignore[arg-type] # our own text

    def mails(self) -> list[Mail]:
        """Every transaction that the mail server accepted."""
        return list(Store(self.mailbox.folder / "mails"))

    def number_of_mails(self) -> int:
        """How many transactions the mail server accepted, without reading them."""
        return len(list((self.mailbox.folder / "mails").glob("*.eml")))

    def copies(self) -> Counter[str]:
        """How often each outbox row's email was accepted."""
        return Counter(_event_of(mail) for mail in self.mails())

    def accepted_but_not_done(self) -> Counter[str]:
        """Emails that the server took though their rows are not done, and how often.

        While nobody is sending, these are the kills that hit the window between the server's
        “250” and our COMMIT.
        """
        eventually(self._nobody_sends, rig=self)
        undone = {str(row["ref"]) for row in self.events("done_at IS NULL")}
        return Counter({ref: many for ref, many in self.copies().items() if ref in undone})

    def _nobody_sends(self) -> bool:
        # Whoever sends holds the row's lock; the mail server may still be writing for a moment.
        time.sleep(0.3)
        return len(self.events("done_at IS NULL FOR UPDATE SKIP LOCKED")) == len(
            self.events("done_at IS NULL")
        )


class Process:
    """A process of the platform and its children, killed together."""

    def __init__(self, rig: Rig, name: str, *command: str) -> None:
        self.rig, self.name, self.command = rig, name, command
        self.running: subprocess.Popen[str] | None = None

    def start(self, **pipes: Any) -> None:
        """Spawn it, unless it runs; its output goes to a file."""
        if self.running and self.running.poll() is None:
            return
        with (self.rig.folder / f"{self.name}.log").open("a") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-I", "-S", str(LIFELINE), str(os.getpid()), "--", *self.command],
                cwd=ROOT,
                env=self.rig.environ,
                text=True,
                start_new_session=True,
                **{"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, **pipes},
            )

    def kill(self) -> None:
        """``kill -9`` it with its children."""
        if self.running:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.communicate()
            self.running = None

    @property
    def log(self) -> str:
        """What it said."""
        return (self.rig.folder / f"{self.name}.log").read_text()


class Office(Process):
    """The process that records incidents."""

    def __init__(self, rig: Rig) -> None:
        super().__init__(rig, "office", sys.executable, "-m", "tests.faults.office")

    def start(self, **pipes: Any) -> None:
        """Spawn it with a line to it."""
        super().start(stdin=subprocess.PIPE, stdout=subprocess.PIPE, **pipes)

    def does(self, what: str, **facts: Any) -> Any:
        """Have it do something; return its answer."""
        self.asks(what, **facts)
        return self.answer()

    def asks(self, what: str, **facts: Any) -> None:
        """Have it do something without waiting."""
        assert self.running
        assert self.running.stdin
        self.running.stdin.write(json.dumps({"do": what, **facts}) + "\n")
        self.running.stdin.flush()

    def answer(self) -> Any:
        """Return the answer to what was asked."""
        assert self.running
        assert self.running.stdout
        line = self.running.stdout.readline()
        assert line, self.log[-3000:]
        return json.loads(line)


def empty(service: Service, *folders: str) -> None:
    """Delete what a stopped service keeps."""
    for folder in folders:
        shutil.rmtree(service.folder / folder)


def eventually(condition: Callable[[], bool], *, within: float = 30, rig: Rig | None = None) -> None:
    """Wait until ``condition`` holds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, rig.worker.log[-3000:] if rig else "not in time"
        time.sleep(0.05)


def _celery(command: str, *options: str | Path) -> Sequence[str]:
    quick = ("--without-gossip", "--without-mingle") if command == "worker" else ()
    return (
        *(sys.executable, "-m", "celery", "-A", "config", command, "--loglevel", "WARNING"),
        *(*quick, *map(str, options)),
    )


def _event_of(mail: Mail) -> str:
    return mail.header("Message-ID").strip("<>").partition("@")[0]
