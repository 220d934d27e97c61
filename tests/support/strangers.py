"""Strangers who report at a tag: as a plain form does, with the puzzle solved when that is wanted."""

import hashlib
import io
import re
from itertools import count
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from crew_app.core.ids import new_id
from crew_app.web.strangers import BITS, COOKIE, _names
from tests.support.applications import client_of
from tests.support.client import CrewClient, path_of, some_id
from tests.support.pictures import jpeg
from tests.support.world import World

_PUZZLE = re.compile(r'name="_effort" value="([^"]+)"')


def report(client: CrewClient, world: World, tag: str = "room", key: object = None, **changes: Any) -> TestResponse:
    """Report a lamp."""
    fields = {"ticket_id": str(new_id()), "job_kind": "lamp", "description": "灯不亮", "reporter_name": "张护士"}
    return client.form(f"/t/{world.tags[tag]}/reports", fields | changes, key=key)


def reported(client: CrewClient, world: World, tag: str = "room", **changes: Any) -> tuple[str, str]:
    """Report; the secret link, and the ticket's id."""
    changes.setdefault("ticket_id", str(new_id()))
    response = report(client, world, tag, **changes)
    assert response.status_code == 303, response.get_data(as_text=True)
    return path_of(response), changes["ticket_id"]


def join(client: CrewClient, world: World, ticket: object, tag: str = "room", **fields: Any) -> TestResponse:
    """Me too."""
    return client.form(f"/t/{world.tags[tag]}/reports/{ticket}/followers", fields)


def puzzle(client: CrewClient, world: World, tag: str = "room") -> str:
    """The puzzle of a tag's page."""
    found = _PUZZLE.search(client.page(f"/t/{world.tags[tag]}").html)
    assert found
    return found.group(1)


def solved(challenge: str) -> dict[str, str]:
    """The fields of an effort that was made."""
    for number in count():
        digest = hashlib.sha256(f"{challenge}.{number}".encode()).digest()
        if int.from_bytes(digest[:4]) >> (32 - BITS) == 0:
            return {"_effort": challenge, "_proof": str(number)}
    raise AssertionError


def other_phone(app: Flask) -> CrewClient:
    """Another browser, known by its cookie as after a first look at a page."""
    client = client_of(app)
    with app.app_context():
        client.set_cookie(COOKIE, str(_names().dumps(some_id())))
    return client


def shots(*pictures: bytes) -> dict[str, Any]:
    """Photos of a plain form."""
    return {"photo": [(io.BytesIO(data), f"{number}.jpg") for number, data in enumerate(pictures or [jpeg()])]}
