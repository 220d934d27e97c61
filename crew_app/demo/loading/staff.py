"""Rows of people, their roles, their trades, and the kinds of jobs they do."""

from collections.abc import Iterator
from datetime import datetime

from crew_app.demo.job_kinds import job_kinds
from crew_app.demo.loading.ids import Row, known
from crew_app.demo.people import PASSWORD, people
from crew_app.people.identity_models import Provider
from crew_app.people.passwords import hash_password
from crew_app.people.rules import Role

RULES = (
    (Provider.OIDC, "groups", "后勤保障部-维修班", Role.TECHNICIAN),
    (Provider.OIDC, "groups", "后勤保障部-班组长", Role.SUPERVISOR),
    (Provider.OIDC, "groups", "护理部-护士长", Role.REQUESTER),
    (Provider.WECOM, "department", "12", Role.GUARD),
)


def person_rows(at: datetime) -> Iterator[Row]:
    """Everybody, all with the same password (hashed once)."""
    password_hash = hash_password(PASSWORD)
    for number, person in enumerate(people().values(), 1):
        yield {
            "id": known("person", person.login),
            "login": person.login,
            "name": person.name,
            "name_en": person.name_en,
            "staff_number": f"HQ{number:04}",
            "password_hash": password_hash,
            "active": True,
            "must_change_password": False,
            "created_at": at,
        }


def membership_rows() -> Iterator[Row]:
    """One role at each of a person's sites."""
    for person in people().values():
        for site in person.sites:
            yield {
                "id": known("membership", f"{person.login}@{site}"),
                "person_id": known("person", person.login),
                "site_id": known("site", site),
                "role": person.role,
            }


def trade_rows() -> Iterator[Row]:
    """What each technician can do."""
    for person in people().values():
        for trade in sorted(person.trades):
            yield {"person_id": known("person", person.login), "trade": trade}


def account_rows(at: datetime) -> Iterator[Row]:
    """Whose WeCom is linked already: the crews', who scan the code in the morning."""
    for person in people().values():
        if person.role in (Role.TECHNICIAN, Role.SUPERVISOR, Role.GUARD):
            yield {
                "id": known("identity", person.login),
                "person_id": known("person", person.login),
                "provider": Provider.WECOM,
                "issuer": "ww-demo",
                "subject": person.login,
                "label": person.login,
                "made_at": at,
                "used_at": at,
            }


def account_rule_rows() -> Iterator[Row]:
    """Which groups of the hospital's accounts have which roles."""
    for provider, claim, value, role in RULES:
        yield {
            "id": known("account-rule", value),
            "provider": provider,
            "claim": claim,
            "value": value,
            "site_id": known("site", "main"),
            "role": role,
        }


def job_kind_rows() -> Iterator[Row]:
    """The kinds of jobs, in the order in which the screen offers them."""
    for position, kind in enumerate(job_kinds().values()):
        yield {
            "id": known("job-kind", kind.code),
            "code": kind.code,
            "name": kind.name,
            "name_en": kind.name_en,
            "trade": kind.trade,
            "priority": kind.priority,
            "icon": kind.icon,
            "position": position,
        }
