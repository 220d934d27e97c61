"""A small file that would fill the memory of the server is refused while it is still small."""

import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

ALLOWED = 400 * 1024 * 1024
SCRIPT = """
import resource, sys
from crew_app.core.errors import Refused
from crew_app.evidence.images import examine
allowed = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
try:
    examine(sys.stdin.buffer.read())
except Refused as refusal:
    print(refusal.code)
"""


def png_bomb(width, height):
    """A PNG of one colour: 20 kB that decode to half a gigabyte."""
    line = zlib.compressobj(9)
    row = b"\0" * (1 + width * 3)
    packed = b"".join(line.compress(row) for _ in range(height)) + line.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("size", [(13_000, 13_000), (65_000, 65_000)])
def test_a_bomb_is_refused_within_little_memory(size):
    data = png_bomb(*size) if size[0] < 20_000 else _claiming(*size)
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ALLOWED)],
        input=data,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert run.stdout.decode().strip() == "photo-too-many-pixels", run.stderr.decode()


def test_the_limit_of_this_test_would_be_too_little_to_decode_it():
    assert ALLOWED < 13_000 * 13_000 * 3
    assert resource.RLIM_INFINITY == -1


def _claiming(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
