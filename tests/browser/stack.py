"""The whole product for the browser stories: its own database, web server, worker and beat."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from infra.embedded.service import on_lifeline
from infra.embedded.services import Services, without_owner

ROOT = Path(__file__).parents[2]
DATABASE = "stories"
_HOST = "127.0.0.1"
_READY_SECONDS = 90


@dataclass
class Stack:
    """The demo, seeded, on a port of its own."""

    services: Services
    folder: Path
    demo: dict[str, Any] = field(default_factory=dict)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *seeding: str) -> None:
        """Make the database, seed the two schools, start the platform, wait until it serves.

        Args:
            seeding: Options of ``seed_demo``.
        """
        self.port = _free_port()
        self._make_database()
        self.manage("migrate_schemas", "--shared")
        facts = self.folder / "demo.json"
        mailbox = self.services.mailbox.url
        self.manage("seed_demo", "--json", facts, "--mailbox-url", mailbox, *seeding)
        self.manage("seed_knowledge")
        self.manage("collectstatic", "--no-input", "-v", "0")
        self.demo = json.loads(facts.read_text())
        python = (sys.executable, "-m")
        self.start_web()
        self._spawn(*python, "celery", "-A", "config", "worker", "--concurrency", "1")
        beat = (*python, "celery", "-A", "config", "beat", "--pidfile", "")
        self._spawn(*beat, "--schedule", str(self.folder / "beat"))
        self._wait()

    def start_web(self) -> None:
        """Start the web server."""
        self.web = self._spawn(
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{_HOST}:{self.port}"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "4"),
            "--no-control-socket",
        )

    def start_fleet(self) -> None:
        """Start the worker that makes schemas, as their owner."""
        self._spawn(
            *(sys.executable, "-m", "celery", "-A", "config", "worker", "--queues", "fleet"),
            *("--pool", "solo"),
            environment=self._environment(),
        )

    def kill_web(self) -> None:
        """``kill -9`` the web server with its workers."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self._processes.remove(self.web)

    def stop(self) -> None:
        """End the platform's processes."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def school(self, slug: str) -> dict[str, Any]:
        """Return the address and accounts of a school, or of a face of the control plane."""
        sites = (*self.demo["schools"], *self.demo["faces"])
        found: dict[str, Any] = next(one for one in sites if one["slug"] == slug)
        return found

    def account(self, slug: str, name: str) -> dict[str, Any]:
        """Return the account ``name@slug.example``."""
        email = f"{name}@{slug}.example"
        found: dict[str, Any] = next(
            a for a in self.school(slug)["accounts"] if a["email"] == email
        )
        return found

    def mails_to(self, address: str, *, at_least: int = 1, about: str = "") -> list[dict[str, Any]]:
        """Return the mails to an address with some words, newest first; wait a minute for them."""
        deadline = time.monotonic() + 60
        while True:
            with urllib.request.urlopen(f"{self.services.mailbox.url}api/messages") as answer:
                mails = [m for m in json.load(answer) if address in str(m["to"])]
            mails = [one for one in mails if about in f"{one['subject']}\n{one['text']}"]
            if len(mails) >= at_least:
                return mails
            if time.monotonic() > deadline:
                raise AssertionError(f"only {len(mails)} of {at_least} mails came")
            time.sleep(0.25)

    def _environment(self) -> dict[str, str]:
        given = self.services.environ()
        addresses = {
            name: f"{given[name].rpartition('/')[0]}/{DATABASE}"
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }
        return {
            **os.environ,
            **given,
            **addresses,
            "BROKER_URL": given["BROKER_URL"].removesuffix("/0") + "/2",
            "CACHE_URL": given["CACHE_URL"].removesuffix("/1") + "/3",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "PUBLIC_PORT": str(self.port),
            "STATIC_ROOT": str(self.folder / "static"),
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        }

    def _make_database(self) -> None:
        with psycopg.connect(self.services.postgres.owner_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def manage(self, *arguments: str | Path) -> None:
        """Run a management command."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "platform" / "manage.py"), *map(str, arguments)],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _spawn(
        self, *command: str, environment: dict[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        name = command[command.index("-m") + 1] + str(len(self._processes))
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    on_lifeline(*command),
                    cwd=self.folder,
                    env=environment or without_owner(self._environment()),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        return self._processes[-1]

    def _wait(self) -> None:
        host = self.demo["schools"][0]["url"].split("/")[2]
        request = urllib.request.Request(f"http://{_HOST}:{self.port}/readyz")
        request.add_header("Host", host)
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.URLError):
                pass
            if time.monotonic() > deadline:
                raise AssertionError("the platform did not get ready")
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
