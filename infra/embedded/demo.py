"""The whole platform on this machine: ``make demo``.

State lives in ``.run`` and survives a restart. Ends with Ctrl-C or SIGTERM, and leaves no process
behind; on Linux not even when it is killed.
"""

# ruff: noqa: T201 - it talks to a person at a terminal

import contextlib
import errno
import fcntl
import hashlib
import http.client
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import NoReturn

from infra.embedded.lifeline import die_with
from infra.embedded.processes import Processes
from infra.embedded.service import HOST, ServiceError, on_lifeline
from infra.embedded.services import Services, without_owner

ROOT = Path(__file__).parents[2]
RUN = ROOT / ".run"
LOGS = RUN / "logs"
FACTS = RUN / "demo.json"
SOURCES = (
    "platform",
    "tenants",
    "schools",
    "safeguarding",
    "notifications",
    "helpdesk",
    "support",
    "infra",
)
SOURCE_KINDS = {".py", ".csv", ".html", ".css", ".js", ".txt"}
ROOM_NEEDED = 300_000_000


class DemoError(Exception):
    """The demo cannot start; the message is one line for a person."""


def main() -> None:
    """Start everything, say where it is, and go on until somebody stops it."""
    os.chdir(ROOT)
    with only_demo_here():
        port = chosen_port()
        services = Services(RUN)
        try:
            serve(services, port)
        finally:
            ignore_signals()
            services.stop()
    print("· stopped")


def serve(services: Services, port: int) -> None:
    """Run the platform on the services until somebody stops it.

    Raises:
        DemoError: It ended although nobody stopped it.
    """
    started = time.monotonic()
    print("· starting PostgreSQL, Valkey, an S3 server and a mailbox", flush=True)
    services.spawn()
    for service in (services.valkey, services.postgres, services.mailbox):
        service.wait_ready()
    environment = platform_environment(services, port)
    prepare(environment, services)
    processes = Processes(
        commands(port),
        environment=without_owner(environment),
        # Makes the schemas of schools to come.
        other_environments={"fleet": environment},
        logs=LOGS,
        # The S3 server takes longest to start, and nothing else waits for it.
        is_ready=lambda: is_serving(port) and services.object_store.is_ready(),
        on_ready=lambda: print_facts(time.monotonic() - started),
        tend=services.spawn,
    )
    try:
        processes.loop()
    finally:
        ignore_signals()
        processes.abandon()
    print("· stopping", flush=True)
    if processes.failure:
        raise DemoError(f"{processes.failure}; see {LOGS}")


def chosen_port() -> int:
    """The port from ``PORT``.

    Raises:
        DemoError: It is no port, or is taken.
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DemoError(f"PORT={text} is not a port number")
    # Browsers try both loopbacks for *.localhost, so that a stranger on the other one would answer.
    for family, address in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        with contextlib.suppress(FileNotFoundError), socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, int(text)))
            except OSError as refused:
                if refused.errno in {errno.EADDRINUSE, errno.EACCES}:
                    why = "in use" if refused.errno == errno.EADDRINUSE else "not allowed"
                    raise DemoError(
                        f"port {text} is {why}; choose another: make demo PORT=8001"
                    ) from None
    return int(text)


@contextlib.contextmanager
def only_demo_here() -> Iterator[None]:
    """Hold the state folder for ourselves."""
    # Mails in there open accounts.
    RUN.mkdir(mode=0o700, exist_ok=True)
    LOGS.mkdir(exist_ok=True)
    if (free := shutil.disk_usage(RUN).free) < ROOM_NEEDED:
        raise DemoError(f"the disk is full: {free // 10**6} MB free, {ROOM_NEEDED // 10**6} needed")
    with (RUN / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoError(
                f"make demo is running in this folder already ({lock.read()})"
            ) from None
        lock.truncate(0)
        print(f"process {os.getpid()}", end="", file=lock, flush=True)
        yield


def platform_environment(services: Services, port: int) -> dict[str, str]:
    """What the settings read."""
    return {
        **os.environ,
        **services.environ(),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "BASE_DOMAIN": "localhost",
        "PUBLIC_SCHEME": "http",
        "PUBLIC_PORT": str(port),
        "STATIC_ROOT": str(RUN / "static"),
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "console"),
        "PYTHONUNBUFFERED": "1",
    }


def commands(port: int) -> dict[str, list[str]]:
    """The platform's processes; each module by ``-m``, since scripts break on long paths."""
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
            *("--no-control-socket", "--graceful-timeout", "3"),
        ],
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"],
        "fleet": [*celery, "worker", "--queues", "fleet", "--pool", "solo", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--pidfile", "", "--schedule", str(RUN / "beat-schedule")],
    }


