"""The providers of accounts that are connected, and for whom passkeys are made: one of each for an application."""

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request
from flask_babel import gettext

from crew_app.config import Settings
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.passkeys import House
from crew_app.web import wecom

if TYPE_CHECKING:
    from crew_app.web.oidc import Provider


def oidc_provider() -> "Provider":
    """The provider of the hospital's accounts; `Unseen` without one."""
    settings = _settings().oidc
    if settings is None:
        raise _not_connected()
    from crew_app.web.oidc import Provider

    kept = current_app.extensions.setdefault("crew_oidc", Provider(settings))
    found: Provider = kept
    return found


def wecom_house() -> wecom.House:
    """The hospital's WeCom; `Unseen` without one."""
    settings = _settings().wecom
    if settings is None:
        raise _not_connected()
    kept = current_app.extensions.setdefault("crew_wecom", wecom.House(settings))
    found: wecom.House = kept
    return found


def passkey_house() -> House:
    """For whom passkeys are made; `Unseen` where browsers would not make any."""
    origin = _origin()
    host = urlsplit(origin).hostname or ""
    if not origin:
        raise Unseen("no-passkeys", N_("Passkeys need the address of this installation, with https."))
    return House(host, origin, gettext("Hospital crew"))


def passkeys_possible() -> bool:
    """Whether there can be passkeys here at all."""
    return bool(_origin())


def _origin() -> str:
    """Where this application is, if browsers take it for secure and a passkey can be bound to its name."""
    url = _settings().public_url or ""
    if not url and (urlsplit(request.host_url).hostname or "") == "localhost":
        url = request.host_url.rstrip("/")
    parts = urlsplit(url)
    secure = parts.scheme == "https" or parts.hostname == "localhost"
    return url if secure and parts.hostname and not _is_number(parts.hostname) else ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def _not_connected() -> Unseen:
    return Unseen("not-connected", N_("No accounts of the hospital are connected here."))
