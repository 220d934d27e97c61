"""Sign-ins that are alive, as people know them: which browser, which phone, since when, last heard from when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext

from crew_app.core.words import N_
from crew_app.people import queries
from crew_app.people.models import LoginSession, Person
from crew_app.phones import queries as phones

_BROWSERS = (
    ("wxwork", "WeCom"),
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "Xiaomi"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in."""

    id: UUID
    words: str
    phone: str
    phone_id: UUID | None
    begun_at: datetime
    used_at: datetime | None
    """When its phone was last heard from; nothing when another sign-in began on that phone since."""
    ends_at: datetime
    token_hash: str


HOW = {
    "password": N_("Password"),
    "pin": N_("PIN"),
    "account": N_("Hospital account"),
    "passkey": N_("Passkey"),
    "code": N_("Code"),
    "page": N_("In the application"),
    "import": N_("By a list"),
    "api": N_("By another system"),
    "command": N_("By a command on the server"),
    "sign_in": N_("From the hospital's accounts"),
}


def how_words(how: str) -> str:
    """By which way somebody came in, or something was changed."""
    return gettext(HOW[how]) if how in HOW else how


def of(person: Person) -> Sequence[SignIn]:
    """All that are alive, the last one first."""
    phone_at = {used.password_at: used for used in phones.of_person(person.id) if used.password_at}
    found = []
    for one in queries.sign_ins(person):
        used = phone_at.get(one.created_at)
        label, phone_id = (used.device.label, used.device_id) if used else ("", None)
        seen = used.seen_at if used else None
        found.append(SignIn(one.id, _words(one), label, phone_id, one.created_at, seen, one.expires_at, one.token_hash))
    return found


def _words(one: LoginSession) -> str:
    browser = next((words for mark, words in _BROWSERS if mark in one.user_agent), "")
    system = next((words for mark, words in _SYSTEMS if mark in one.user_agent), "")
    return " · ".join(filter(None, (browser, system))) or gettext("A browser")
