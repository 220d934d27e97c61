"""What every page of the application must keep to, looked at by a real HTML5 parser."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from crew_app.web.assets import PREFIX, manifest
from crew_app.web.headers import HEADERS

UNRENDERED = re.compile(r"\{\{|\{%|\bUndefined\b|<built-in|object at 0x")
CODE = re.compile(r"^\s*(javascript|js):", re.IGNORECASE)
SVG = "{http://www.w3.org/2000/svg}"
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


class Page:
    """A parsed page, with the questions tests ask of it."""

    def __init__(self, html: str, response: TestResponse | None = None) -> None:
        self.html = html
        self.response = response

    @cached_property
    def root(self) -> Element:
        """The tree of the page."""
        tree: Element = html5lib.parse(self.html, treebuilder="etree", namespaceHTMLElements=False)
        return tree

    def all(self, tag: str = "*", **attributes: str) -> list[Element]:
        """Every element with these attributes (`data_x` finds `data-x`, `class_` finds `class`)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            found
            for found in self.root.iter(tag)
            if not callable(found.tag) and all(found.get(name) == value for name, value in wanted.items())
        ]

    def form(self, action: str) -> Element:
        """The form that posts to a path."""
        found = [form for form in self.all("form") if form.get("action") == action]
        assert len(found) == 1, (action, [form.get("action") for form in self.all("form")])
        return found[0]

    @property
    def actions(self) -> list[str]:
        """Where the forms that change something post to, hidden ones left out."""
        forms = [form for form in self.all("form", method="post") if "hidden" not in form.attrib]
        return [form.get("action", "") for form in forms]

    @property
    def text(self) -> str:
        """All words of the main part."""
        main = self.root.find(".//main")
        return words_of(self.root if main is None else main)


