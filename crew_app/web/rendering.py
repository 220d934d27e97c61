"""What makes templates quick: texts looked up once per language, parts that are the same for everybody rendered once.

A page asks for several hundred texts and icons. Flask-Babel finds out anew for each of them which request it is in
(8 microseconds a text, measured); here a text costs one look into a dictionary of its language.
"""

from collections.abc import Callable
from datetime import UTC, tzinfo
from functools import cache
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale, get_timezone, get_translations
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from crew_app.web.assets import asset, parts
from crew_app.web.within import within
from crew_app.web.words import words

MOST_TEXTS = 20_000
"""Texts kept ready per language; templates have some thousands."""
_CONTEXT = "_flask_babel"
"""Where Flask-Babel keeps the language of a request."""


class QuickTemplate(Template):
    """A template whose imports do not look for globals of their own: all share those of the application."""

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class Texts:
    """The texts of one language, as templates show them."""

    def __init__(self, translations: Any) -> None:
        self.plain: Callable[[str], str] = translations.gettext
        self.counted: Callable[[str, str, int], str] = translations.ngettext
        self.ready: dict[str, Markup] = {}

    def text(self, message: str) -> Markup:
        """A text without anything filled in."""
        found = Markup(self.plain(message)) % {}  # noqa: S704 - catalogues are ours
        if len(self.ready) < MOST_TEXTS:
            self.ready[message] = found
        return found


def start(app: Flask) -> None:
    """Replace what Flask-Babel gave the templates."""
    app.jinja_env.template_class = QuickTemplate
    app.jinja_env.globals.update(_=say, gettext=say, ngettext=say_counted, part=part, drawn_icon=icon)
    app.add_template_global(words_json)
    app.add_template_global(parts_json)
    app.extensions[_KEPT] = {}


_KEPT = "crew_parts"


def _texts() -> Texts:
    """Those of this request's language, which a block may change for a while."""
    context: Any = within().get(_CONTEXT)
    locale = getattr(context, "babel_locale", None)
    if locale is None:
        locale = get_locale()
        context = within().get(_CONTEXT)
    kept: tuple[Any, Texts] | None = getattr(context, "crew_texts", None)
    if kept is None or kept[0] is not locale:
        kept = (locale, _of(str(locale)))
        if context is not None:
            context.crew_texts = kept
    return kept[1]


@cache
def _of(_locale: str) -> Texts:
    return Texts(get_translations())


def say(message: str, /, **variables: Any) -> Markup:
    """A text in the person's language; what is filled in is escaped."""
    texts = _texts()
    if variables:
        return Markup(texts.plain(message)) % variables  # noqa: S704 - catalogues are ours
    return texts.ready.get(message) or texts.text(message)


def say_counted(singular: str, plural: str, num: int, /, **variables: Any) -> Markup:
    """A text with a number in it."""
    found = Markup(_texts().counted(singular, plural, num))  # noqa: S704 - catalogues are ours
    return found % {"num": num, **variables}


def zone() -> tzinfo:
    """The time zone of this request."""
    context: Any = within().get(_CONTEXT)
    found: tzinfo | None = getattr(context, "babel_tzinfo", None) or get_timezone()
    return found or UTC


def part(name: str) -> Markup:
    """A part of a page that is the same for everybody who speaks the language: rendered once in each process."""
    kept: dict[tuple[str, str], Markup] = current_app.extensions[_KEPT]
    key = (name, str(get_locale()))
    if key not in kept:
        kept[key] = Markup(current_app.jinja_env.get_template(name).render())  # noqa: S704 - rendered with escaping
    return kept[key]


def words_json() -> Markup:
    """The texts that scripts show, as JSON for a `<script>` element."""
    return _words_json(str(get_locale()))


@cache
def _words_json(_locale: str) -> Markup:
    return _for_html(words())


@cache
def parts_json() -> Markup:
    """The addresses of the scripts that are loaded when needed, as JSON for an attribute in single quotes."""
    return _for_html(parts())


def _for_html(value: Any) -> Markup:
    return htmlsafe_json_dumps(value, dumps=current_app.json.dumps)


@cache
def icon(name: str) -> Markup:
    """A drawing of the sprite, beside words that say the same."""
    drawing = '<svg class="icon" aria-hidden="true" width="24" height="24"><use href="{}#{}"></use></svg>'
    return Markup(drawing).format(asset("icons.svg"), name)  # noqa: S704 - a constant; format() escapes
