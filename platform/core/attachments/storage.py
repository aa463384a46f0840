"""The object store: any S3, through boto3, with little patience and flat memory.

Writing cuts a stream into parts and has at most two of them on their way; reading hands the body
on as it comes. Whatever goes wrong on the way is a `StorageUnavailable`.
"""

import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from mmap import mmap
from threading import Lock
from typing import IO, TYPE_CHECKING, cast

import structlog
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from core.attachments.errors import AttachmentDamaged, StorageUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

#: A part is memory of its own, given back to the system at once, where a heap would keep holes; and
#: a file to boto3, which for plain bytes would allow no more than the seconds for connecting.
PART = 8 * 1024 * 1024
_IN_FLIGHT = 2
_CONNECT_SECONDS = 4
_READ_SECONDS = 10

log = structlog.get_logger(__name__)
_one_at_a_time = Lock()


def client() -> "S3Client":
    """Return this process's client; boto3's clients may be shared by threads."""
    with _one_at_a_time:  # making one is not safe in threads
        return _client(
            settings.S3_ENDPOINT_URL,
            settings.S3_REGION,
            settings.S3_ACCESS_KEY_ID,
            settings.S3_SECRET_ACCESS_KEY,
        )


@lru_cache(maxsize=2)
def _client(
    endpoint_url: str | None, region: str, key_id: str | None, secret: str | None
) -> "S3Client":
    config = Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": 2, "mode": "standard"},
        max_pool_connections=64,
        s3={"addressing_style": "path" if endpoint_url else "auto"},
        # The seal proves every byte when it is read; a second checksum would only cost time.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return Session().client(
        "s3",
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=config,
    )


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn whatever the store or the way to it says into `StorageUnavailable`."""
    try:
        yield
    except (BotoCoreError, ClientError, OSError) as error:
        raise StorageUnavailable("The object store did not answer as it should.") from error


class ObjectWriter:
    """A new object, written as a stream.

    Small objects are one request; larger ones a multipart upload, which shows nothing until
    ``complete``. After ``abort``, or without ``complete``, there is no object.

    Attributes:
        failure: What the way to the store said, if it broke: a cipher that writes to here hides
            the reason.
    """

    def __init__(self, key: str) -> None:
        self.failure: StorageUnavailable | None = None
        self._where = {"Bucket": settings.S3_BUCKET, "Key": key}
        self._part = mmap(-1, PART)
        self._upload_id = ""
        self._parts = 0
        self._on_their_way: deque[Future[CompletedPartTypeDef]] = deque()
        self._done: list[CompletedPartTypeDef] = []
        self._threads = ThreadPoolExecutor(_IN_FLIGHT, thread_name_prefix="s3-part")
        self._aborted = False

    def writable(self) -> bool:
        """Say that bytes may be written."""
        return True

    def write(self, data: bytes) -> int:
        """Take the next bytes; waits while two parts are on their way.

        Raises:
            StorageUnavailable: A part did not arrive.
        """
        if self._aborted:  # what the cipher still flushes when it is thrown away
            return len(data)
        left = memoryview(data)
        while left:
            taken = min(len(left), PART - self._part.tell())
            self._part.write(left[:taken])
            left = left[taken:]
            if self._part.tell() == PART:
                self._send_full_part()
        return len(data)

    def close(self) -> None:
        """Take note that the cipher wrote its last byte; ``complete`` does the rest."""

    def complete(self) -> None:
        """Make the object appear.

        Raises:
            StorageUnavailable: It may or may not have appeared.
        """
        rest = self._part[: self._part.tell()]
        with storage_errors():
            if not self._upload_id:
                client().put_object(**self._where, Body=io.BytesIO(rest))
                return
            if rest:
                self._send(io.BytesIO(rest))
            while self._on_their_way:
                self._done.append(self._on_their_way.popleft().result())
            self._threads.shutdown()
            client().complete_multipart_upload(
                **self._where,
                UploadId=self._upload_id,
                MultipartUpload={"Parts": self._done},
            )

    def abort(self) -> None:
        """Take back what was sent; what cannot be taken back now is swept later."""
        self._aborted = True
        self._threads.shutdown(cancel_futures=True)
        if self._upload_id:
            try:
                with storage_errors():
                    client().abort_multipart_upload(**self._where, UploadId=self._upload_id)
            except StorageUnavailable:
                log.warning("upload_left_for_the_sweep")

    def _send_full_part(self) -> None:
        part, self._part = self._part, mmap(-1, PART)
        part.seek(0)
        try:
            with storage_errors():
                self._send(part)
        except StorageUnavailable as failure:
            self.failure = failure
            raise

    def _send(self, part: mmap | io.BytesIO) -> None:
        if not self._upload_id:
            self._upload_id = client().create_multipart_upload(**self._where)["UploadId"]
        if len(self._on_their_way) == _IN_FLIGHT:
            self._done.append(self._on_their_way.popleft().result())
        self._parts += 1
        self._on_their_way.append(self._threads.submit(self._put_part, self._parts, part))

    def _put_part(self, number: int, part: mmap | io.BytesIO) -> "CompletedPartTypeDef":
        with part:
            answer = client().upload_part(
                **self._where,
                UploadId=self._upload_id,
                PartNumber=number,
                Body=cast(IO[bytes], part),
            )
        return {"PartNumber": number, "ETag": answer["ETag"]}


class ObjectReader:
    """An object's bytes as they come.

    Attributes:
        failure: What the way to the store said, if it broke: a cipher that reads from here hides
            the reason.
    """

    def __init__(self, key: str) -> None:
        """Ask for the object.

        Raises:
            AttachmentDamaged: There is no such object.
            StorageUnavailable: The store cannot be asked.
        """
        self.failure: StorageUnavailable | None = None
        with storage_errors():
            try:
                answer = client().get_object(Bucket=settings.S3_BUCKET, Key=key)
            except client().exceptions.NoSuchKey:
                raise AttachmentDamaged("The object is gone.") from None
        self._body = answer["Body"]

    def readable(self) -> bool:
        """Say that bytes may be read."""
        return True

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, nothing at the end.

        Raises:
            StorageUnavailable: The way to the store broke.
        """
        try:
            with storage_errors():
                return self._body.read(size)
        except StorageUnavailable as failure:
            self.failure = failure
            raise

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(OSError):
            self._body.close()


