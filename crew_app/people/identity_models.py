"""Other ways to sign in: the hospital's own accounts, passkeys, codes that change with time."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Time, UtcDateTime, enum
from crew_app.people.models import Person, Site
from crew_app.people.rules import Role


class Provider(StrEnum):
    """Who vouches for somebody."""

    OIDC = "oidc"
    WECOM = "wecom"


class Identity(Base):
    """An account elsewhere that belongs to a person here."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("provider", "issuer", "subject"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    provider: Mapped[Provider] = mapped_column(enum(Provider))
    issuer: Mapped[str] = mapped_column(String(200))
    """Whose account: the issuer's address, or the corporation's id."""
    subject: Mapped[str] = mapped_column(String(200))
    """How the provider calls the person for ever."""
    label: Mapped[str] = mapped_column(String(120), default="")
    """What people know it by: a user name, an e-mail address."""
    made_at: Mapped[Time]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class AccountRule(Base):
    """Whoever has this value in this claim has this role at this site, as long as they have it."""

    __tablename__ = "account_rules"
    __table_args__ = (UniqueConstraint("provider", "claim", "value", "site_id", "role"),)

    id: Mapped[Id]
    provider: Mapped[Provider] = mapped_column(enum(Provider))
    claim: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(120))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    role: Mapped[Role] = mapped_column(enum(Role))

    site: Mapped[Site] = relationship()


class Passkey(Base):
    """A key in somebody's phone or computer."""

    __tablename__ = "passkeys"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[Time]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class TimeCode(Base):
    """What the changing codes of somebody's authenticator are made from (TOTP), sealed with the installation's key."""

    __tablename__ = "time_codes"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[Time]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then nothing asks for it."""
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The step of the last code that was taken: none is taken twice."""


class RecoveryCode(Base):
    """One of the codes that help when the phone is gone."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Time]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactorRule(Base):
    """At this site this role needs a second factor."""

    __tablename__ = "second_factor_rules"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum(Role), primary_key=True)
