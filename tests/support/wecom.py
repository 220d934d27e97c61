"""A stand-in for WeCom on this machine, after its documentation: tokens, codes that are good once, members."""

import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.provider import Quiet, served

CORP, AGENT, SECRET = "ww0123456789", "1000002", "a-secret-of-the-application"


@dataclass
class WeComHouse:
    """What it knows; `token` is the one that is good now."""

    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    token: str = "token-0"
    given: int = 0
    html: bool = False
    url: str = ""

    def code_for(self, userid: str) -> str:
        """A code as the browser brings it back."""
        code = f"wecom-{len(self.asked)}-{userid}"
        self.codes[code] = {"userid": userid}
        return code

    def answer(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """As WeCom answers: always 200, with a number for what went wrong."""
        if path == "/cgi-bin/gettoken":
            if (query.get("corpid"), query.get("corpsecret")) != (CORP, SECRET):
                return {"errcode": 40001, "errmsg": "invalid credential"}
            self.given += 1
            self.token = f"token-{self.given}"
            return {"errcode": 0, "errmsg": "ok", "access_token": self.token, "expires_in": 7200}
        if query.get("access_token") != self.token:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        if path == "/cgi-bin/auth/getuserinfo":
            found = self.codes.pop(query.get("code", ""), None)
            return {"errcode": 0, "errmsg": "ok", **found} if found else {"errcode": 40029, "errmsg": "invalid code"}
        member = self.members.get(query.get("userid", ""))
        if path == "/cgi-bin/user/get" and member is not None:
            return {"errcode": 0, "errmsg": "ok", "userid": query["userid"], **member}
        return {"errcode": 60111, "errmsg": "userid not found"}


@contextmanager
def running() -> Iterator[WeComHouse]:
    """The stand-in until the end of the block."""
    house = WeComHouse()

    class Handler(Quiet):
        def do_GET(self) -> None:  # noqa: N802 - as its base calls it
            path, _, query = self.path.partition("?")
            house.asked.append(path)
            if house.html:
                return self.answer(200, b"<html>502</html>", "text/html")
            return self.answer(200, house.answer(path, dict(urllib.parse.parse_qsl(query))))

    with served(Handler) as url:
        house.url = url
        yield house
