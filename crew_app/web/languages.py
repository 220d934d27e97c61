"""Languages: chosen by the browser, kept per person; and the names of things in them."""

from typing import Any

from flask import Flask, request
from flask_babel import Babel, get_locale, gettext

from crew_app.rounds.content import Words
from crew_app.web.paths import TRANSLATIONS
from crew_app.web.people import person_or_none

LANGUAGES = {"zh_Hans_CN": "简体中文", "en": "English"}
COOKIE = "crew_language"
_babel = Babel()


def start(app: Flask) -> None:
    """Connect Flask-Babel."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(TRANSLATIONS))
    _babel.init_app(app, locale_selector=choose, timezone_selector=_zone)


def choose() -> str:
    """The person's own choice, else this browser's choice, else what the browser asks for; Chinese at last."""
    person = person_or_none()
    for chosen in (person.locale if person else None, request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    asked = request.accept_languages.best_match(["zh-CN", "zh", "zh-Hans-CN", "zh-TW", "en"], default="zh")
    return "en" if asked == "en" else "zh_Hans_CN"


def _zone() -> str:
    person = person_or_none()
    return person.memberships[0].site.timezone if person and person.memberships else "Asia/Shanghai"


def in_chinese() -> bool:
    """Whether this request is answered in Chinese."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def named(thing: Any, field: str = "name") -> str:
    """The name of a thing in the person's language; the Chinese one where there is no other."""
    if thing is None:
        return ""
    chinese: str = getattr(thing, field)
    return chinese if in_chinese() else getattr(thing, f"{field}_en") or chinese


def said(words: Words) -> str:
    """Words of a template in the person's language; in the other one where there are no others."""
    return (words.zh or words.en) if in_chinese() else (words.en or words.zh)


def translate(message: str, **params: object) -> str:
    """Translate a text that was marked with `N_`, and its parameters if they were marked too."""
    words = {name: _in_words(value) for name, value in params.items()}
    text: str = gettext(message)
    return text % words if words else text


def _in_words(value: object) -> object:
    if isinstance(value, Words):
        return said(value)
    return gettext(value) if isinstance(value, str) else value
