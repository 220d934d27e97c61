"""What a phone takes along: the manifest and the bundles behind it, read as the phone reads them."""

import gzip
import re
import zlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import brotli
from werkzeug.test import TestResponse

from tests.support.client import CrewClient

_IDS = re.compile(r'value="[0-9a-f-]{36}"')
_SUGGESTED = re.compile(r'<div class="picks">.*?</div>', re.DOTALL)
_DEADLINES = re.compile(r'<span class="chip[^"]*" data-due=.*?</span>', re.DOTALL)


def manifest(client: CrewClient) -> dict[str, Any]:
    """What this person's phone should keep."""
    response = client.get("/sync/manifest")
    assert response.status_code == 200, response.status
    found: dict[str, Any] = response.get_json()
    return found


def revisions(client: CrewClient) -> dict[str, str]:
    """The pages of the manifest with their revisions."""
    return dict(manifest(client)["pages"])


def bundle(client: CrewClient, urls: Iterable[str], accept: str = "br") -> TestResponse:
    """The answer to a request for these pages."""
    query = urlencode([("url", url) for url in urls])
    return client.get(f"/sync/bundle?{query}", headers={"Accept-Encoding": accept})


def parts_of(response: TestResponse) -> dict[str, str]:
    """The main parts in a bundle."""
    data, found = unpacked(response), {}
    while data:
        head, _, rest = data.partition(b"\n")
        length, url = head.split(b" ")
        found[url.decode()], data = rest[: int(length)].decode(), rest[int(length) :]
    return found


def unpacked(response: TestResponse) -> bytes:
    """The body without its compression."""
    encoding, data = response.headers.get("Content-Encoding", ""), response.get_data()
    how = {"br": brotli.decompress, "gzip": gzip.decompress, "deflate": zlib.decompress}
    return bytes(how[encoding](data)) if encoding else data


def take(client: CrewClient, urls: Iterable[str]) -> dict[str, str]:
    """The main parts of these pages, however many."""
    wanted = list(urls)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 40):
        found |= parts_of(bundle(client, wanted[start : start + 40]))
    return found


def settled(content: str) -> str:
    """A page without what is no change of it: fresh ids, how long a deadline is still away, suggested materials."""
    return " ".join(_SUGGESTED.sub("", _DEADLINES.sub("", _IDS.sub("", content))).split())
