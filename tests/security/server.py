"""The application of a test, on a port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.client import CrewClient


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - Werkzeug's name for it
        pass


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Its address, as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def cookies_of(client: CrewClient) -> list[dict[str, str]]:
    """What a browser needs to be signed in as somebody."""
    cookie = client.get_cookie("crew")
    return [{"name": "crew", "value": cookie.value}] if cookie else []
