"""Chat groups (WeCom, DingTalk, Feishu and many more). The only module that knows apprise.

Apprise asks with `requests`, whose session is exchanged for ours: whatever an address says about redirects or
certificates, the request is made as `core/outside.py` makes it.
"""

import logging
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests import sessions

from crew_app.core import outside
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.notifications.outcome import SENT, Came, Outcome

if TYPE_CHECKING:
    from apprise import Apprise

LONGEST = 1000
_WITH_OWN_SERVER = ("mmost", "rocket", "matrix", "ntfy", "gotify", "bark", "json", "form", "xml")
_WITHOUT = (
    "wecombot",
    "dingtalk",
    "feishu",
    "lark",
    "slack",
    "msteams",
    "workflow",
    "tgram",
    "discord",
    "gchat",
    "line",
)
SERVICES = frozenset((*_WITHOUT, *_WITH_OWN_SERVER, *(f"{name}s" for name in _WITH_OWN_SERVER)))
"""Those that only make web requests; apprise also knows programs, sockets and devices of this machine."""


def address(text: str) -> tuple[str, str]:
    """What somebody copied from a chat application, as apprise writes it, and which service it is; or a refusal."""
    url = _translated(text.strip())
    if len(url) > LONGEST or not url.isprintable() or urlsplit(url).scheme.lower() not in (*SERVICES, "https"):
        raise _no_address()
    found = _plugin(url)
    if found is None or urlsplit(found.url()).scheme not in SERVICES:
        raise _no_address()
    return found.url(privacy=False), str(found.service_name or found.__class__.__name__)[:40]


def _no_address() -> Refused:
    words = N_(
        "This is no address of a chat group. Copy the whole address that the chat application shows for its robot."
    )
    return Refused("bad-chat-address", words)


def _translated(text: str) -> str:
    """DingTalk and Feishu show addresses that apprise does not know as such."""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise _no_address() from error
    if parts.hostname == "oapi.dingtalk.com":
        return f"dingtalk://{parse_qs(parts.query).get('access_token', [''])[0]}/"
    found = re.fullmatch(r"/open-apis/bot/v2/hook/([A-Za-z0-9-]+)", parts.path)
    if found and parts.hostname in ("open.feishu.cn", "open.larksuite.com"):
        return f"{'feishu' if parts.hostname.endswith('.cn') else 'lark'}://{found[1]}/"
    return text


def send(url: str, text: str) -> Outcome:
    """Tell a group; what comes of it. Apprise says no more than whether it worked."""
    found = _plugin(url)
    if found is None or urlsplit(url).scheme not in SERVICES:
        return Outcome(Came.NEVER, "the address is not known any more")
    try:
        done = bool(found.notify(body=text))
    except outside.NotOutside as error:
        return Outcome(Came.NEVER, str(error))
    except (OSError, requests.RequestException, TypeError) as error:
        return Outcome(Came.LATER, type(error).__name__)
    return SENT if done else Outcome(Came.LATER, "the chat application did not take it")


def _plugin(url: str) -> Any:
    return _apprise().instantiate(url, suppress_exceptions=True)


@cache
def _apprise() -> "type[Apprise]":
    """Loaded when it is needed: it brings more than a hundred services along."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of modules it looks for and does not need
        from apprise import Apprise  # noqa: PLC0415

        Apprise.instantiate("json://localhost")
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it writes addresses, which are secrets
    sessions.Session = outside.Session  # type: ignore[misc]
    return Apprise
