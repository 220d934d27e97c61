"""Many pages in one answer: each is asked of the application itself, as a request of its own.

So each keeps its access rule and its queries, and takes its own turn among everybody's requests (`web/gate.py`).
"""

import io
import threading
import zlib
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Protocol

import brotli
from flask import Flask
from werkzeug.datastructures import Accept
from werkzeug.wrappers import Response

_LINE = threading.BoundedSemaphore(1)
"""Phones that fetch bundles take turns here, page by page, and leave the other working place to everybody else."""
_PASSED_ON = ("SERVER_", "REMOTE_", "SCRIPT_NAME", "wsgi.", "HTTP_")
_LEFT_OUT = ("HTTP_IF_", "HTTP_HX_", "HTTP_RANGE", "HTTP_ACCEPT_ENCODING", "HTTP_TRANSFER_ENCODING")
_QUALITY = 5


class Packer(Protocol):
    """What makes bytes fewer, a piece at a time."""

    def pack(self, data: bytes) -> bytes:
        """All of this piece, ready to be sent."""

    def end(self) -> bytes:
        """What is left."""


def parts(app: Flask, outer: dict[str, Any], person: str, urls: Iterable[str]) -> Iterator[bytes]:
    """The main part of each page: a line with its length and address, then its bytes; what may not be seen is left out.

    Reads the application only while it is iterated, when the request that asked has left its working place.
    """
    for url in urls:
        with _LINE:
            page = Response.from_app(app.wsgi_app, _request_for(url, outer), buffered=True)
        if page.status_code == HTTPStatus.OK and page.headers.get("Crew-Person") == person:
            content = page.get_data()
            yield b"%d %s\n" % (len(content), url.encode()) + content


def _request_for(url: str, outer: dict[str, Any]) -> dict[str, Any]:
    path, _, query = url.partition("?")
    kept = {name: value for name, value in outer.items() if name.startswith(_PASSED_ON)}
    asked = {name: value for name, value in kept.items() if not name.startswith(_LEFT_OUT)}
    asked |= {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
    return asked | {"HTTP_ACCEPT": "text/html", "HTTP_HX_REQUEST": "true", "CONTENT_LENGTH": "0"}


def packed(pieces: Iterable[bytes], packer: Packer) -> Iterator[bytes]:
    """Each piece as soon as it is there, shortened by what it shares with those before."""
    for piece in pieces:
        yield packer.pack(piece)
    yield packer.end()


def packing(accepted: Accept) -> tuple[str, Packer] | None:
    """How to shorten an answer for who accepts these encodings. Pages are much alike; Brotli looks back far enough."""
    if accepted["br"]:
        return "br", _Brotli()
    return ("gzip", _Gzip()) if accepted["gzip"] else None


class _Brotli:
    def __init__(self) -> None:
        self.inner = brotli.Compressor(mode=brotli.MODE_TEXT, quality=_QUALITY)

    def pack(self, data: bytes) -> bytes:
        return bytes(self.inner.process(data) + self.inner.flush())

    def end(self) -> bytes:
        return bytes(self.inner.finish())


class _Gzip:
    def __init__(self) -> None:
        self.inner = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)

    def pack(self, data: bytes) -> bytes:
        return self.inner.compress(data) + self.inner.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self.inner.flush()
