"""Plans for people: by staff number, else by log-in. Who is new gets a log-in and a temporary password."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.imports.cells import Bad, key
from crew_app.imports.models import Subject
from crew_app.imports.planning import Call, Insert, Page, Planner, Row, Update, differing
from crew_app.people.models import Membership, Person, PersonTrade
from crew_app.people.passwords import READABLE, hash_password
from crew_app.people.rules import ROLE_LABELS, TRADE_LABELS, Role, Trade
from crew_app.stock.catalogue import pinyin

_SEPARATORS = re.compile(r"[,，、;；/+\n]+")
_LOGIN = re.compile(r"[a-z0-9._@-]{1,60}")
ROLES: dict[str, Role] = {
    **{key(label): role for role, label in ROLE_LABELS.items()},
    **{key(role.value): role for role in Role},
    **dict.fromkeys(("报修人", "护士长", "护士", "医生", "科室人员", "医师"), Role.REQUESTER),
    **dict.fromkeys(("维修工", "技工", "技术员", "维修人员", "维修员", "工程师", "师傅"), Role.TECHNICIAN),
    **dict.fromkeys(("保安", "保安员", "协警", "警卫", "门卫"), Role.GUARD),
    **dict.fromkeys(("班组长", "组长", "班长", "主管", "队长"), Role.SUPERVISOR),
    **dict.fromkeys(("库管员", "库管", "仓管员", "仓库管理员", "保管员", "仓管"), Role.STOREKEEPER),
    **dict.fromkeys(("外包单位", "外包", "承包商", "外包人员"), Role.CONTRACTOR),
    **dict.fromkeys(("科长", "经理", "后勤科长", "管理人员", "主任", "财务"), Role.MANAGER),
    **dict.fromkeys(("管理员", "系统管理员"), Role.ADMINISTRATOR),
    **dict.fromkeys(("服务台", "调度员", "话务员", "一站式服务中心"), Role.DESK),
}
TRADES: dict[str, Trade] = {
    **{key(label): trade for trade, label in TRADE_LABELS.items()},
    **{key(trade.value): trade for trade in Trade},
    **dict.fromkeys(("水工", "管道工", "水暖工", "水暖", "给排水"), Trade.PLUMBING),
    **dict.fromkeys(("电工", "强电", "电气"), Trade.ELECTRICAL),
    **dict.fromkeys(("制氧", "制氧供氧", "氧气", "医用气体", "制氧工", "医气"), Trade.OXYGEN),
    **dict.fromkeys(("空调", "空调工", "暖通", "制冷"), Trade.HVAC),
    **dict.fromkeys(("五金", "木工", "五金木工", "木工锁具", "锁具", "泥瓦工"), Trade.CARPENTRY),
    **dict.fromkeys(("电梯", "电梯工"), Trade.LIFT),
    **dict.fromkeys(("弱电", "弱电工", "网络"), Trade.LOW_VOLTAGE),
    **dict.fromkeys(("运送", "运送员", "陪检", "护工"), Trade.PORTER),
    **dict.fromkeys(("司机", "驾驶员", "驾驶"), Trade.DRIVER),
}


@dataclass(frozen=True, slots=True)
class More:
    """Roles and trades that somebody who is there gets added."""

    person_id: UUID
    roles: tuple[Role, ...]
    trades: tuple[Trade, ...]


class PersonPlanner(Planner):
    """People of one site. Somebody of another site is not touched."""

    subject = Subject.PEOPLE

    def __init__(self, site_id: UUID, options: Mapping[str, Any]) -> None:
        super().__init__(site_id, options)
        self.taken = {login for (login,) in session.execute(select(Person.login))}

    def page(self, rows: Sequence[Row]) -> Page:
        """Some people."""
        page = Page()
        for row in rows:
            texts, before = self.texts(row, page), len(page.faults)
            roles = self.parsed(row, page, "roles", lambda value: _several(value, ROLES, _ROLE)) or ()
            trades = self.parsed(row, page, "trades", lambda value: _several(value, TRADES, _TRADE)) or ()
            if texts is None or len(page.faults) > before or not self._alone(row, page, texts):
                continue
            person = self._known(texts)
            if person is None:
                self._make(row, page, texts, roles, trades)
            elif self.site_id in person.site_ids:
                self._add_to(person, page, texts, roles, trades)
            else:
                words = N_("This person belongs to another site. Only an administrator there can add them here.")
                page.wrong(row, "staff_number" if texts["staff_number"] else "login", words)
        return page

    def _alone(self, row: Row, page: Page, texts: Mapping[str, str]) -> bool:
        who = [(name, texts[name]) for name in ("staff_number", "login") if texts[name]] or [("name", texts["name"])]
        return all(self.once(row, page, f"{name}:{value}", name) for name, value in who)

    def _known(self, texts: Mapping[str, str]) -> Person | None:
        """By staff number; by log-in only where that person has no other number; by name only here and if just one."""
        number, login = texts["staff_number"], texts["login"].lower()
        if number and (found := session.scalar(select(Person).where(Person.staff_number == number))):
            return found
        if login:
            free = or_(Person.staff_number.is_(None), Person.staff_number == number)
            return session.scalar(select(Person).where(Person.login == login, *([free] if number else [])))
        if number:
            return None
        here = select(Person).join(Membership).where(Membership.site_id == self.site_id, Person.name == texts["name"])
        found_here = session.scalars(here.distinct().limit(2)).all()
        return found_here[0] if len(found_here) == 1 else None

    def _make(
        self, row: Row, page: Page, texts: Mapping[str, str], roles: Sequence[Role], trades: Sequence[Trade]
    ) -> None:
        login = texts["login"].lower()
        if login and (login in self.taken or not _LOGIN.fullmatch(login)):
            return page.wrong(row, "login", N_("This log-in name is taken or has signs that cannot stand in one."))
        if not roles:
            return page.wrong(row, "roles", N_("Say at least one role: 报修人, 维修工, 保安 …"))
        login = login or self._free_login(texts)
        self.taken.add(login)
        page.made += 1
        page.steps += self._steps(login, texts, roles, trades)
        return None

    def _steps(
        self, login: str, texts: Mapping[str, str], roles: Sequence[Role], trades: Sequence[Trade]
    ) -> list[Insert]:
        person_id = new_id()
        person = {
            "id": person_id,
            "login": login,
            "name": texts["name"],
            "name_en": texts["name_en"],
            "staff_number": texts["staff_number"] or None,
            "password_hash": self._hash(login),
            "active": True,
            "must_change_password": True,
            "created_at": now(),
        }
        members = [{"id": new_id(), "person_id": person_id, "site_id": self.site_id, "role": role} for role in roles]
        skilled = [{"person_id": person_id, "trade": trade} for trade in trades]
        found = [Insert(Person, [person]), Insert(Membership, members)]
        return [*found, Insert(PersonTrade, skilled)] if skilled else found

    def _hash(self, login: str) -> str:
        """Hashing is dear on purpose: only where the import is carried out, not when it is tried."""
        secret = self.options.get("secret")
        return hash_password(temporary_password(secret, login)) if secret else "-"

    def _free_login(self, texts: Mapping[str, str]) -> str:
        number = re.sub(r"[^a-z0-9._-]", "", texts["staff_number"].lower())
        spoken = "".join(sign for sign in pinyin(texts["name"]).split(" ")[0] if sign.isascii() and sign.isalnum())
        base = number or spoken[:40] or "user"
        login, count = base, 1
        while login in self.taken:
            count += 1
            login = f"{base}{count}"
        return login

    def _add_to(
        self, person: Person, page: Page, texts: Mapping[str, str], roles: Sequence[Role], trades: Sequence[Trade]
    ) -> None:
        held = {one.role for one in person.memberships if one.site_id == self.site_id}
        more = More(
            person.id,
            tuple(role for role in roles if role not in held),
            tuple(trade for trade in trades if trade not in person.trade_set),
        )
        alone = person.site_ids == {self.site_id}
        old = {name: getattr(person, name) for name in ("name", "name_en", "staff_number")}
        before, after = differing(old, {name: texts[name] for name in old}) if alone else ({}, {})
        if after:
            page.steps.append(Update(Person, person.id, person.name, before, after))
        if more.roles or more.trades:
            page.steps.append(Call("more_roles", more))
        if after or more.roles or more.trades:
            page.changed += 1
        else:
            page.same += 1


_ROLE = N_(
    "“%(word)s” is no role here. Known are: 报修人, 维修工, 保安, 班组长, 库管员, 外包单位, 科长, 管理员, 服务台."
)
_TRADE = N_("“%(word)s” is no trade. Known are: 水工, 电工, 制氧, 空调, 五金木工, 电梯, 弱电, 运送, 司机.")


def _several(value: str, known: Mapping[str, Any], words: str) -> tuple[Any, ...]:
    whole = known.get(key(value))
    if whole:
        return (whole,)
    found = []
    words_found = [part for part in _SEPARATORS.split(value.strip()) if part.strip()]
    for word in (one for part in words_found for one in ([part] if key(part) in known else part.split())):
        one = known.get(key(word))
        if one is None:
            raise Bad(words, word=word[:40])
        found.append(one)
    return tuple(dict.fromkeys(found))


def temporary_password(secret: str, login: str) -> str:
    """The password that somebody begins with: three groups, found again from a secret that is in no table."""
    digest = hmac.digest(secret.encode(), login.encode(), hashlib.sha256)
    signs = [READABLE[byte % len(READABLE)] for byte in digest[:12]]
    return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))
