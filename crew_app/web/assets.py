"""The built front end: files by hash, cached for a year."""

import json
import re
from functools import cache

from flask import Flask
from whitenoise import WhiteNoise

from crew_app.web.headers import HEADERS
from crew_app.web.paths import DIST

PREFIX = "/static/dist/"
PARTS = (
    "blur.js",
    "camera.js",
    "desk.js",
    "live.js",
    "more-page.js",
    "notices-page.js",
    "outbox-page.js",
    "passkeys.js",
    "picture-reader.js",
    "registry.js",
    "report-page.js",
    "review.js",
    "round-editor.js",
    "rounds.js",
    "storeroom.js",
    "verify-page.js",
    "wall.js",
)
"""`data-part` names one of them; `frontend/build.mjs` makes them."""
_HASHED = re.compile(r"-[A-Za-z0-9]{8,}\.")


def start(app: Flask) -> None:
    """Serve the built files before Flask is asked, compressed where that was prepared."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(DIST) if DIST.is_dir() else None,
        prefix=PREFIX,
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
        add_headers_function=_add_headers,
        allow_all_origins=False,
    )


def _add_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy"):
        headers[name] = HEADERS[name]


@cache
def manifest() -> dict[str, str]:
    """Logical name of each built file to its name with hash; empty before the first build."""
    path = DIST / "manifest.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def asset(name: str) -> str:
    """The address of a built file."""
    return PREFIX + manifest().get(name, name)


def parts() -> dict[str, str]:
    """The scripts that pages load when they need them, by name: their addresses."""
    return {name: asset(name) for name in PARTS}


def build() -> str:
    """What names this build of the front end: the hash in its main script."""
    found = _HASHED.search(manifest().get("app.js", ""))
    return found.group().strip("-.") if found else "dev"
