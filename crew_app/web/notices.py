"""The words of notices in the language of whoever reads them."""

import json
from typing import Any

from flask import Flask
from flask_babel import gettext

from crew_app.notifications import queries
from crew_app.notifications.models import Notice
from crew_app.web.languages import in_chinese
from crew_app.web.people import person_or_none


def start(app: Flask) -> None:
    """Let templates show notices, and the frame of every page how many are unread."""
    app.add_template_filter(words, "notice_words")
    app.add_template_filter(path, "notice_path")
    app.add_template_global(unread_notices)


def unread_notices() -> int:
    """How many notices of whoever asks are not read yet."""
    me = person_or_none()
    return queries.unread_count(me) if me else 0


def path(notice: Notice) -> str:
    """Where a notice leads; nowhere, unless it is a path of ours."""
    href = notice.href
    return href if href.startswith("/") and not href.startswith("//") and "\\" not in href else ""


def words(notice: Notice) -> str:
    """What a notice says."""
    title = str(gettext(notice.title))
    params: dict[str, Any] = json.loads(notice.params)
    try:
        return title % {name: _param(value) for name, value in params.items()} if params else title
    except (KeyError, ValueError, TypeError):  # a translation that names what is not there
        return title


def _param(value: Any) -> str:
    if isinstance(value, dict):
        chinese, english = str(value.get("zh", "")), str(value.get("en", ""))
        return (chinese or english) if in_chinese() else (english or chinese)
    return str(gettext(value)) if isinstance(value, str) and value else str(value)
