"""Which accounts have which roles: whoever has this value in this claim has this role there, for as long."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from crew_app.core.changes import NEW, PARTS, REMOVED, VALUE, How, Trace, note
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people import actions
from crew_app.people.identity_models import AccountRule, Provider
from crew_app.people.models import Membership, Person
from crew_app.people.rules import Right, Role

Claims = Mapping[str, frozenset[str]]
Roles = set[tuple[UUID, Role]]


def roles_of(provider: Provider, claims: Claims) -> Roles:
    """What the rules give to an account with these claims."""
    return _given(_all(provider), claims)


def apply(person: Person, provider: Provider, claims: Claims, at: datetime) -> None:
    """Give the roles that rules give now, and take those that only rules could have given. Others stay.

    Whoever has no role left is shut out: nobody could find them again otherwise. The last administrator of a site
    stays one, whatever the claims say.
    """
    rules, trace = _all(provider), Trace(None, at, How.SIGN_IN)
    held = {(m.site_id, m.role) for m in person.memberships}
    kept = held - {(rule.site_id, rule.role) for rule in rules} | {one for one in held if _is_last(person, *one)}
    wanted = kept | _given(rules, claims)
    if not wanted:
        actions.set_active(person, active=False, trace=trace)
        return
    sites = {site_id for site_id, _ in held | wanted}
    for site_id in sorted(sites, key=lambda one: not _at(wanted, one)):  # never without any on the way
        actions.set_roles(person, site_id, _at(wanted, site_id), trace)


def _given(rules: Iterable[AccountRule], claims: Claims) -> Roles:
    return {(rule.site_id, rule.role) for rule in rules if rule.value in claims.get(rule.claim, ())}


def _at(roles: Roles, site_id: UUID) -> set[Role]:
    return {role for site, role in roles if site == site_id}


def _is_last(person: Person, site_id: UUID, role: Role) -> bool:
    if role is not Role.ADMINISTRATOR:
        return False
    others = select(func.count(Membership.id)).join(Person, Person.id == Membership.person_id)
    others = others.where(Membership.site_id == site_id, Membership.role == role, Person.active, Person.id != person.id)
    return not session.scalar(others)


def _all(provider: Provider) -> Sequence[AccountRule]:
    return session.scalars(select(AccountRule).where(AccountRule.provider == provider)).all()


def rules_at(by: Person) -> Sequence[AccountRule]:
    """The rules of the sites that `by` administers."""
    here = AccountRule.site_id.in_(by.sites_with(Right.MANAGE_PEOPLE))
    order = AccountRule.provider, AccountRule.claim, AccountRule.value, AccountRule.role
    return session.scalars(select(AccountRule).where(here).options(joinedload(AccountRule.site)).order_by(*order)).all()


def add(provider: Provider, claim: str, value: str, site_id: UUID, role: Role, trace: Trace) -> AccountRule:
    """Make a rule."""
    claim, value = claim.strip(), value.strip()
    if not claim or not value:
        raise Refused("words-missing", N_("Please give the claim and its value."))
    rule = AccountRule(provider=provider, claim=claim[:60], value=value[:120], site_id=site_id, role=role)
    session.add(rule)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("rule-known", N_("This rule is there already.")) from error
    note(rule, NEW, None, _words(rule), trace, name=rule.value)
    return rule


def remove(rule: AccountRule, trace: Trace) -> None:
    """Take a rule away. Roles that it gave stay until somebody takes them: no rule governs them any more."""
    note(rule, REMOVED, _words(rule), None, trace, name=rule.value)
    session.delete(rule)
    session.flush()


def rule_at(by: Person, rule_id: UUID) -> AccountRule:
    """One of them."""
    rule = session.get(AccountRule, rule_id)
    if rule is None or rule.site_id not in by.sites_with(Right.MANAGE_PEOPLE):
        raise Unseen("unknown-rule", N_("This rule is not known here."))
    return rule


def _words(rule: AccountRule) -> str:
    parts = {"provider": rule.provider.value, "claim": rule.claim, "value": rule.value, "role": rule.role.value}
    return PARTS.join(f"{name}{VALUE}{value}" for name, value in parts.items())
