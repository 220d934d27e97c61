"""A provider of accounts that speaks OpenID Connect: it checks what real ones check, and can be broken.

Whoever is `signed_in` there is sent back at once. `faults` says what goes wrong: each is a name and its value.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "crew", "a-secret-of-the-client"


@dataclass
class Grant:
    """A code that was given out."""

    subject: str
    nonce: str
    challenge: str
    redirect_uri: str


@dataclass
class OidcProvider:
    """The provider. Every address it was asked for is in `asked`."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    signed_in: str = ""
    faults: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Grant] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    published: list[RSAKey] = field(default_factory=list)
    url: str = ""

    def rotate(self, name: str = "second") -> None:
        """Sign with a new key from now on; the old one is still published."""
        self.key = RSAKey.generate_key(2048, {"kid": name, "use": "sig"})
        self.published.append(self.key)

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent."""
        if query["client_id"] != CLIENT or query.get("code_challenge_method") != "S256":
            return ""
        state = self.faults.get("state", query["state"])
        if self.faults.get("denies"):
            return f"{query['redirect_uri']}?error=access_denied&state={state}"
        code = f"code-{len(self.codes)}"
        self.codes[code] = Grant(self.signed_in, query["nonce"], query["code_challenge"], query["redirect_uri"])
        return f"{query['redirect_uri']}?{urllib.parse.urlencode({'code': code, 'state': state})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Tokens for a code: once, to the client it was given to, with the verifier that belongs to it."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        grant = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if grant is None or grant.redirect_uri != form.get("redirect_uri") or _text(digest) != grant.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": self._id_token(grant), "expires_in": 300}

    def _id_token(self, grant: Grant) -> str:
        now = int(time.time()) + self.faults.get("clock", 0)
        claims = {"iss": self.url, "aud": CLIENT, "sub": grant.subject, "nonce": grant.nonce, "iat": now}
        claims |= {"exp": now + 300, **self.people[grant.subject], **self.faults.get("claims", {})}
        header = {"alg": "RS256", "kid": self.key.kid} | self.faults.get("header", {})
        if self.faults.get("hs256"):  # signed with what everybody knows: the public key
            signed = _unsigned({"alg": "HS256", "kid": self.key.kid}, claims)
            return f"{signed}.{_text(hmac.digest(self.key.as_pem(private=False), signed.encode(), 'sha256'))}"
        if self.faults.get("none"):
            return _unsigned({"alg": "none", "kid": self.key.kid}, claims) + "."
        return jwt.encode(header, claims, self.faults.get("key", self.key))

    def describe(self) -> dict[str, Any]:
        """Discovery."""
        return {
            "issuer": self.faults.get("issuer", self.url),
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def keys(self) -> dict[str, Any]:
        """The public keys; one for encryption among them, which is none of ours."""
        shown = [{**key.as_dict(private=False), "use": "sig"} for key in self.published or [self.key]]
        return {"keys": [*shown, {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}]}

    def userinfo(self) -> dict[str, Any]:
        """More claims, when asked."""
        return {"sub": self.signed_in, **self.faults.get("userinfo", {})}


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(_text(json.dumps(one).encode()) for one in (header, claims))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def running() -> Iterator[OidcProvider]:
    """The provider until the end of the block."""
    provider = OidcProvider()
    provider.published.append(provider.key)
    with served(_handler(provider)) as url:
        provider.url = url
        yield provider


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A web server on this machine; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet(BaseHTTPRequestHandler):
    """Answers in JSON, and says nothing on the terminal."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as its base calls it
        return

    def answer(self, status: int, body: Any, kind: str = "application/json", **headers: str) -> None:
        """Send an answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _handler(provider: OidcProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            provider.asked.append(path)
            if path in provider.faults.get("slow", ()):
                provider.faults["gate"].wait(30)
            if path in provider.faults.get("html", ()):
                return self.answer(200, b"<html>Log in to the network</html>", "text/html")
            if path == "/authorize":
                where = provider.authorize(dict(urllib.parse.parse_qsl(query)))
                return self.answer(302 if where else 400, b"", **({"Location": where} if where else {}))
            pages = {"/.well-known/openid-configuration": provider.describe, "/keys": provider.keys}
            found = (pages | {"/userinfo": provider.userinfo}).get(path)
            return self.answer(200 if found else 404, found() if found else {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, found = provider.token(dict(urllib.parse.parse_qsl(body)), self.headers.get("Authorization", ""))
            self.answer(status, found)

    return Handler