def words_of(element: Element) -> str:
    """The text within an element, scripts and templates left out, with single spaces."""
    return " ".join(" ".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template") or not isinstance(element.tag, str):
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _texts(child)
        if child.tail:
            yield child.tail


def problems(app: Flask, response: TestResponse) -> list[str]:
    """Everything that is wrong with an HTML answer; an empty list is what is wanted."""
    page = Page(response.get_data(as_text=True))
    found = [*_headers(page, response), *_headings(page), *_ids(page), *_labels(page)]
    found += [*_code(page), *_pictures(page), *_words(page), *_addresses(app, page), *_commands(app, page)]
    return found


def _headers(page: Page, response: TestResponse) -> Iterator[str]:
    if response.headers.get("Content-Security-Policy") != HEADERS["Content-Security-Policy"]:
        yield "no Content-Security-Policy"
    if "Crew-Person" not in response.headers:
        yield "no Crew-Person header"
    if "<html" not in page.html:
        return
    if not page.root.get("lang"):
        yield "<html> without lang"
    if page.root.get("data-person") != response.headers.get("Crew-Person"):
        yield "data-person is not the person of the Crew-Person header"


def _headings(page: Page) -> Iterator[str]:
    headings = [words_of(h1) for h1 in page.all("h1") if not _in_template(page, h1)]
    titles = [" ".join((title.text or "").split()) for title in page.all("title") if not _in_svg(page, title)]
    if len(headings) != 1:
        yield f"{len(headings)} h1 {headings}"
    elif not headings[0] or not titles or not titles[0].startswith(headings[0]):
        yield f"h1 {headings[0]!r} does not match the title {titles}"
    if "<html" in page.html and len(page.all("main")) != 1:
        yield "not exactly one <main>"


def _ids(page: Page) -> Iterator[str]:
    counted = Counter(element.get("id") for element in page.all() if element.get("id"))
    yield from (f"id {name!r} occurs {times} times" for name, times in counted.items() if times > 1)
    for element in page.all():
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
            for wanted in (element.get(name) or "").split():
                if wanted not in counted:
                    yield f"{name}={wanted!r} names no id of this page"


def _labels(page: Page) -> Iterator[str]:
    labelled = {label.get("for", "") for label in page.all("label")} - {""}
    within = {id(child) for label in page.all("label") if words_of(label) for child in label.iter()}
    for field in (*page.all("input"), *page.all("select"), *page.all("textarea")):
        if field.tag == "input" and field.get("type", "text") in UNLABELLED:
            continue
        if not (_named(field) or id(field) in within or field.get("id") in labelled):
            yield f"<{field.tag} name={field.get('name')!r}> without a label"
    for pressed in (*page.all("button"), *page.all("a")):
        inside = words_of(pressed) or any(image.get("alt") for image in pressed.iter("img"))
        if not (_named(pressed) or inside or any("data-slot" in part.attrib for part in pressed.iter())):
            yield f"<{pressed.tag}> without words: {pressed.attrib}"


def _named(element: Element) -> bool:
    return bool(element.get("aria-label") or element.get("aria-labelledby"))


def _code(page: Page) -> Iterator[str]:
    for element in page.all():
        for name, value in element.attrib.items():
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")) or CODE.match(value or ""):
                yield f"code or style in an attribute: <{element.tag} {name}={value!r}>"
        if element.tag == "style":
            yield "<style> in the page"
        if element.tag == "script" and not element.get("src") and element.get("type") != "application/json":
            yield "<script> in the page"


def _pictures(page: Page) -> Iterator[str]:
    yield from (f"<img src={image.get('src')!r}> without alt" for image in page.all("img") if "alt" not in image.attrib)


def _words(page: Page) -> Iterator[str]:
    chinese = page.root.get("lang", "").startswith("zh")
    for element in page.all():
        shown = [element.text or "", element.tail or "", *element.attrib.values()]
        for text in shown:
            if UNRENDERED.search(text) and element.tag != "script":
                yield f"unrendered: {text.strip()!r}"
            if chinese and text.strip() == "None":
                yield f"None is shown: <{element.tag} {element.attrib}>"


def _addresses(app: Flask, page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if form.get("method") != "dialog":
            yield from _resolved(app, form.get("action", ""), form.get("method", "get").upper())
    for button in page.all("button"):
        yield from _resolved(app, button.get("formaction", ""), "POST")
    for tag, name in (("a", "href"), ("img", "src"), ("link", "href"), ("script", "src"), (f"{SVG}use", "href")):
        for element in page.all(tag):
            yield from _resolved(app, element.get(name, ""), "GET")


def _resolved(app: Flask, address: str, method: str) -> Iterator[str]:
    parts = urlsplit(address)
    if parts.scheme in ("mailto", "tel", "data", "blob") or address.startswith("#") or not address:
        return
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        yield f"leads out of the application: {address}"
    elif parts.path.startswith(PREFIX):
        if manifest() and parts.path.removeprefix(PREFIX) not in manifest().values():
            yield f"no such built file: {address}"
    else:
        try:
            app.url_map.bind("localhost").match(parts.path, method=method)
        except (HTTPException, RequestRedirect) as error:
            yield f"leads nowhere: {method} {address} ({error.code})"


def _commands(app: Flask, page: Page) -> Iterator[str]:
    for form in page.all("form", method="post"):
        names = [field.get("name") for field in form.iter("input")]
        view = _view(app, form.get("action", ""))
        if getattr(view, "is_command", False) and not {"_key", "_person"} <= set(names):
            yield f"form {form.get('action')} without command_fields()"
        if "data-outbox" in form.attrib and not (form.get("data-label") and _has_subject(form)):
            yield f"form {form.get('action')} for the outbox without data-label, or without subject or new ids"


def _has_subject(form: Element) -> bool:
    return bool(form.get("data-subject") or form.get("data-new"))


def _view(app: Flask, path: str) -> object:
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path, method="POST")
    except (HTTPException, RequestRedirect):
        return None
    return app.view_functions[endpoint]


def _in_template(page: Page, wanted: Element) -> bool:
    return any(wanted in list(template.iter()) for template in page.all("template"))


def _in_svg(page: Page, wanted: Element) -> bool:
    return any(wanted in list(drawing.iter()) for drawing in page.root.iter(f"{SVG}svg"))
