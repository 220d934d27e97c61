"""Every list as a file: a page at `/x` has its rows, narrowed by the same address, at `/x/list.xlsx` and `.csv`.

What a list consists of stands in `LISTS`, by the address of its page. Whoever may see the page may fetch its list: the
route takes the page's own rule, and the rows come from the page's own queries.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request
from flask_babel import gettext

from crew_app.web.filters import label
from crew_app.web.languages import in_chinese, named
from crew_app.web.sheets import Column, Format, Value, sheet

_CURSORS = frozenset({"before", "after"})
"""Where a page of a list begins; a file has all pages."""


@dataclass(frozen=True, slots=True)
class Col:
    """A column: its heading (an English key, or words of the person's language), and how to find its value."""

    words: str
    value: Callable[[Any], Any]
    width: int = 16
    format: Format = Format.TEXT
    zh: str = ""
    """The heading in Chinese where it must be a certain one."""


@dataclass(frozen=True, slots=True)
class List:
    """A list: its title (an English key), what is in it for whoever asks now, and its columns."""

    title: str
    things: Callable[[], Iterable[Any]]
    columns: tuple[Col, ...]
    asked: Callable[[], object] = lambda: None
    """Reads what the address asks for; what is wrong with it has to be said before the answer begins."""


LISTS: dict[str, List] = {}
ELSEWHERE = {
    "/assets": "/assets/register.xlsx",
    "/admin/changes": "/admin/changes.xlsx",
    "/admin/sign-in/record": "/admin/sign-in/record.xlsx",
}
"""Lists with a file of their own that does not end as the others do."""


def register(app: Flask) -> None:
    """Give each list its address, with the rule of its page."""
    app.add_template_global(list_href)
    pages = {rule.rule: rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for path, found in LISTS.items():
        if path in pages:
            endpoint = pages[path]
            app.add_url_rule(f"{path}/list.xlsx", f"{endpoint}_list", _view(found, app.view_functions[endpoint]))


def list_href() -> str:
    """The address of the file of the list that is shown, with what it is narrowed to; nothing where there is none."""
    if request.url_rule is None or request.url_rule.rule not in LISTS:
        return ""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in _CURSORS]
    return f"{request.path}/list.xlsx" + (f"?{urlencode(kept)}" if kept else "")


def _view(found: List, page: Any) -> Callable[[], Response]:
    def view() -> Response:
        found.asked()
        columns = [Column(_heading(one), one.width, one.format) for one in found.columns]
        return sheet(gettext(found.title), columns, _rows(found))

    view.access_rule = page.access_rule  # type: ignore[attr-defined]
    return view


def _rows(found: List) -> Iterator[list[Value]]:
    """Asked for only when they are sent: what was loaded before belongs to a session that has ended by then."""
    for thing in found.things():
        yield [_plain(one.value(thing)) for one in found.columns]


def _heading(one: Col) -> str:
    return one.zh if one.zh and in_chinese() else gettext(one.words)


def _plain(value: Any) -> Value:
    """Members of enumerations in words, yes and no, people and places by name."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Enum):
        return label(value)
    if hasattr(value, "name") and not isinstance(value, str):
        return named(value)
    found: Value = value
    return found
