"""Memory stays flat however large the file."""

import sys
from pathlib import Path

import pytest

from core.attachments import services

CHUNK = 256 * 1024
SIZE = 150_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked for the peak")
def test_a_large_file_is_sealed_and_opened_in_flat_memory(actor, sealed, store, settings):
    settings.ATTACHMENT_MAX_BYTES = 2 * SIZE
    assert sum(map(len, services.open_stream(sealed()))) == 6  # everything is loaded now
    idle = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the kernel forgets the peak so far
    attachment = sealed(filename="letter.pdf", chunks=chunks())
    assert sum(map(len, services.open_stream(attachment))) == attachment.size > SIZE
    assert memory("VmHWM") - idle < 64_000_000


def chunks():
    yield b"%PDF-1.7\n"
    chunk = bytes(range(256)) * (CHUNK // 256)
    for _ in range(SIZE // CHUNK + 1):
        yield chunk


def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
