"""Deliveries: one notice by one way to one address, written with the notice, sent by the worker."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId, Time, UtcDateTime, enum
from crew_app.notifications.models import Notice
from crew_app.notifications.rules import Channel, Stand


class NoticeDelivery(Base):
    """`target` is a subscription, a chat group, or for e-mail the person: its address is looked up when it is sent."""

    __tablename__ = "notice_deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "target"),
        Index("ix_notice_deliveries_stand_due_at", "stand", "due_at"),
    )

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    channel: Mapped[Channel] = mapped_column(enum(Channel))
    target: Mapped[UUID]
    stand: Mapped[Stand] = mapped_column(enum(Stand), default=Stand.WAITING)
    due_at: Mapped[Time]
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    notice: Mapped[Notice] = relationship(lazy="joined", innerjoin=True)
