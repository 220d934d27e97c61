"""Profiles of security: what passwords, guessing, sign-ins and records must keep to; each value may be made stricter.

`mlps2` and `mlps3` are levels two and three of GB/T 22239-2019 (等保). The standard names what must be limited, not
the limits: the numbers are those that assessors ask for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

SHORTEST_RECORD = 180
"""Days; China's Cybersecurity Law, article 21."""
_ROLES = "requester technician guard supervisor storekeeper contractor manager administrator desk"
ROLES = frozenset(_ROLES.split())
"""Names of roles, as `people.rules.Role` has them."""


class BadValue(ValueError):
    """A value that cannot be meant, or that is laxer than the profile; the message names it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What applies here. Zero days or minutes: no limit."""

    name: str = "standard"
    shortest: int = 8
    """Characters of a password."""
    kinds: int = 0
    """How many of capitals, small letters, digits and others a password has."""
    password_days: int = 0
    """After so many days another password is chosen at the next sign-in."""
    remembered: int = 1
    """A new password differs from so many of the last ones, the present one among them."""
    tries: int = 8
    """Wrong tries for one name from one address before there is a wait."""
    wait_minutes: int = 10
    """The first wait; each further one is twice as long, up to an hour at least."""
    idle_minutes: int = 0
    """A sign-in that does nothing for so long ends."""
    sign_in_days: int = 30
    """A sign-in ends after so many days, whatever it does."""
    factor_roles: frozenset[str] = frozenset()
    """Roles that need a second factor everywhere."""
    record_days: int = SHORTEST_RECORD
    """How long it is written down who came in."""

    @property
    def longest(self) -> timedelta:
        """How long a sign-in may last."""
        return timedelta(days=self.sign_in_days)

    @property
    def idle(self) -> timedelta:
        """How long it may do nothing; zero: as long as it lasts."""
        return timedelta(minutes=self.idle_minutes)


PROFILES = {
    one.name: one
    for one in (
        Profile(),
        Profile("asvs", shortest=12, idle_minutes=720, sign_in_days=14, factor_roles=frozenset({"administrator"})),
        Profile(
            "mlps2", kinds=3, password_days=90, remembered=3, tries=5, wait_minutes=10, idle_minutes=30, sign_in_days=7
        ),
        Profile(
            "mlps3",
            shortest=10,
            kinds=3,
            password_days=90,
            remembered=5,
            tries=5,
            wait_minutes=20,
            idle_minutes=15,
            sign_in_days=1,
            factor_roles=frozenset({"administrator"}),
        ),
    )
}
STANDARD = PROFILES["standard"]


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that may be set: by which variable, and within which bounds; `lower`: less is stricter."""

    variable: str
    least: int
    most: int
    lower: bool = False


VALUES: Mapping[str, _Value] = {
    "shortest": _Value("PASSWORD_LENGTH", 8, 64),
    "kinds": _Value("PASSWORD_KINDS", 0, 4),
    "password_days": _Value("PASSWORD_DAYS", 0, 3650, lower=True),
    "remembered": _Value("PASSWORD_HISTORY", 1, 24),
    "tries": _Value("SIGN_IN_TRIES", 3, 100, lower=True),
    "wait_minutes": _Value("SIGN_IN_WAIT_MINUTES", 1, 1440),
    "idle_minutes": _Value("SIGN_IN_IDLE_MINUTES", 0, 43_200, lower=True),
    "sign_in_days": _Value("SIGN_IN_DAYS", 1, 30, lower=True),
    "record_days": _Value("SIGN_IN_RECORD_DAYS", SHORTEST_RECORD, 36_500),
}
_UNLIMITED = frozenset({"password_days", "idle_minutes"})


def read_profile(env: Mapping[str, str]) -> Profile:
    """The profile of `SECURITY_PROFILE` with what is set beside it; `BadValue` names what is wrong."""
    name = env.get("SECURITY_PROFILE") or STANDARD.name
    if name not in PROFILES:
        raise BadValue(f"SECURITY_PROFILE must be one of {', '.join(PROFILES)}")
    found = PROFILES[name]
    asked = [field for field, value in VALUES.items() if env.get(value.variable)]
    changes: dict[str, Any] = {field: _read(env, found, field) for field in asked}
    roles = frozenset((env.get("SECOND_FACTOR_ROLES") or "").replace(",", " ").split())
    if roles - ROLES:
        raise BadValue(f"SECOND_FACTOR_ROLES must be names of roles: {', '.join(sorted(ROLES))}")
    return replace(found, **changes, factor_roles=found.factor_roles | roles)


def _read(env: Mapping[str, str], profile: Profile, field: str) -> int:
    value, text, demanded = VALUES[field], env[VALUES[field].variable].strip(), getattr(profile, field)
    if not (text.isascii() and text.isdecimal()) or not value.least <= int(text) <= value.most:
        raise BadValue(f"{value.variable} must be a whole number from {value.least} to {value.most}")
    if is_laxer(field, int(text), demanded):
        raise BadValue(f"{value.variable}={text} is laxer than SECURITY_PROFILE={profile.name} allows ({demanded})")
    return int(text)


def is_laxer(field: str, value: int, demanded: int) -> bool:
    """Whether a value allows more than what is demanded."""
    if field in _UNLIMITED:
        return demanded > 0 and not 0 < value <= demanded
    compare: Callable[[int, int], bool] = int.__gt__ if VALUES[field].lower else int.__lt__
    return compare(value, demanded)


def differences(found: Profile) -> frozenset[str]:
    """The fields in which an installation is stricter than its profile."""
    demanded = PROFILES[found.name]
    return frozenset(one.name for one in fields(found) if getattr(found, one.name) != getattr(demanded, one.name))
