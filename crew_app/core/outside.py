"""Requests to addresses that other people named: push services, chat applications. The only way out of the house.

Such an address must not lead back inside: a name is resolved once, every address it has must be a public one, and the
connection goes to exactly that address. No redirect is followed, no proxy of the environment is used, certificates are
always checked, and neither time nor answer is without end. Hosts of the house itself are reached when they are named.
"""

import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

TO_CONNECT, TO_ANSWER = 5.0, 10.0
LONGEST = 20.0
"""Seconds for all of it, however slowly the other side drips."""
LARGEST = 64 * 1024
"""Bytes of an answer that are read."""
_NAT64 = IPv6Network("64:ff9b::/96")
_named: ContextVar[frozenset[str]] = ContextVar("named", default=frozenset())


class NotOutside(Exception):
    """The address leads to where no outside service can be. No `OSError`: libraries would take it for the network's."""


@contextmanager
def allowing(hosts: Iterable[str]) -> Iterator[None]:
    """Within the block these hosts may be reached wherever they are, also without encryption."""
    token = _named.set(frozenset(host.lower() for host in hosts))
    try:
        yield
    finally:
        _named.reset(token)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is out in the world, also when it is wrapped into another one."""
    if isinstance(address, IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    bad = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not bad


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def check(url: str) -> None:
    """Refuse an address that cannot be meant: no secure one, or one with a log-in name in it. Resolves nothing."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise NotOutside("the address is not complete")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname.lower() in _named.get()):
        raise NotOutside("the address is not secure")


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to a host outside, to an address that was looked at."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if host.lower().strip("[]") not in _named.get() and not all(_is_fine(info[4][0]) for info in found):
        raise NotOutside("the address leads inside")
    trouble: OSError = OSError("the name has no address")
    for family, kind, protocol, _name, address in found:
        made = socket.socket(family, kind, protocol)
        made.settimeout(timeout)
        try:
            made.connect(address)
        except OSError as error:
            made.close()
            trouble = error
        else:
            return made
    raise trouble


def _is_fine(text: str | int) -> bool:
    return is_public(ip_address(str(text).partition("%")[0]))


class _Watched(HTTPConnection):
    """Connects to the address that was looked at, and is cut after the longest time."""

    _watch: Timer | None = None

    def _new_conn(self) -> socket.socket:
        try:
            return connect(self._dns_host, self.port, TO_CONNECT)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error

    def connect(self) -> None:
        super().connect()
        self._watch = Timer(LONGEST, _cut, [self.sock])
        self._watch.daemon = True
        self._watch.start()

    def close(self) -> None:
        if self._watch:
            self._watch.cancel()
        super().close()


class _WatchedTls(_Watched, HTTPSConnection):
    """The same, encrypted."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTls


def _cut(made: socket.socket) -> None:
    try:
        made.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class Session(requests.Session):
    """A session of `requests` that keeps all of that, whatever the caller asks for."""

    def __init__(self, ca_file: str = "") -> None:
        """`ca_file`: certificates of the house that vouch for the other side; the usual ones otherwise."""
        super().__init__()
        self.trust_env = False
        self._vouching: bool | str = ca_file or True
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def request(self, method: str | bytes, url: str | bytes, *_arguments: Any, **options: Any) -> requests.Response:
        """Ask; the answer is read as far as `LARGEST`."""
        check(url if isinstance(url, str) else url.decode())
        own = {"allow_redirects": False, "verify": self._vouching, "timeout": (TO_CONNECT, TO_ANSWER), "stream": True}
        response = super().request(method, url, **{**options, **own, "proxies": None, "cert": None})
        with response:
            response._content = _read(response)  # noqa: SLF001 - as `requests` does when it reads an answer itself
        return response


def _read(response: requests.Response) -> bytes:
    end, kept = time.monotonic() + LONGEST, b""
    for piece in response.iter_content(4096):
        kept += piece
        if len(kept) > LARGEST or time.monotonic() > end:
            break
    return kept[:LARGEST]
