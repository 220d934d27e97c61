"""The operations of the API: each is declared once, and served, checked and described by that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from crew_app.api import answers, commands, reading
from crew_app.api.kinds import Field, Id, Kind, Many, Maybe, Shape, Text, Whole
from crew_app.people.models import Person
from crew_app.web.access import for_tokens
from crew_app.web.answers import Done
from crew_app.web.tokens import TokenRule, bearer

MOST, USUAL = 200, 50
blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address does by one method."""

    name: str
    method: str
    path: str
    rule: TokenRule
    about: str
    gives: Shape | None = None
    status: int = 200
    query: tuple[Field, ...] = ()
    takes: Shape | None = None
    matches: bool = False
    """Whether it heeds `If-Match`."""
    of_one: bool = False
    """Whether it shows a single thing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read: who asks, what stood in the address, what in the body."""

    query: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def me(self) -> Person:
        """Whom the token acts as, with the roles of its site alone."""
        return bearer().person

    @property
    def site_id(self) -> UUID:
        """The site of the token."""
        return bearer().site_id

    @property
    def limit(self) -> int:
        """How many rows a page has."""
        return int(self.query.get("limit") or USUAL)

    @property
    def after(self) -> Any:
        """The last row that was seen; nothing at the beginning."""
        return self.query.get("after")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and where it goes on: nowhere at its end."""

    rows: Sequence[Any]
    next: Any = None


View = Callable[..., Any]
OPERATIONS: dict[str, Operation] = {}
AFTER = Field("after", Id(), "`next` of the page before", needed=False)
LIMIT = Field("limit", Whole(1, MOST), f"Rows of a page; {USUAL} unless said", needed=False)
DONE = Shape("Done", (Field("href", Text(300), "Where to look now", lambda done: done.location),))


def lists(
    path: str, of: Shape, rule: TokenRule, *, about: str, query: tuple[Field, ...] = ()
) -> Callable[[View], View]:
    """Declare a list, a page at a time by key; the view returns a `Page`."""

    def declare(view: View) -> View:
        asked_for = (*query, AFTER, LIMIT)
        return _serve(view, Operation(view.__name__, "GET", path, rule, about, _page_of(of), 200, asked_for))

    return declare


def counts(
    path: str, of: Shape, rule: TokenRule, *, about: str, query: tuple[Field, ...] = ()
) -> Callable[[View], View]:
    """Declare a list whose key is a position: one that only grows at its end."""

    def declare(view: View) -> View:
        after = Field("after", Whole(), "`next` of the page before; 0 is the beginning", needed=False)
        asked_for = (*query, after, LIMIT)
        page = _page_of(of, Whole())
        return _serve(view, Operation(view.__name__, "GET", path, rule, about, page, 200, asked_for))

    return declare


def shows(path: str, of: Shape, rule: TokenRule, *, about: str) -> Callable[[View], View]:
    """Declare a single thing; the view returns the row."""

    def declare(view: View) -> View:
        return _serve(view, Operation(view.__name__, "GET", path, rule, about, of, of_one=True))

    return declare


def pictures(path: str, rule: TokenRule, *, about: str) -> Callable[[View], View]:
    """Declare a picture; the view returns the response."""

    def declare(view: View) -> View:
        return _serve(view, Operation(view.__name__, "GET", path, rule, about, of_one=True))

    return declare


def changes(
    path: str, takes: Shape, rule: TokenRule, *, about: str, status: int = 200, matches: bool = False
) -> Callable[[View], View]:
    """Declare a change: a command with a receipt; the view returns `Done`."""

    def declare(view: View) -> View:
        operation = Operation(view.__name__, "POST", path, rule, about, DONE, status, takes=takes, matches=matches)
        return _serve(view, operation)

    return declare


def sliced(rows: Sequence[Any], limit: int, key: Callable[[Any], Any] = lambda row: row.id) -> Page:
    """A page of rows of which one more than its limit was asked for."""
    shown = rows[:limit]
    return Page(shown, key(shown[-1]) if len(rows) > limit else None)


def _serve(view: View, operation: Operation) -> View:
    def run(**arguments: Any) -> Response:
        query = reading.query(operation.query)
        if operation.takes is None:
            return _shown(operation, view(Asked(query, {}), **arguments))
        body = reading.body(operation.takes)
        return commands.carry_out(lambda: _done(view(Asked(query, body), **arguments)))

    run.__name__ = operation.name
    run.__doc__ = view.__doc__
    run.is_command = operation.takes is not None  # type: ignore[attr-defined]
    guarded = for_tokens(operation.rule)(run)
    OPERATIONS[operation.name] = operation
    blueprint.add_url_rule(operation.path, operation.name, guarded, methods=[operation.method])
    return view


def _shown(operation: Operation, found: Any) -> Response:
    if isinstance(found, Response) or operation.gives is None:
        return answers.tagged(found)
    response = answers.json_of(operation.gives.write(found))
    if isinstance(found, Page) and found.next is not None:
        answers.link_next(response, found.next)
    return answers.tagged(response)


def _done(found: Any) -> Done:
    if not isinstance(found, Done):
        raise TypeError("a change answers with Done")
    return found


def _page_of(shape: Shape, key: Kind | None = None) -> Shape:
    """A page of such things."""
    items = Field("items", Many(shape), get=lambda page: page.rows)
    going_on = Field("next", Maybe(key or Id()), "What `after` is to get the next page; null at the end")
    return Shape(f"{shape.name}Page", (items, going_on))
