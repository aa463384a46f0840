"""All four services, and the environment in which the platform finds them."""

import base64
import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from infra.embedded.mailbox import Mailbox
from infra.embedded.object_store import REGION, ObjectStore
from infra.embedded.postgres import Postgres
from infra.embedded.service import HOST, Service
from infra.embedded.valkey import Valkey

BUCKET = "attachments"
ANCHOR_BUCKET = "anchors"


class Services:
    """PostgreSQL, Valkey, an S3 server and a mailbox over one folder.

    with Services(folder) as services:
        os.environ.update(services.environ())

    Args:
        folder: Holds data, logs, ports and secrets, so that a second start finds them all again.
        durable: Whether a commit survives a power cut; tests do without. ``kill -9`` it survives.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self._secrets = _kept_secrets(self.folder)
        self.postgres = Postgres(
            self.folder / "postgres",
            superuser_password=self._secrets["POSTGRES_SUPERUSER_PASSWORD"],
            owner_password=self._secrets["POSTGRES_OWNER_PASSWORD"],
            password=self._secrets["POSTGRES_PASSWORD"],
            durable=durable,
        )
        self.valkey = Valkey(self.folder / "valkey", password=self._secrets["VALKEY_PASSWORD"])
        self.object_store = ObjectStore(
            self.folder / "object-store",
            bucket=BUCKET,
            locked_bucket=ANCHOR_BUCKET,
            access_key=self._secrets["S3_ACCESS_KEY_ID"],
            secret_key=self._secrets["S3_SECRET_ACCESS_KEY"],
        )
        self.mailbox = Mailbox(self.folder / "mailbox")

    @property
    def all(self) -> tuple[Service, ...]:
        """The slowest to start comes first."""
        return (self.object_store, self.valkey, self.mailbox, self.postgres)

    def start(self) -> None:
        """Start all at once and return when all answer.

        Raises:
            ServiceError: One of them did not; the others are stopped.
        """
        try:
            self.spawn()
            for service in self.all:
                service.wait_ready()
        except BaseException:
            self.stop()
            raise

    def spawn(self) -> None:
        """Start all, or those that ended, without waiting for their answers."""
        for service in self.all:
            service.start()

    def stop(self) -> None:
        """Stop all, the last started first."""
        with contextlib.ExitStack() as each:
            for service in self.all:
                each.callback(service.stop)

    def __enter__(self) -> Self:
        """Start all."""
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop all."""
        self.stop()

    def environ(self) -> dict[str, str]:
        """The variables from which the platform's settings find these services."""
        return {
            "SECRET_KEY": self._secrets["SECRET_KEY"],
            "LOCAL_WRAPPING_KEY": self._secrets["LOCAL_WRAPPING_KEY"],
            "DATABASE_URL": self.postgres.url,
            "DATABASE_OWNER_URL": self.postgres.owner_url,
            "BROKER_URL": self.valkey.url(0),
            "CACHE_URL": self.valkey.url(1),
            "S3_ENDPOINT_URL": self.object_store.url,
            "S3_BUCKET": BUCKET,
            "AUDIT_ANCHOR_BUCKET": ANCHOR_BUCKET,
            # What is anchored on one machine is gone with its folder; nobody should wait for it.
            "AUDIT_ANCHOR_DAYS": "1",
            "S3_ACCESS_KEY_ID": self._secrets["S3_ACCESS_KEY_ID"],
            "S3_SECRET_ACCESS_KEY": self._secrets["S3_SECRET_ACCESS_KEY"],
            "S3_REGION": REGION,
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(self.mailbox.port),
        }


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out what only whoever migrates and onboards may know: web and worker own nothing."""
    return {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}


def _kept_secrets(folder: Path) -> dict[str, str]:
    """Passwords and keys, made once and readable by their owner only."""
    kept = folder / "secrets.json"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(_new_secrets(), indent=1), encoding="utf-8")
        os.replace(unfinished, kept)
    found: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
    # In a folder of an earlier version the superuser was called the owner.
    found.setdefault("POSTGRES_SUPERUSER_PASSWORD", found["POSTGRES_OWNER_PASSWORD"])
    return found


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOCAL_WRAPPING_KEY": _new_wrapping_key(),
        "POSTGRES_SUPERUSER_PASSWORD": secrets.token_hex(16),
        "POSTGRES_OWNER_PASSWORD": secrets.token_hex(16),
        "POSTGRES_PASSWORD": secrets.token_hex(16),
        "VALKEY_PASSWORD": secrets.token_hex(16),
        "S3_ACCESS_KEY_ID": secrets.token_hex(10).upper(),
        "S3_SECRET_ACCESS_KEY": secrets.token_hex(20),
    }


def _new_wrapping_key() -> str:
    # Needed once in the life of a folder, and slow to import.
    import tink  # noqa: PLC0415 - slow to load, and needed once
    from tink import aead, secret_key_access  # noqa: PLC0415 - as above

    aead.register()
    keyset = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return base64.b64encode(
        tink.proto_keyset_format.serialize(keyset, secret_key_access.TOKEN)
    ).decode("ascii")
