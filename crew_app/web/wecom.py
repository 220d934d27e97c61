"""Signing in with WeCom (企业微信): by scanning with it, or inside it without anything."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from crew_app.config import WeCom
from crew_app.core import outside
from crew_app.people.identities import Account
from crew_app.people.identity_models import Provider
from crew_app.web.providers import answered, asking, down, not_confirmed, values_of

API, SCAN, INSIDE = "https://qyapi.weixin.qq.com", "https://login.work.weixin.qq.com", "https://open.weixin.qq.com"
EARLY = 300
"""Seconds before its end that an access token is not used any more."""
_STALE = {40014, 42001, 41001}
_BAD_CODE = {40029, 40163, 41008}
_CLAIMS = ("userid", "name", "department", "main_department", "position", "status")


@dataclass
class House:
    """The hospital's WeCom, and the token for asking it."""

    settings: WeCom
    _token: str = ""
    _good_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, state: str, redirect_uri: str, *, inside: bool) -> str:
        """Where to send the browser: the page with the code to scan, or the silent one inside WeCom."""
        known = self.settings
        if inside:
            asked = {"appid": known.corp_id, "redirect_uri": redirect_uri, "response_type": "code"}
            asked |= {"scope": "snsapi_base", "state": state, "agentid": known.agent_id}
            return f"{known.base or INSIDE}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"
        asked = {"login_type": "CorpApp", "appid": known.corp_id, "agentid": known.agent_id}
        asked |= {"redirect_uri": redirect_uri, "state": state}
        return f"{known.base or SCAN}/wwlogin/sso/login?{urlencode(asked)}"

    def finish(self, code: str) -> Account:
        """Who came back with this code; guests of the corporation are nobody."""
        with asking(self._api) as session:
            found = self._ask(session, "/cgi-bin/auth/getuserinfo", code=code)
            userid = str(found.get("userid") or found.get("UserId") or "")
            if not userid:
                raise not_confirmed()
            about = self._ask(session, "/cgi-bin/user/get", userid=userid)
        claims = values_of((name, about[name]) for name in _CLAIMS if name in about) | {"userid": frozenset({userid})}
        return Account(
            provider=Provider.WECOM,
            issuer=self.settings.corp_id,
            subject=userid,
            label=userid,
            name=str(about.get("name") or ""),
            staff_number=userid[:40],
            claims=claims,
        )

    def describe(self) -> dict[str, Any]:
        """Ask for a token now; fails when it is not reached, or refuses the secret."""
        with asking(self._api) as session, self._lock:
            self._renew(session)
        return {"corp_id": self.settings.corp_id}

    @property
    def _api(self) -> str:
        return self.settings.base or API

    def _ask(self, session: outside.Session, path: str, **asked: str) -> dict[str, Any]:
        found = self._asked(session, path, asked)
        if found.get("errcode") in _STALE:
            self._good_until = 0.0  # taken back before its time
            found = self._asked(session, path, asked)
        if found.get("errcode") in _BAD_CODE:
            raise not_confirmed()
        if found.get("errcode", 0) != 0:
            raise down()
        return found

    def _asked(self, session: outside.Session, path: str, asked: dict[str, str]) -> dict[str, Any]:
        params = {"access_token": self._access_token(session), **asked}
        return answered(session.get(f"{self._api}{path}", params=params))

    def _access_token(self, session: outside.Session) -> str:
        with self._lock:
            if time.monotonic() > self._good_until:
                self._renew(session)
            return self._token

    def _renew(self, session: outside.Session) -> None:
        asked = {"corpid": self.settings.corp_id, "corpsecret": self.settings.secret}
        found = answered(session.get(f"{self._api}/cgi-bin/gettoken", params=asked))
        if found.get("errcode", 0) != 0 or not found.get("access_token"):
            raise down()
        self._token = str(found["access_token"])
        self._good_until = time.monotonic() + max(60, int(found.get("expires_in", 7200)) - EARLY)
