"""How fast and how lean files are sealed and opened: ``python -m tests.benchmarks.attachment_roundtrip``.

Prints one JSON line. Sealing holds everything but HTTP: gate, encryption, multipart upload, row and
audit entry. “Plain” is boto3 alone with the same store and the same client: ``upload_fileobj`` and
reading the body of ``get_object``. The rounds alternate, so that both meet the same machine.
``peak_mb_above_idle`` is how far the resident memory of the process rose while one gigabyte was
sealed and opened.
"""

import io
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import IO, Any, cast

from tests.benchmarks.platform_up import platform_up, tell

CHUNK = 256 * 1024
ROUND = 128 * 1000 * 1000
LARGE = 1000 * 1000 * 1000
ROUNDS = 5


def main() -> None:
    """Onboard a school, send files there and back."""
    with platform_up(ATTACHMENT_MAX_BYTES=str(2 * LARGE)):
        tell(benchmark="attachment_roundtrip", **_measure())


def _measure() -> dict[str, object]:
    from core.tenancy import in_school
    from schools.services.onboarding import onboard_school

    school = onboard_school(
        slug="bench", name="Bench", urn="999999", admin_email="head@bench.example"
    )
    with in_school(school):
        way = _Ways()
        way.sealed(CHUNK)
        way.plain(CHUNK)
        peak = _peak_above_idle(lambda: way.sealed(LARGE))
        sealed, plain = [], []
        for _round in range(ROUNDS):
            sealed.append(way.sealed(ROUND))
            plain.append(way.plain(ROUND))
    up, down = median(one[0] for one in sealed), median(one[1] for one in sealed)
    plain_up, plain_down = median(one[0] for one in plain), median(one[1] for one in plain)
    return {
        "sealed_mb_s": round(2 * ROUND / 1e6 / (up + down)),
        "plain_mb_s": round(2 * ROUND / 1e6 / (plain_up + plain_down)),
        "ratio": round((plain_up + plain_down) / (up + down), 2),
        "wanted_ratio": 0.5,
        "seal_mb_s": round(ROUND / 1e6 / up),
        "open_mb_s": round(ROUND / 1e6 / down),
        "plain_put_mb_s": round(ROUND / 1e6 / plain_up),
        "plain_get_mb_s": round(ROUND / 1e6 / plain_down),
        "peak_mb_above_idle": round(peak / 1e6, 1),
    }


class _Ways:
    """Both ways of a file, each returning the seconds up and the seconds down."""

    def __init__(self) -> None:
        from core.accounts.models import User
        from core.actors import Actor

        user = User.objects.create_user(email="teacher@bench.example")
        self._actor = Actor(user_id=user.pk)

    def sealed(self, size: int) -> tuple[float, float]:
        """Seal and open a file."""
        from core.attachments import services, storage

        started = time.perf_counter()
        file = services.seal(actor=self._actor, filename="letter.pdf", chunks=_content(size))
        up = time.perf_counter() - started
        down = _timed(lambda: _drain(services.open_stream(file)))
        storage.delete_objects([file.object_key])
        return up, down

    def plain(self, size: int) -> tuple[float, float]:
        """Put and get an object."""
        from core.attachments import storage

        where: dict[str, Any] = {"Bucket": os.environ["S3_BUCKET"], "Key": "plain"}
        client = storage.client()
        up = _timed(
            lambda: client.upload_fileobj(cast(IO[bytes], _Readable(_content(size))), **where)
        )
        body = client.get_object(**where)["Body"]
        down = _timed(lambda: _drain(body.iter_chunks(CHUNK)))
        client.delete_object(**where)
        return up, down


class _Readable(io.RawIOBase):
    """A generated file, as boto3 wants to read it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        while len(self._held) < size and (chunk := next(self._chunks, b"")):
            self._held += chunk
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def _content(size: int) -> Iterator[bytes]:
    chunk = os.urandom(CHUNK)
    yield b"%PDF-1.7\n".ljust(CHUNK, b"\0")[: min(size, CHUNK)]
    for start in range(CHUNK, size, CHUNK):
        yield chunk[: size - start]


def _drain(chunks: Iterator[bytes]) -> None:
    for _chunk in chunks:
        pass


def _timed(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _peak_above_idle(step: Callable[[], object]) -> int:
    idle = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the kernel forgets the peak so far
    step()
    return _memory("VmHWM") - idle


def _memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


if __name__ == "__main__":
    main()
