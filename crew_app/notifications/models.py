"""Notices: what somebody is told, kept with the change that caused it; and what people want to reach them, how."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, UtcDateTime, enum
from crew_app.core.types import Time as Moment
from crew_app.notifications.rules import Channel, Later, Quiet, Topic, wanted_by_default
from crew_app.people.models import Person


class Notice(Base):
    """One thing told to one person. `title` is an English key; `params` is JSON with what stands in it.

    A parameter is a text, or `{"zh": …, "en": …}` where it differs by language.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notices_person_id_made_at", "person_id", "made_at"),
        Index(
            "ix_notices_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notices_read_at", "read_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(String(120))
    """The same event is told once, however often it is said."""
    topic: Mapped[Topic] = mapped_column(enum(Topic))
    title: Mapped[str] = mapped_column(String(200))
    params: Mapped[str] = mapped_column(Text, default="{}")
    href: Mapped[str] = mapped_column(String(200), default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()


class NoticeHabit(Base):
    """When somebody wants to be left alone, and where e-mail goes."""

    __tablename__ = "notice_habits"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    mail: Mapped[str] = mapped_column(String(120), default="")
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    on_duty_only: Mapped[bool] = mapped_column(default=False)
    later: Mapped[Later] = mapped_column(enum(Later), default=Later.WAIT)

    @property
    def quiet(self) -> Quiet | None:
        """Hours in which nothing should disturb, if there are any."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return None
        return Quiet(self.quiet_from, self.quiet_until)


class NoticeChoice(Base):
    """Whether notices on a topic go one way, where somebody chose otherwise than most."""

    __tablename__ = "notice_choices"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(enum(Topic), primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum(Channel), primary_key=True)
    wanted: Mapped[bool]


class Choices:
    """What one person wants, by topic and channel."""

    def __init__(self, rows: list[NoticeChoice]) -> None:
        self._said = {(row.topic, row.channel): row.wanted for row in rows}

    def wants(self, topic: Topic, channel: Channel) -> bool:
        """Whether notices on this topic go this way."""
        return self._said.get((topic, channel), wanted_by_default(channel, topic))


class PushSubscription(Base):
    """Where the notices of one person are pushed to on one phone; the keys are the browser's."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (UniqueConstraint("endpoint", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(String(600))
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[Moment]


class PushKey(Base):
    """The installation's own key pair (VAPID), by which push services know who sends; made once, for all hosts."""

    __tablename__ = "push_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    private: Mapped[str] = mapped_column(String(60))
    public: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[Moment]


class ChatHook(Base):
    """A chat group of a site that is told, too. The address is a secret: kept sealed, never shown again."""

    __tablename__ = "chat_hooks"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    name: Mapped[str] = mapped_column(String(60))
    service: Mapped[str] = mapped_column(String(40))
    """What the address is for ("WeCom Bot"), which is all of it that is ever shown."""
    sealed: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(20), default="zh_Hans_CN")
    active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Moment]

    topics: Mapped[list["ChatHookTopic"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def topic_set(self) -> frozenset[Topic]:
        """What the group hears of."""
        return frozenset(one.topic for one in self.topics)


class ChatHookTopic(Base):
    """One topic that a chat group hears of."""

    __tablename__ = "chat_hook_topics"

    hook_id: Mapped[UUID] = mapped_column(ForeignKey("chat_hooks.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(enum(Topic), primary_key=True)
    site_id: Mapped[SiteId]
