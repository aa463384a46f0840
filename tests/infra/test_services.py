"""The embedded services: they start, keep what they were given, and leave nothing behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import psutil
import psycopg
import pytest
import redis
from botocore.exceptions import ClientError
from psycopg import sql

from infra.embedded.postgres import AS_NOBODY, Postgres
from infra.embedded.service import LIFELINE, is_taken
from infra.embedded.services import Services

ROOT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
# A clone may lie deep, under folders with blanks.
DEEP = Path("with a blank") / ("deep" * 30) / ("deeper" * 20)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with Services(tmp_path_factory.mktemp("services") / DEEP, durable=False) as running:
        yield running


def s3_client(services: Services, **keys: str):
    found = services.environ()
    return boto3.client(
        "s3",
        endpoint_url=services.object_store.url,
        region_name="eu-west-2",
        aws_access_key_id=keys.get("key", found["S3_ACCESS_KEY_ID"]),
        aws_secret_access_key=keys.get("secret", found["S3_SECRET_ACCESS_KEY"]),
    )


def test_01_each_service_keeps_its_data_and_port_over_kill_9(services: Services) -> None:
    with psycopg.connect(services.postgres.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    redis.from_url(services.environ()["BROKER_URL"]).set("answer", 42)
    s3_client(services).put_object(Bucket="attachments", Key="answer", Body=b"42" * 3_000_000)
    before = services.environ()

    for service in services.all:
        service.kill()
        assert service.pid is None
        service.start()
    for service in services.all:
        service.wait_ready()

    assert services.environ() == before
    with psycopg.connect(services.postgres.owner_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert redis.from_url(services.environ()["BROKER_URL"]).get("answer") == b"42"
    body = s3_client(services).get_object(Bucket="attachments", Key="answer")["Body"].read()
    assert body == b"42" * 3_000_000


def test_02_the_application_owns_nothing_and_the_owner_is_no_superuser(services: Services) -> None:
    facts = []
    for url in (services.postgres.url, services.postgres.owner_url):
        with psycopg.connect(url) as connection:
            facts.append(
                connection.execute(
                    "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb,"
                    " pg_get_userbyid(datdba) = rolname FROM pg_roles, pg_database"
                    " WHERE rolname = current_user AND datname = current_database()"
                ).fetchone()
            )
    application, owner = facts
    assert application == (False, False, False, False, False, False)
    assert owner == (False, False, True, True, True, True)


def test_02_a_folder_of_an_earlier_version_goes_on(services: Services) -> None:
    kept = services.folder / "secrets.json"
    known = json.loads(kept.read_text(encoding="utf-8"))
    assert known["POSTGRES_SUPERUSER_PASSWORD"] != known["POSTGRES_OWNER_PASSWORD"]
    before = {name: one for name, one in known.items() if name != "POSTGRES_SUPERUSER_PASSWORD"}
    kept.write_text(json.dumps(before), encoding="utf-8")
    again = Services(services.folder)
    kept.write_text(json.dumps(known), encoding="utf-8")
    assert known["POSTGRES_OWNER_PASSWORD"] in again.postgres.superuser_url


def test_03_extensions_are_in_their_own_schema_also_in_databases_made_for_tests(
    services: Services,
) -> None:
    with psycopg.connect(services.postgres.owner_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE made_for_tests")
    url = services.postgres.url.rpartition("/")[0] + "/made_for_tests"
    with psycopg.connect(url) as connection:
        connection.execute("SET search_path TO extensions")
        found = connection.execute("SELECT unaccent('Zoë'), similarity('Zoe', 'Zoe')").fetchone()
    assert found == ("Zoe", 1.0)


def test_04_wrong_passwords_and_keys_are_refused(services: Services) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(services.postgres.url.replace(":", ":wrong", 2).replace("wrong//", "//"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=services.valkey.port).ping()
    for wrong in ({"key": "wrong"}, {"secret": "wrong"}):
        with pytest.raises(ClientError, match=r"403|InvalidAccessKeyId|SignatureDoesNotMatch"):
            s3_client(services, **wrong).list_buckets()
    buckets = s3_client(services).list_buckets()["Buckets"]
    assert {bucket["Name"] for bucket in buckets} == {"anchors", "attachments"}


def test_05_servers_listen_on_loopback_only(services: Services) -> None:
    for service in services.all:
        listening = {
            connection.laddr.ip
            for connection in psutil.Process(service.pid).net_connections()
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}


def test_06_errors_in_the_database_log_hold_no_value(services: Services) -> None:
    with psycopg.connect(services.postgres.owner_url) as connection:
        connection.execute("CREATE TABLE named (name text UNIQUE)")
        connection.execute("INSERT INTO named VALUES ('Invented Pupil')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO named VALUES ('Invented Pupil')")
    log = services.postgres.log.read_text(encoding="utf-8")
    assert "named_name_key" in log
    assert "Invented" not in log


def test_07_secrets_are_for_their_owner_and_stay_the_same(tmp_path: Path) -> None:
    first = Services(tmp_path).environ()
    kept = tmp_path / "secrets.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert Services(tmp_path).environ() == first
    assert Services(tmp_path / "other").environ()["SECRET_KEY"] != first["SECRET_KEY"]


def test_08_a_port_taken_by_a_stranger_is_given_up(tmp_path: Path, services: Services) -> None:
    taken = services.valkey.port
    valkey = Services(tmp_path).valkey
    valkey.folder.mkdir()
    (valkey.folder / "ports.json").write_text(json.dumps({"main": taken}), encoding="utf-8")
    valkey.start()
    try:
        valkey.wait_ready()
        assert valkey.port != taken
    finally:
        valkey.stop()
    assert not is_taken(valkey.port)


@pytest.mark.skipif(not IS_ROOT, reason="only root needs to become somebody else")
def test_09_root_runs_postgres_as_nobody_where_user_namespaces_are_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.embedded.postgres._disguise", lambda: AS_NOBODY)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    postgres = Postgres(
        closed / "postgres", superuser_password="s", owner_password="o", password="p", durable=False
    )
    for _ in range(2):
        postgres.start()
        try:
            postgres.wait_ready()
            assert psutil.Process(postgres.pid).username() == "nobody"
        finally:
            postgres.stop()


START = """
import json, sys, time
from pathlib import Path
from infra.embedded.services import Services
services = Services(Path(sys.argv[1]), durable=False)
services.start()
print(json.dumps([service.pid for service in services.all]), flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(
    "user", ["same", pytest.param("ordinary", marks=pytest.mark.skipif(not IS_ROOT, reason="is"))]
)
def test_10_nothing_survives_a_killed_supervisor(tmp_path: Path, user: str) -> None:
    command = [sys.executable, "-c", START, str(tmp_path / "state")]
    if user == "ordinary":
        tmp_path.chmod(0o777)
        command = [
            *(sys.executable, str(LIFELINE), str(os.getpid()), "--as-nobody", "--"),
            *command,
        ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as supervisor:
        assert supervisor.stdout is not None
        servers = [psutil.Process(pid) for pid in json.loads(supervisor.stdout.readline())]
        everything = [
            *servers,
            *(child for server in servers for child in server.children(recursive=True)),
        ]
        assert len(servers) == 4
        if user == "ordinary":
            assert {server.username() for server in servers} == {"nobody"}
        began = time.monotonic()
        supervisor.send_signal(signal.SIGKILL)
        _gone, alive = psutil.wait_procs(everything, timeout=5)
    assert alive == []
    assert time.monotonic() - began < 5


def test_11_a_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    postgres = Postgres(
        tmp_path / "postgres",
        superuser_password="s",
        owner_password="o",
        password="p",
        durable=False,
    )
    half = postgres.folder / "unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18", encoding="utf-8")
    postgres.start()
    try:
        postgres.wait_ready()
        with psycopg.connect(postgres.owner_url) as connection:
            encoding = connection.execute(
                sql.SQL(
                    "SELECT datlocale, pg_encoding_to_char(encoding) FROM pg_database"
                    " WHERE datname = current_database()"
                )
            ).fetchone()
    finally:
        postgres.stop()
    assert encoding == ("C.UTF-8", "UTF8")


def test_12_postgres_starts_again_although_a_backend_was_busy(services: Services) -> None:
    busy = psycopg.connect(services.postgres.url, autocommit=True)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000)")
    services.postgres.kill()
    services.postgres.start()
    services.postgres.wait_ready()
    with psycopg.connect(services.postgres.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    busy.close()
