"""A bucket that speaks S3, as a process on this machine, and what stands between it and the application."""

import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from crew_app.config import Bucket
from crew_app.evidence.s3 import S3
from crew_app.evidence.spool import SpooledStore
from tests.support.fault_proxy import FaultProxy
from tests.support.project import ROOT

SERVER = ROOT / ".venv" / "bucket" / "bin" / "moto_server"
START_SECONDS = 30


@dataclass
class Far:
    """One bucket: as the application reaches it, and as it is."""

    proxy: FaultProxy
    port: int
    name: str

    @property
    def bucket(self) -> Bucket:
        """Through the proxy."""
        return Bucket(self.name, "photos", f"http://127.0.0.1:{self.proxy.port}", "us-east-1", "key", "secret")

    @property
    def there(self) -> S3:
        """Past the proxy, for whoever wants to know what really is in it."""
        return S3(Bucket(self.name, "photos", f"http://127.0.0.1:{self.port}", "us-east-1", "key", "secret"))

    @property
    def environment(self) -> dict[str, str]:
        """The settings of an installation that keeps its photos there."""
        return {
            "PHOTO_STORE": f"s3://{self.name}/photos",
            "S3_ENDPOINT": f"http://127.0.0.1:{self.proxy.port}",
            "S3_KEY_ID": "key",
            "S3_SECRET": "secret",
        }


@contextmanager
def moto(port: int, log: Path) -> Iterator[int]:
    """The server, as long as the block runs."""
    with log.open("wb") as said:
        process = subprocess.Popen([SERVER, "-H", "127.0.0.1", "-p", str(port)], stdout=said, stderr=said)
    try:
        _wait(process, port, log)
        yield port
    finally:
        process.kill()
        process.wait()


def make_bucket(port: int) -> str:
    """A new bucket; its name."""
    name = f"crew-{uuid4().hex[:12]}"
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/{name}", method="PUT"), timeout=10):
        return name


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
            return
        time.sleep(0.05)
    raise AssertionError(f"the bucket did not start: {log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def moto_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """One server for the run."""
    from tests.acceptance.hospital import free_port  # noqa: PLC0415 - nobody else needs it

    with moto(free_port(), tmp_path_factory.mktemp("moto") / "log") as port:
        yield port


@pytest.fixture
def far(moto_port: int) -> Iterator[Far]:
    """A bucket of this test's own, behind a proxy that breaks when told to."""
    with FaultProxy(moto_port) as proxy:
        yield Far(proxy, moto_port, make_bucket(moto_port))


@pytest.fixture
def spooled(far: Far, tmp_path: Path) -> SpooledStore:
    """The store of an installation that keeps its photos there."""
    return SpooledStore(tmp_path / "spool", S3(far.bucket), 1 << 20)
