"""Under which names this installation answers: a request for any other is refused before anything looks at it.

Otherwise another web site's name that leads here (DNS rebinding) would be an own page of that site to a browser.
"""

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from crew_app.config import Settings

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HEALTH = frozenset({"/healthz", "/readyz"})
"""What a proxy or a monitor asks by whatever address it has."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")
REMEMBERED = 1000


class TrustedHosts:
    """WSGI middleware, behind the one that knows the proxies: refuses names that are not ours."""

    def __init__(self, inner: Application, settings: Settings) -> None:
        self.inner = inner
        self.names = LOOPBACK | settings.trusted_hosts
        self.by_address = settings.public_url is None
        if settings.public_url:
            self.names |= {(urlsplit(settings.public_url).hostname or "").lower()}
        else:
            self.names |= {socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
        self._known: set[str] = set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        told = environ.get("HTTP_HOST", "")
        if told in self._known or environ.get("PATH_INFO") in HEALTH:
            return self.inner(environ, start_response)
        if not self.is_ours(told):
            return _refuse(start_response)
        if len(self._known) < REMEMBERED:
            self._known.add(told)
        return self.inner(environ, start_response)

    def is_ours(self, told: str) -> bool:
        """Whether a browser that names this host means this installation.

        Where nobody said its address, each address of four numbers or of IPv6 does too: no other site has one as its
        name, and phones on a first look come by it.
        """
        found = _HOST.fullmatch(told.lower())
        return found is not None and (found[1] in self.names or (self.by_address and _is_address(found[1])))


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _refuse(start_response: Any) -> Iterable[bytes]:
    body = b"This server does not answer under this name. See TRUSTED_HOSTS.\n"
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("400 Bad Request", [*headers, ("Cache-Control", "no-store")])
    return [body]
