"""Taking pages along: the manifest says which and how new, a bundle brings many of them at once."""

import json
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from crew_app.core.clock import now
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.sync.manifest import Asked, manifest
from crew_app.tickets.rules import State
from crew_app.web.access import signed_in
from crew_app.web.assets import build
from crew_app.web.bundle import packed, packing, parts
from crew_app.web.filters import lang
from crew_app.web.languages import in_chinese
from crew_app.web.people import person

blueprint = Blueprint("sync", __name__, url_prefix="/sync")

MOST_AT_ONCE = 40
LONGEST_URL = 100
TAKEN_ALONG = frozenset(
    {
        "announcements.index",
        "announcements.show",
        "desk_calls.index",
        "desk_calls.new",
        "today.show",
        "tickets.index",
        "tickets.show",
        "review.index",
        "stock.index",
        "stock.item",
        "counts.index",
        "counts.show",
        "asset_counts.show",
        "rounds.index",
        "rounds.show",
        "roster.mine",
        "gate_log.index",
        "hand_overs.index",
        "hand_overs.new",
        "hand_overs.show",
        "notices.index",
        "scan.show",
        "shell.more",
        "shell.outbox",
        "offline.tag",
        "offline.ticket",
        "emergencies.index",
        "emergencies.new",
        "emergencies.show",
        "deliveries.index",
        "deliveries.new",
        "trips.index",
        "trips.new",
    }
)
"""Pages that a bundle may hold. Whatever `sync/manifest.py` names must be one of these."""
_QUERIES = frozenset({"", "mine=1", "all=1", *(f"state={state}" for state in State)})


@blueprint.get("/manifest")
@signed_in
def pages() -> Response:
    """Which pages this person's phone should keep, each with its revision, and what is open where."""
    asked = Asked(person(), f"{build()} {lang()}", now(), in_chinese())
    found = manifest(asked) | {"build": build(), "lang": lang()}
    response = jsonify(found | {"as_of": asked.at.isoformat()})
    response.set_etag(sha256(json.dumps(found).encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return _private(response)


@blueprint.get("/bundle")
@signed_in
def bundle() -> Response:
    """The main parts of these pages (`url`, repeated), in the order asked, as far as this person may see them."""
    urls = list(dict.fromkeys(request.args.getlist("url")))
    if len(urls) > MOST_AT_ONCE:
        raise Refused("too-many-pages", N_("Too many pages at once."))
    app: Any = current_app
    wanted = [url for url in urls if _may_be_taken(url)]
    pieces = parts(app._get_current_object(), request.environ, str(person().id), wanted)  # noqa: SLF001 - Flask's way
    packer = packing(request.accept_encodings)
    response = Response(packed(pieces, packer[1]) if packer else pieces, mimetype="text/plain")
    response.headers["Crew-Build"], response.headers["Content-Language"] = build(), lang()
    if packer:
        response.headers["Content-Encoding"] = packer[0]
    response.vary.add("Accept-Encoding")
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache, private"
    response.headers["Crew-Person"] = str(person().id)
    return response


def _may_be_taken(url: str) -> bool:
    """Whether this is the address of a page that may be in a bundle, written as the manifest writes it."""
    path, _, query = url.partition("?")
    plain = url.isascii() and url.startswith("/") and len(url) <= LONGEST_URL
    if not plain or query not in _QUERIES or (query and path != "/tickets"):
        return False
    try:
        endpoint, _arguments = current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return endpoint in TAKEN_ALONG
