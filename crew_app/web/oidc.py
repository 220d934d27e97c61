"""Signing in with accounts of an OpenID Connect provider. Only this module knows authlib; loaded where there is one.

Authorization code with PKCE. What begins in a browser must end in it: state, nonce and verifier are kept there.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from crew_app.config import Oidc
from crew_app.core import outside
from crew_app.people.identities import LONGEST, Account
from crew_app.people.identity_models import Provider as Which
from crew_app.web.providers import Attempt, answered, asking, down, not_confirmed, values_of

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures by a key that only the provider has: never `none`, never one that we could make ourselves."""
LEEWAY = 120
"""Seconds that the provider's clock may be off."""
KEPT = 3600.0
"""Seconds that its description and its keys are kept."""
NEVER = float("-inf")
"""A moment before every other: a clock that counts from the start of the machine may stand near zero."""
SELDOM = 10.0
"""Seconds between two looks for keys that we do not know: strangers must not make us ask again and again."""


class Client(OAuth2Client):  # type: ignore[misc]
    """A client that asks through our own session: its other one would follow redirects and proxies."""

    client_auth_class = OAuth2ClientAuth


@dataclass
class Provider:
    """The hospital's provider, and what is known of it."""

    settings: Oidc
    _described: dict[str, Any] = field(default_factory=dict)
    _described_at: float = NEVER
    _keys: dict[str, Key] = field(default_factory=dict)
    _keys_at: float = NEVER
    _looked_at: float = NEVER
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, attempt: Attempt, redirect_uri: str, *, again: bool = False) -> str:
        """Where to send the browser; `again` asks the person for their password there although they are signed in."""
        with asking(self.settings.issuer, self.settings.ca_file) as session:
            described = self._describe(session)
            client = self._client(session, redirect_uri)
        more = {"prompt": "login"} if again else {}
        url, _state = client.create_authorization_url(
            described["authorization_endpoint"],
            state=attempt.state,
            code_verifier=attempt.verifier,
            nonce=attempt.nonce,
            **more,
        )
        return str(url)

    def finish(self, code: str, attempt: Attempt, redirect_uri: str) -> Account:
        """Who came back with this code."""
        with asking(self.settings.issuer, self.settings.ca_file) as session:
            described = self._describe(session)
            token = self._token(session, code, attempt, redirect_uri)
            claims = self._checked(session, token, attempt)
            if self.settings.userinfo and described.get("userinfo_endpoint"):
                claims = self._asked(session, token) | claims
        return self._account(claims)

    def describe(self) -> dict[str, Any]:
        """What the provider says of itself, asked now; with the number of its keys."""
        with asking(self.settings.issuer, self.settings.ca_file) as session:
            self._described_at = NEVER
            described = self._describe(session)
            self._fetch_keys(session)
        return {**described, "keys": len(self._keys)}

    def _client(self, session: outside.Session, redirect_uri: str) -> Client:
        methods = self._described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = "client_secret_basic" in methods
        return Client(
            session,
            self.settings.client_id,
            self.settings.secret,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            scope=self.settings.scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _describe(self, session: outside.Session) -> dict[str, Any]:
        if self._described and time.monotonic() - self._described_at < KEPT:
            return self._described
        found = answered(session.get(f"{self.settings.issuer}/.well-known/openid-configuration"))
        if str(found.get("issuer", "")).rstrip("/") != self.settings.issuer:
            raise down()
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(found.get(name, ""))).scheme not in ("http", "https"):
                raise down()
            outside.check(str(found[name]))
        self._described, self._described_at = found, time.monotonic()
        return found

    def _token(self, session: outside.Session, code: str, attempt: Attempt, redirect_uri: str) -> Mapping[str, Any]:
        client = self._client(session, redirect_uri)
        try:
            token = client.fetch_token(self._described["token_endpoint"], code=code, code_verifier=attempt.verifier)
        except AuthlibBaseError as error:  # the code is unknown, used, or too old
            raise not_confirmed() from error
        except ValueError as error:
            raise down() from error
        if not isinstance(token.get("id_token"), str):
            raise not_confirmed()
        found: Mapping[str, Any] = token
        return found

    def _checked(self, session: outside.Session, token: Mapping[str, Any], attempt: Attempt) -> dict[str, Any]:
        issuer, us = str(self._described["issuer"]), self.settings.client_id
        try:
            read = jwt.decode(token["id_token"], self._key(session, token["id_token"]), algorithms=ALGORITHMS)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": us}},
                {"nonce": attempt.nonce, "client_id": us, "access_token": token.get("access_token")},
            )
            claims.validate(int(time.time()), LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise not_confirmed() from error
        return dict(claims)

    def _key(self, session: outside.Session, token: str) -> Key | KeySet:
        """The key that a token names; looked for again when it is not known, but seldom."""
        kid = jws.extract_compact(token.encode()).headers().get("kid")
        if not self._knows(kid) or time.monotonic() - self._keys_at > KEPT:
            with self._lock:
                self._look_again(session, kid)
        if not self._knows(kid):
            raise not_confirmed()
        return self._keys[str(kid)] if kid else next(iter(self._keys.values()))

    def _look_again(self, session: outside.Session, kid: Any) -> None:
        at = time.monotonic()
        if not self._keys or at - self._keys_at > KEPT:
            self._fetch_keys(session)
        elif not self._knows(kid) and at - self._looked_at > SELDOM:
            self._looked_at = at
            self._fetch_keys(session)

    def _knows(self, kid: Any) -> bool:
        """Without a name it must be the only one."""
        return kid in self._keys if kid else len(self._keys) == 1

    def _fetch_keys(self, session: outside.Session) -> None:
        found = answered(session.get(self._described["jwks_uri"])).get("keys")
        signing = [one for one in found or [] if isinstance(one, dict) and one.get("use", "sig") == "sig"]
        usable = [one for one in signing if one.get("kty") in ("RSA", "EC")]
        try:
            self._keys = {str(one.get("kid", "")): import_key(one) for one in usable}
        except (JoseError, ValueError, KeyError) as error:
            raise down() from error
        self._keys_at = time.monotonic()

    def _asked(self, session: outside.Session, token: Mapping[str, Any]) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {token.get('access_token', '')}"}
        return answered(session.get(str(self._described["userinfo_endpoint"]), headers=bearer))

    def _account(self, claims: Mapping[str, Any]) -> Account:
        subject = str(claims["sub"])
        if not subject or len(subject) > LONGEST:
            raise not_confirmed()
        values = values_of(claims.items())
        staff = values.get(self.settings.staff_claim, frozenset()) if self.settings.staff_claim else frozenset()
        return Account(
            provider=Which.OIDC,
            issuer=str(self._described["issuer"]),
            subject=subject,
            label=str(claims.get("preferred_username") or claims.get("upn") or claims.get("email") or ""),
            name=str(claims.get("name") or ""),
            staff_number=next(iter(staff))[:40] if len(staff) == 1 else "",
            claims=values,
            strong="mfa" in values.get("amr", ()),
        )
