"""Sites, people, memberships, and the sign-ins that are alive."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, lazyload, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Money, Time, UtcDateTime, enum
from crew_app.people.rules import RIGHTS, Right, Role, Trade


class Site(Base):
    """A campus (院区) of the hospital. Rights, ledgers and numbers are per site."""

    __tablename__ = "sites"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    write_off_limit: Mapped[Money] = mapped_column(default=Decimal(500), server_default="5000000")
    """Up to this value in yuan a write-off needs no one above the supervisor."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this site's days begin and end."""
        return ZoneInfo(self.timezone)


class Person(Base):
    """Somebody with a log-in."""

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("login = lower(login)", name="login_lower"),
        Index("ix_people_staff_number", "staff_number", unique=True),
    )

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    staff_number: Mapped[str | None] = mapped_column(String(40))
    """How the hospital's personnel office calls them (工号); lists and accounts find them by it."""
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Nothing: not since that is written down."""
    sign_ins_ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[Time]

    memberships: Mapped[list["Membership"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    trades: Mapped[list["PersonTrade"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def site_ids(self) -> frozenset[UUID]:
        """Every site this person has any role at."""
        return frozenset(m.site_id for m in self.memberships)

    def sites_with(self, right: Right) -> frozenset[UUID]:
        """The sites at which this person has the right."""
        return frozenset(m.site_id for m in self.memberships if right in RIGHTS[m.role])

    def can(self, right: Right, site_id: UUID | None = None) -> bool:
        """Whether the person has the right at this site, or anywhere when no site is named."""
        sites = self.sites_with(right)
        return bool(sites) if site_id is None else site_id in sites

    @property
    def roles(self) -> list[Role]:
        """All roles this person has anywhere, in the order of the role list."""
        held = {m.role for m in self.memberships}
        return [role for role in Role if role in held]

    @property
    def trade_set(self) -> frozenset[Trade]:
        """The trades of this person."""
        return frozenset(t.trade for t in self.trades)


class Membership(Base):
    """One role of one person at one site."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "site_id", "role"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    role: Mapped[Role] = mapped_column(enum(Role))

    site: Mapped[Site] = relationship(lazy="joined")


class FormerRole(Base):
    """A role that somebody had until then: what was done while it lasted may still be on its way."""

    __tablename__ = "former_roles"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    role: Mapped[Role] = mapped_column(enum(Role))
    until: Mapped[Time]

    site: Mapped[Site] = relationship(lazy="joined")


class PersonTrade(Base):
    """One trade of one person; many have several (身兼数职)."""

    __tablename__ = "person_trades"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    trade: Mapped[Trade] = mapped_column(enum(Trade), primary_key=True)


class LoginSession(Base):
    """A sign-in that is alive; deleting the row ends it at once, wherever the cookie is."""

    __tablename__ = "login_sessions"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[Time]
    expires_at: Mapped[Time]
    """Later whenever it is used, where sign-ins that do nothing end (`web/idling.py`)."""
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Never later than this."""
    user_agent: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship()


class EndedSession(Base):
    """A sign-in that ended because its person was shut out; good for handing in what waits there, nothing else."""

    __tablename__ = "ended_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    ended_at: Mapped[Time]


NAMED = (lazyload(Person.memberships), lazyload(Person.trades))
"""For queries that show nothing of a person but the name: roles and trades are two questions more for each list."""
