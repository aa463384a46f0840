"""The platform's processes on services of their own, to be killed and started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import rows, sql

from infra.embedded.mailbox.store import Mail, Store
from infra.embedded.service import Service, on_lifeline
from infra.embedded.services import Services, without_owner
from infra.embedded.valkey import Valkey

ROOT = Path(__file__).parents[2]
#: Processes of the worker: so many mails can be under way when it is killed.
SENDERS = 2
_PYTHON = (sys.executable, "-m")
_OFFICE = "import django; django.setup(); from tests.faults.office import main; main()"


class Rig:
    """Services, a worker, beat, and an office where incidents are recorded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services = Services(folder / "services", durable=False)
        self.mailbox, self.broker = self.services.mailbox, self.services.valkey
        # Apart from the broker, so that each can be away without the other.
        self.cache = Valkey(folder / "cache", password="cache")
        celery = (*_PYTHON, "celery", "-A", "config")
        lonely = ("--without-gossip", "--without-mingle")
        self.worker = Process(self, "worker", *celery, "worker", "-c", str(SENDERS), *lonely)
        schedule = str(folder / "schedule")
        self.beat = Process(self, "beat", *celery, "beat", "--pidfile", "", "-s", schedule)
        self.office = Office(self)
        self.schema = ""

    def start(self) -> None:
        """Start all but worker and beat; the object store is not needed."""
        self.services.postgres.start()
        self.repair()
        self.services.postgres.wait_ready()
        self.office.start()
        self.schema = self.office.does("open_school")["schema"]

    def repair(self) -> None:
        """Start again what a test has killed."""
        for service in (self.broker, self.cache, self.mailbox):
            service.start()
            service.wait_ready()

    def stop(self) -> None:
        """Stop everything."""
        for process in (self.worker, self.beat, self.office):
            process.kill()
        self.cache.stop()
        self.services.stop()

    @property
    def environ(self) -> dict[str, str]:
        """What the platform's processes run with."""
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            **self.services.environ(),
            "CACHE_URL": self.cache.url(0),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "BASE_DOMAIN": "localhost",
            "PUBLIC_SCHEME": "http",
            "LOG_LEVEL": "WARNING",
        }

    def events(self, where: str = "true") -> list[dict[str, Any]]:
        """Outbox rows of the school."""
        return self._sql("SELECT * FROM {schema}.outbox_outboxevent WHERE " + where)  # noqa: S608 - ours

    def change(self, what: str, *, where: str) -> None:
        """Change outbox rows of the school."""
        query = f"UPDATE {{schema}}.outbox_outboxevent SET {what} WHERE {where}"  # noqa: S608 - ours
        self._sql(f"{query} RETURNING 1")

    def alerts(self) -> dict[str, dict[str, Any]]:
        """Alerts of the school by reference."""
        found = self._sql("SELECT * FROM {schema}.safeguarding_alert")
        return {str(row["ref"]): row for row in found}

    def let_backoff_pass(self) -> None:
        """Make everything due that was postponed, and ring."""
        self.change("due_at = now()", where="done_at IS NULL AND parked_at IS NULL")
        self.office.does("ring")

    def forget_mails_and_events(self) -> None:
        """Begin the next test with an empty outbox and mailbox."""
        self._sql("DELETE FROM {schema}.outbox_outboxevent RETURNING 1")
        self._mails.clear()

    def number_of_mails(self) -> int:
        """How many transactions the mail server accepted, without reading them."""
        return len(list((self.mailbox.folder / "mails").glob("*.eml")))

    def copies(self) -> Counter[str]:
        """How often each outbox row's email was accepted: one transaction, one copy."""
        return Counter(_event_of(mail) for mail in self._mails)

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
        undone = self.events("done_at IS NULL")
        return len(self.events("done_at IS NULL FOR UPDATE SKIP LOCKED")) == len(undone)

    @contextmanager
    def locked_event(self) -> Iterator[str]:
        """Hold the first event's row as a worker does that is sending it; its reference."""
        query = "SELECT ref FROM {schema}.outbox_outboxevent ORDER BY id LIMIT 1 FOR UPDATE"
        with psycopg.connect(self.services.postgres.owner_url) as connection:
            [(ref,)] = connection.execute(self._statement(query)).fetchall()
            yield str(ref)

    @property
    def _mails(self) -> Store:
        return Store(self.mailbox.folder / "mails")

    def _sql(self, query: str) -> list[dict[str, Any]]:
        url = self.services.postgres.owner_url
        with psycopg.connect(url, autocommit=True, row_factory=rows.dict_row) as connection:
            return connection.execute(self._statement(query)).fetchall()

    def _statement(self, query: str) -> sql.Composed:
        return sql.SQL(query).format(schema=sql.Identifier(self.schema))


class Process:
    """A process of the platform and its children, killed together."""

    def __init__(self, rig: Rig, name: str, *command: str) -> None:
        self.rig, self.name, self.command = rig, name, command
        self.running: subprocess.Popen[str] | None = None

    @property
    def environ(self) -> dict[str, str]:
        """What it runs with; who onboards no school is not told the owner's address."""
        return without_owner(self.rig.environ)

    def start(self, **pipes: Any) -> None:
        """Spawn it, unless it runs; its output goes to a file."""
        if self.running and self.running.poll() is None:
            return
        with (self.rig.folder / f"{self.name}.log").open("a") as log:
            self.running = subprocess.Popen(
                on_lifeline(*self.command),
                cwd=ROOT,
                env=self.environ,
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
        """What it said last."""
        return (self.rig.folder / f"{self.name}.log").read_text()[-3000:]


class Office(Process):
    """The process that records incidents."""

    def __init__(self, rig: Rig) -> None:
        super().__init__(rig, "office", sys.executable, "-c", _OFFICE)

    @property
    def environ(self) -> dict[str, str]:
        """It opens the school, too."""
        return self.rig.environ

    def start(self, **pipes: Any) -> None:
        """Spawn it with a line to it."""
        super().start(stdin=subprocess.PIPE, stdout=subprocess.PIPE, **pipes)

    def does(self, what: str, **facts: Any) -> Any:
        """Have it do something; return its answer."""
        self.begins(what, **facts)
        return self.answer()

    def begins(self, what: str, **facts: Any) -> None:
        """Have it do something without waiting."""
        assert self.running
        assert self.running.stdin
        self.running.stdin.write(json.dumps({"do": what, **facts}) + "\n")
        self.running.stdin.flush()

    def answer(self) -> Any:
        """Return the answer to what it was begun with."""
        assert self.running
        assert self.running.stdout
        line = self.running.stdout.readline()
        assert line, self.log
        return json.loads(line)


def forget_everything(broker: Service) -> None:
    """Delete what the stopped broker kept."""
    shutil.rmtree(broker.folder / "appendonlydir")


def eventually(condition: Callable[[], bool], *, rig: Rig, within: float = 60) -> None:
    """Wait until ``condition`` holds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, rig.worker.log
        time.sleep(0.05)


def _event_of(mail: Mail) -> str:
    return mail.header("Message-ID").strip("<>").partition("@")[0]
