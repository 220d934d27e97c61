"""Answers of the API: JSON with a fingerprint, so that what has not changed is not sent again."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from crew_app.core.words import N_
from crew_app.web.problems import Changed

OUTER = ":gzip"
"""What compressing adds to a fingerprint."""
KEPT = "private, no-cache"


def json_of(found: Any, status: int = 200) -> Response:
    """A JSON answer."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, mimetype="application/json", headers={"Cache-Control": KEPT})


def tagged(response: Response) -> Response:
    """The same with its fingerprint; without a body when the asker has it already."""
    if not response.is_streamed and not response.get_etag()[0]:
        response.set_etag(_digest(response.get_data()))
    response.make_conditional(request.environ)
    return response


def link_next(response: Response, key: Any) -> None:
    """Say where the list goes on (RFC 8288)."""
    kept = {name: value for name, value in request.args.items() if name != "after"}
    response.headers["Link"] = f'<{request.path}?{urlencode({**kept, "after": str(key)})}>; rel="next"'


def need_match(shown: dict[str, Any]) -> None:
    """`Changed` when the asker names a version of this thing that is not the one there is now."""
    if "If-Match" not in request.headers:
        return
    now = _digest(json_of(shown).get_data())
    named = {tag.removesuffix(OUTER) for tag in request.if_match.as_set(include_weak=True) if tag}
    if not request.if_match.star_tag and now not in named:
        raise Changed("changed", N_("It was changed since you read it. Please read it again, then decide."))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
