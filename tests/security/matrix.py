"""The table of who may use what (`matrix.txt`), and what it expects of a request. Knows nothing of the application."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("matrix.txt")
PUBLIC, SIGNED_IN, TOKEN = "public", "signed in", "token"
ANY = "any"
PASSED, MAY_NOT, TO_SIGN_IN, NOT_SIGNED_IN, NO_TOKEN = "passed", "403", "302", "401", "401 Bearer"


@dataclass(frozen=True)
class Admitted:
    """Who may use one route by one method."""

    endpoint: str
    method: str
    who: str
    """`public`, `signed in`, the name of a right, or `token`."""
    scope: str
    """Of a token: what it must be for; `any` when it may be for anything."""
    roles: frozenset[str]
    """Roles that may, at their own site; of a token's person too."""

    def of_person(self, role: str) -> str:
        """What somebody signed in with one role at their own site gets."""
        if self.who == TOKEN:
            return NO_TOKEN  # no cookie counts there
        return PASSED if self.who in (PUBLIC, SIGNED_IN) or role in self.roles else MAY_NOT

    def of_nobody(self) -> str:
        """What somebody without a sign-in gets."""
        if self.who == TOKEN:
            return NO_TOKEN
        if self.who == PUBLIC:
            return PASSED
        return TO_SIGN_IN if self.method == "GET" else NOT_SIGNED_IN

    def of_token(self, scope: str, role: str) -> str:
        """What a program gets whose token has one scope, in the name of somebody with one role."""
        if self.who == PUBLIC:
            return PASSED
        if self.who != TOKEN:
            return self.of_nobody()  # a token opens no page
        return PASSED if self.scope in (ANY, scope) and role in self.roles else MAY_NOT


def table(text: str | None = None) -> dict[tuple[str, str], Admitted]:
    """Endpoint and method: who. A line that says something twice is an error."""
    found: dict[tuple[str, str], Admitted] = {}
    for one in _lines(TABLE.read_text(encoding="utf-8") if text is None else text):
        key = (one.endpoint, one.method)
        assert key not in found, f"{key} stands in the table twice"
        found[key] = one
    return found


def _lines(text: str) -> Iterator[Admitted]:
    who, scope, roles = "", "", frozenset[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            head, _, held = line.strip("[]").partition(": ")
            who, scope = _meant(head)
            roles = frozenset(held.split())
            continue
        start, _, names = line.partition(": ")
        method, _, blueprint = start.partition(" ")
        assert method in ("GET", "POST"), (number, line)
        assert names, (number, line)
        for name in names.split():
            yield Admitted(f"{blueprint}.{name}", method, who, scope, roles)


def _meant(head: str) -> tuple[str, str]:
    if not head.startswith(TOKEN):
        return head, ""
    asked = head.removeprefix(TOKEN).strip().partition(" + ")[0]
    return TOKEN, "any" if asked in ("", ANY) else asked
