"""The document of the API (OpenAPI 3.1), made from the declarations that serve and check it; and a page to read it."""

import re
from functools import cache
from typing import Any

from flask import Response, render_template, request

from crew_app.api import answers
from crew_app.api.commands import KEY
from crew_app.api.declared import DONE, OPERATIONS, Operation, blueprint
from crew_app.api.kinds import Field, Id, Kind, Many, Maybe, Shape, Text, Whole
from crew_app.connections import samples
from crew_app.connections.scopes import SCOPE_LABELS, Scope
from crew_app.connections.telling import API
from crew_app.web.access import public

VERSION = "1.0"
TROUBLE = Shape(
    "Trouble",
    (
        Field("in", Text(10), "body, query or header"),
        Field("name", Text(80)),
        Field("detail", Text(300)),
    ),
)
PROBLEM = Shape(
    "Problem",
    (
        Field("type", Text(80)),
        Field("title", Text(80)),
        Field("status", Whole(400, 599)),
        Field("code", Text(60), "Stable, for programs"),
        Field("detail", Text(500), "For people, in the language of the token's person"),
        Field("errors", Many(TROUBLE), "What does not fit, each with its place", needed=False),
    ),
    "What went wrong (RFC 9457)",
)
ALWAYS = {
    "400": "The request does not fit this document",
    "401": "No token, or one that does not hold",
    "403": "The token is not for that, or its person may not do it",
    "404": "It does not exist, or not for this token",
    "429": "Asked too often; wait as long as Retry-After says",
    "500": "Something went wrong here; nothing was changed",
    "503": "Busy; try again",
}
CHANGING = {
    "409": "The same command is being carried out at this moment",
    "413": "The body is too large (64 kB)",
    "415": "The body is no JSON",
    "422": "Understood, and refused as things stand; or the key was used for something else",
}
INTRODUCTION = """\
Every request carries a token: `Authorization: Bearer crew_…`. A token belongs to one person at one site and sees and
does what that person may, as far as its scopes reach. Times are RFC 3339 in UTC; quantities and yuan are decimal
strings. Lists come a page at a time: ask again with `after`, or follow the `Link` header. Every answer has an `ETag`;
ask with `If-None-Match` and get 304 while nothing has changed. Every change needs an `Idempotency-Key` with a fresh
UUID: the same key with the same content gets the first answer again, with other content 422."""


@cache
def document() -> dict[str, Any]:
    """All of it."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS.values():
        paths.setdefault(API + _path(one.path), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "crew_app", "version": VERSION, "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "schemas": {name: shape.definition() for name, shape in sorted(_shapes().items())},
        },
    }


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The document for programs."""
    return answers.tagged(answers.json_of(document()))


@blueprint.get("/docs")
@public
def docs() -> str:
    """The document for people."""
    groups: dict[str, list[Operation]] = {}
    host = request.host_url.rstrip("/")
    for one in OPERATIONS.values():
        groups.setdefault(one.path.strip("/").partition("/")[0], []).append(one)
    return render_template(
        "api/docs.html",
        groups=groups,
        path=lambda one: API + _path(one.path),
        shapes=_shapes(),
        written=kind_words,
        is_page=lambda shape: shape.name.endswith("Page"),
        scopes=SCOPE_LABELS,
        sample=f"{samples.whoami(host)}\n{samples.opening(host)}",
    )


def _operation(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.about,
        "tags": [one.path.strip("/").partition("/")[0]],
        "parameters": [*_of_path(one), *map(_of_query, one.query), *_of_headers(one)],
        "responses": {str(one.status): _success(one), **_refusals(one)},
    }
    if one.rule.scope:
        found["description"] = f"Scope `{one.rule.scope}`" + (f", right `{one.rule.right}`" if one.rule.right else "")
    if one.takes:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": one.takes.schema()}}}
    return found


def _of_path(one: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"<uuid:(\w+)>", one.path)
    return [{"name": name, "in": "path", "required": True, "schema": Id().schema()} for name in names]


def _of_query(field: Field) -> dict[str, Any]:
    found = {"name": field.name, "in": "query", "required": field.needed, "schema": field.kind.schema()}
    return found | ({"description": field.about} if field.about else {})


def _of_headers(one: Operation) -> list[dict[str, Any]]:
    found = []
    if one.takes:
        about = "A fresh UUID for each change; the same one when it is sent again"
        found.append({"name": KEY, "in": "header", "required": True, "schema": Id().schema(), "description": about})
    if one.matches:
        about = "Only if the thing is still as this ETag says"
        found.append({"name": "If-Match", "in": "header", "schema": {"type": "string"}, "description": about})
    return found


def _success(one: Operation) -> dict[str, Any]:
    if one.gives is None:
        picture = {"image/jpeg": {"schema": {"type": "string", "contentMediaType": "image/jpeg"}}}
        return {"description": one.about, "content": picture}
    found: dict[str, Any] = {"description": "Done" if one.takes else one.about}
    found["content"] = {"application/json": {"schema": one.gives.schema()}}
    text = {"schema": {"type": "string"}}
    found["headers"] = {"Location": text} if one.takes else {"ETag": text}
    if one.name == "open_ticket":
        found["links"] = _links()
    return found


def _links() -> dict[str, Any]:
    """What a fresh job may be used for next."""
    uuid = "$response.header.Location#regex:/tickets/([0-9a-f-]+)"
    names = ("show_ticket", "list_ticket_events", "note_ticket", "accept_ticket", "cancel_ticket")
    return {name: {"operationId": name, "parameters": {"ticket_id": uuid}} for name in names}


def _refusals(one: Operation) -> dict[str, Any]:
    words = ALWAYS | (CHANGING if one.takes else {}) | ({"412": "It was changed since"} if one.matches else {})
    if not one.takes:
        words = words | {"304": "It is as it was"}
    content = {"application/problem+json": {"schema": PROBLEM.schema()}}
    found: dict[str, Any] = {code: {"description": text, "content": content} for code, text in sorted(words.items())}
    if "304" in found:
        del found["304"]["content"]
    return found


def _shapes() -> dict[str, Shape]:
    """Every shape that occurs anywhere."""
    found: dict[str, Shape] = {}
    todo: list[Kind | None] = [DONE, PROBLEM]
    for one in OPERATIONS.values():
        todo += [one.gives, one.takes]
    while todo:
        kind = todo.pop()
        if isinstance(kind, (Maybe, Many)):
            todo.append(kind.kind)
        elif isinstance(kind, Shape) and kind.name not in found:
            found[kind.name] = kind
            todo += [field.kind for field in kind.fields]
    return found


def kind_words(kind: Kind) -> str:
    """What a value is, in a few signs."""
    if isinstance(kind, Maybe):
        return kind_words(kind.kind) + " | null"
    if isinstance(kind, Many):
        return f"[{kind_words(kind.kind)}]"
    if isinstance(kind, Shape):
        return kind.name
    schema = kind.schema()
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema["type"])


def _path(path: str) -> str:
    return re.sub(r"<uuid:(\w+)>", r"{\1}", path)


def _scopes() -> str:
    return "Scopes: " + ", ".join(f"`{scope}`" for scope in Scope)