def objects_older_than(prefix: str, moment: datetime) -> Iterator[list[str]]:
    """Yield the keys below ``prefix`` written before ``moment``, up to a thousand at a time.

    Raises:
        StorageUnavailable: The store cannot be asked.
    """
    with storage_errors():
        pages = client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=settings.S3_BUCKET, Prefix=prefix):
            found = page.get("Contents", [])
            yield [one["Key"] for one in found if one["LastModified"] < moment]


def delete_objects(keys: list[str]) -> None:
    """Delete objects; those that are gone already count as deleted.

    Raises:
        StorageUnavailable: Some may still be there.
    """
    with storage_errors():
        for start in range(0, len(keys), 1000):
            answer = client().delete_objects(
                Bucket=settings.S3_BUCKET,
                Delete={
                    "Objects": [{"Key": key} for key in keys[start : start + 1000]],
                    "Quiet": True,
                },
            )
            if answer.get("Errors"):
                raise StorageUnavailable("Some objects could not be deleted.")


def abort_uploads_older_than(prefix: str, moment: datetime) -> int:
    """Abort the uploads below ``prefix`` that were begun before ``moment``; return how many.

    Raises:
        StorageUnavailable: The store cannot be asked.
    """
    aborted = 0
    with storage_errors():
        pages = client().get_paginator("list_multipart_uploads")
        for page in pages.paginate(Bucket=settings.S3_BUCKET, Prefix=prefix):
            for upload in page.get("Uploads", []):
                if upload["Initiated"] < moment:
                    client().abort_multipart_upload(
                        Bucket=settings.S3_BUCKET, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                    aborted += 1
    return aborted
