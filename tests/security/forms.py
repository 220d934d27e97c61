"""Finds the forms of the application by walking through its pages, and fills them in with whatever is asked for."""

import io
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from crew_app.core.ids import new_id
from tests.support.client import SAME_ORIGIN, CrewClient
from tests.support.lint import Page
from tests.support.pictures import jpeg

NEVER = re.compile(
    r"^(session|second_steps|sign_in_ways|own_account|switch|person_access|phones|account_rules)\.|\.(suspend\w*|set_password|set_roles"
    r"|change_roles|forget|unshare|revoke\w*|retire)$"
)
"""What would end the walk: signing out, taking roles away, asking for a second factor."""
TYPED = {"text", "search", "tel", "email", "url", "password", ""}
TODAY = date.today().isoformat()  # noqa: DTZ011 - what a date field holds
SENSIBLE = {
    "date": TODAY,
    "month": TODAY[:7],
    "time": "08:30",
    "datetime-local": f"{TODAY}T08:30",
    "number": "1",
    "color": "#123456",
}


@dataclass
class Form:
    """A form of a page."""

    endpoint: str
    action: str
    page: str
    """Where it stands."""
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, name, and what stands in it."""

    @property
    def typed(self) -> list[str]:
        """Names of fields where people type."""
        return [name for kind, name, _ in self.fields if kind == "typed"]


@dataclass
class Walk:
    """Pages that were found, by the view that made them, and the forms in them."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """All addresses."""
        return [path for paths in self.pages.values() for path in paths]


def walk(app: Flask, client: CrewClient, each: int, starts: tuple[str, ...] = ("/", "/more", "/admin")) -> Walk:
    """Follow links and forms that ask; of every view at most so many pages, of every action as many forms."""
    found, waiting, known = Walk(), deque(starts), set(starts)
    per_action: Counter[str] = Counter()
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path, "GET")
        if endpoint is None or endpoint.startswith("api.") or len(found.pages.get(endpoint, ())) >= each:
            continue
        response = client.get(path)
        if response.status_code in (301, 302, 303):
            _add(waiting, known, response.headers["Location"].removeprefix("http://localhost"))
            continue
        if response.mimetype != "text/html" or response.status_code != 200:
            continue
        found.pages.setdefault(endpoint, []).append(path)
        page = Page(response.get_data(as_text=True))
        for link in page.all("a"):
            _add(waiting, known, link.get("href") or "")
        for form in _forms(app, page, path):
            per_action[form.endpoint] += 1
            found.forms += [form] if per_action[form.endpoint] <= each else []
    return found


def _add(waiting: deque[str], known: set[str], path: str) -> None:
    path = path.partition("#")[0]
    if path.startswith("/") and not path.startswith("//") and path not in known and len(known) < 20_000:
        known.add(path)
        waiting.append(path)


def endpoint_of(app: Flask, path: str, method: str) -> str | None:
    """The view behind an address."""
    try:
        return str(app.url_map.bind("localhost").match(path.partition("?")[0], method)[0])
    except (HTTPException, RequestRedirect):
        return None


def _forms(app: Flask, page: Page, path: str) -> Iterator[Form]:
    for element in page.all("form"):
        action = element.get("action") or path
        endpoint = endpoint_of(app, action, "POST")
        if (element.get("method") or "").lower() == "post" and endpoint and not NEVER.search(endpoint):
            yield Form(endpoint, action, path, list(_fields(page, element)))


def _fields(page: Page, form: Element) -> Iterator[tuple[str, str, str]]:
    outside = [one for one in page.all() if form.get("id") and one.get("form") == form.get("id")]
    radios: set[str] = set()
    for element in [*form.iter(), *outside]:
        name, kind = element.get("name") or "", element.get("type") or ""
        if not name or "disabled" in element.attrib:
            continue
        if element.tag == "textarea" or (element.tag == "input" and kind in TYPED):
            numeric = element.get("inputmode") in ("numeric", "decimal")
            yield (
                "typed",
                name,
                element.get("value")
                or (element.text if element.tag == "textarea" else "")
                or ("1" if numeric else "备注"),
            )
        elif element.tag == "select":
            options = [one.get("value", one.text) or "" for one in element.iter("option")]
            yield "chosen", name, next((one for one in options if one), "")
        elif element.tag == "input" and kind == "file":
            yield "file", name, ""
        elif element.tag == "input" and kind == "radio":
            if name not in radios:
                radios.add(name)
                yield "chosen", name, element.get("value") or "on"
        elif element.tag == "input" and kind in SENSIBLE:
            yield "chosen", name, element.get("value") or SENSIBLE[kind]
        elif element.tag in ("input", "button") and kind in ("hidden", "checkbox", "submit"):
            yield "chosen", name, element.get("value") or "on"


def fresh(app: Flask, client: CrewClient, form: Form) -> Form:
    """The form as its page shows it now, with new ids in it; as it was where the page has it no more."""
    page = Page(client.get(form.page).get_data(as_text=True))
    return next((one for one in _forms(app, page, form.page) if one.endpoint == form.endpoint), form)


def fill(client: CrewClient, form: Form, say: Callable[[], str], only: str = "") -> int:
    """Send a form with payloads in all fields where people type, or in one alone; its status."""
    data: dict[str, Any] = {}
    for kind, name, value in form.fields:
        if name == "_key":
            data[name] = str(new_id())
        elif kind == "file":
            data[name] = (io.BytesIO(jpeg()), say() + ".jpg")
        elif kind == "typed" and (not only or only == name):
            data[name] = say()
        else:
            data.setdefault(name, value)
    response = client.post(form.action, data=data, headers=SAME_ORIGIN)
    return response.status_code
