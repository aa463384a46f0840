"""Anchors: the chain's head, put where nobody can bend it, neither we nor the database's owner.

An anchor is an object ``anchors/<school>/<number>-<hash>.json`` in a bucket with Object Lock, kept in
COMPLIANCE mode. Its name says all that it proves; the text repeats it for people. Who rewrites
the chain cannot take the name back, and an anchor that the chain contradicts is a finding.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from core import clock
from core.attachments.errors import StorageUnavailable
from core.attachments.storage import client, storage_errors
from core.audit import chain
from core.audit.models import AuditSeal

_NAME = re.compile(r"^anchors/[0-9a-f-]{36}/(?P<number>[0-9]{12})-(?P<hash>[0-9a-f]{64})\.json$")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """One version of one anchor.

    Attributes:
        number: Of the seal.
        hash: Of the seal, 32 bytes.
        put_at: By the object store's clock (UTC).
    """

    number: int
    hash: bytes
    put_at: datetime


def anchor_head() -> int:
    """Put the head of the current record in the locked bucket, if it is not there yet.

    A store that cannot be reached is logged, and the next hour tries again.

    Returns:
        How many objects were put: 1 or 0.
    """
    said = AuditSeal.objects.only("number", "hash", "entries", "sealed_at")
    head = said.order_by("-number").first()
    if head is None:
        return 0
    try:
        return int(_put(head))
    except StorageUnavailable:
        log.warning("audit_anchor_postponed", number=head.number)
        return 0


def anchors() -> list[Anchor]:
    """Return every version of every anchor of the current record, in no order.

    Raises:
        StorageUnavailable: The store cannot be asked.
    """
    with storage_errors():
        pages = client().get_paginator("list_object_versions")
        return [
            Anchor(
                number=int(name["number"]),
                hash=bytes.fromhex(name["hash"]),
                put_at=version["LastModified"],
            )
            for page in pages.paginate(Bucket=settings.AUDIT_ANCHOR_BUCKET, Prefix=_folder())
            for version in page.get("Versions", [])
            if (name := _NAME.match(version["Key"]))
        ]


def _folder() -> str:
    return f"anchors/{chain.record_of()}/"


def _put(head: AuditSeal) -> bool:
    key = f"{_folder()}{head.number:012d}-{bytes(head.hash).hex()}.json"
    with storage_errors():
        there = client().list_objects_v2(Bucket=settings.AUDIT_ANCHOR_BUCKET, Prefix=key)
        if there.get("KeyCount"):
            return False
        client().put_object(
            Bucket=settings.AUDIT_ANCHOR_BUCKET,
            Key=key,
            Body=_text(head),
            ContentType="application/json",
            # Object Lock insists on a checksum.
            ChecksumAlgorithm="SHA256",
            ObjectLockMode="COMPLIANCE",
            ObjectLockRetainUntilDate=clock.now() + timedelta(days=settings.AUDIT_ANCHOR_DAYS),
        )
    return True


def _text(head: AuditSeal) -> bytes:
    said = {
        "school": str(chain.record_of()),
        "number": head.number,
        "hash": bytes(head.hash).hex(),
        "entries": head.entries,
        "sealed_at": head.sealed_at.isoformat(),
        "anchored_at": clock.now().isoformat(),
    }
    return json.dumps(said, indent=1).encode()
