"""Requests are read strictly: what is not declared, said twice, too deep or no JSON at all is refused by name."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import request

from crew_app.api.kinds import Field, Shape, Wrong
from crew_app.core.words import N_
from crew_app.web.problems import Malformed, NotJson, Trouble

LONGEST_BODY = 64 * 1024
DEEPEST = 20
JSON = "application/json"


def query(fields: Sequence[Field]) -> dict[str, Any]:
    """What stands in the address, typed; `Malformed` names what is wrong."""
    declared, found, troubles = {one.name: one for one in fields}, {}, []
    for name, values in request.args.lists():
        kind = declared.get(name)
        if kind is None:
            troubles.append(Trouble("query", name[:60], "is not known here"))
        elif len(values) > 1:
            troubles.append(Trouble("query", name, "may be given once"))
        else:
            try:
                found[name] = kind.kind.read_text(values[0])
            except Wrong as error:
                troubles.append(Trouble("query", name, str(error)))
    if troubles:
        raise _malformed(troubles)
    return found


def body(shape: Shape) -> dict[str, Any]:
    """The members of a JSON object, typed; those that may be left out are None then."""
    return members(shape, _parsed())


def members(shape: Shape, given: Any) -> dict[str, Any]:
    """The same of what was parsed before."""
    if not isinstance(given, Mapping):
        raise _malformed([Trouble("body", "", "must be an object")])
    troubles = [Trouble("body", str(name)[:60], "is not known here") for name in given if name not in shape.kept]
    found: dict[str, Any] = {}
    for one in shape.fields:
        found[one.name] = None
        if one.name not in given:
            if one.needed:
                troubles.append(Trouble("body", one.name, "is missing"))
            continue
        try:
            found[one.name] = one.kind.read(given[one.name])
        except Wrong as error:
            troubles.append(Trouble("body", one.name, str(error)))
    if shape.any_of and not any(name in given for name in shape.any_of):
        troubles.append(Trouble("body", "", "must say " + " or ".join(shape.any_of)))
    if troubles:
        raise _malformed(troubles)
    return found


def canonical() -> bytes:
    """The body in one form, however it was indented or ordered: what a receipt is for."""
    return json.dumps(_parsed(), sort_keys=True, default=str, separators=(",", ":")).encode()


def _parsed() -> Any:
    if request.mimetype != JSON:
        raise NotJson("not-json", N_("The body must be JSON: Content-Type: application/json."))
    request.max_content_length = LONGEST_BODY
    try:
        text = request.get_data(cache=True).decode("utf-8")
        parsed = json.loads(text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, Wrong) else "is no JSON"
        raise _malformed([Trouble("body", "", said)]) from error
    if _depth(parsed) > DEEPEST:
        raise _malformed([Trouble("body", "", "is nested too deep")])
    return parsed


def _constant(name: str) -> None:
    raise Wrong(f"contains {name}, which is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("says a member twice")
    return found


def _depth(value: Any) -> int:
    """How deep it is nested, without recursion."""
    deepest, todo = 0, [(value, 1)]
    while todo:
        one, level = todo.pop()
        deepest = max(deepest, level)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        todo.extend((each, level + 1) for each in inner)
    return deepest


def _malformed(troubles: list[Trouble]) -> Malformed:
    return Malformed("malformed", N_("The request does not fit what the document of the API says."), troubles)