# ---------------------------------------------------------------- preparing


def prepare(environment: Mapping[str, str], services: Services) -> None:
    """Migrate, seed and collect static files, unless all is as it was the last time."""
    stamp = RUN / "prepared"
    wanted = f"{environment['PUBLIC_PORT']} {services.mailbox.url} {state_of_sources()}"
    if FACTS.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    print("· preparing the database", flush=True)
    manage(environment, "migrate_fleet")
    services.object_store.wait_ready()
    print("· onboarding the schools", flush=True)
    mailbox = services.mailbox.url
    manage(environment, "seed_demo", "--json", FACTS, "--mailbox-url", mailbox, "--plenty")
    manage(environment, "seed_demo_tickets")
    manage(environment, "seed_knowledge")
    manage(environment, "collectstatic", "--no-input", "--clear")
    stamp.write_text(wanted, encoding="utf-8")


def manage(environment: Mapping[str, str], *arguments: str | Path) -> None:
    """Run a management command.

    Raises:
        DemoError: It failed.
    """
    log = LOGS / f"{arguments[0]}.log"
    with log.open("wb") as output:
        code = subprocess.run(  # noqa: S603 - our own command
            on_lifeline(sys.executable, ROOT / "platform" / "manage.py", *arguments),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code:
        last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise DemoError(f"{arguments[0]} failed: {last} ({log})")


def state_of_sources() -> str:
    """Changes whenever a file of ours that could matter changes."""
    total = hashlib.sha256(sys.version.encode())
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SOURCE_KINDS:
                facts = path.stat()
                total.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return total.hexdigest()


# ---------------------------------------------------------------- ready


def is_serving(port: int) -> bool:
    """Whether the first school's pages can be served."""
    host = json.loads(FACTS.read_text(encoding="utf-8"))["schools"][0]["url"].split("/")[2]
    # Python does not resolve names under localhost, so the name goes only into the request.
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def print_facts(seconds: float) -> None:
    """The addresses and accounts, as ``demo.json`` has them."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    sites = [*facts["schools"], *facts["faces"]]
    accounts = [account for site in sites for account in site["accounts"]]
    width = {
        name: max(len(account[name]) for account in accounts)
        for name in ("email", "password", "role")
    }
    lines = [f"\nReady after {seconds:.1f} s."]
    for site in sites:
        lines.append(f"\n{site['url']}")
        for account in site["accounts"]:
            columns = [account[name].ljust(size) for name, size in width.items()]
            key = f"key {account['totp_secret']}" if account.get("totp_secret") else ""
            lines.append(f"  {'   '.join([*columns, key])}".rstrip())
    lines.append(f"\nMailbox   {facts['mailbox_url']}")
    lines.append(f"\nThe same in {FACTS}, logs in {LOGS}. Ctrl-C stops everything.\n")
    print("\n".join(lines), flush=True)


# ---------------------------------------------------------------- signals


def obey_signals() -> None:
    """Let SIGTERM and a closed terminal end us as Ctrl-C does, and die politely with ``make``."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        ignore_signals()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # unlike under nohup
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    if "MAKELEVEL" in os.environ:
        die_with(os.getppid(), signal.SIGTERM)


def ignore_signals() -> None:
    """Clear up undisturbed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    if sys.platform == "linux":
        # Children must be ours, not a fork server's, to end with us.
        multiprocessing.set_start_method("fork")
    try:
        obey_signals()
        main()
    except KeyboardInterrupt:
        print("· stopped")
    except (DemoError, ServiceError) as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        sys.exit(
            f"error: {'the disk is full' if full else error.strerror}: {error.filename or RUN}"
        )
