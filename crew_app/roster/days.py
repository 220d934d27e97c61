"""The calendar of a site: holidays, and weekends that are worked."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base, session


class DayOff(Base):
    """A day that is not what its weekday says: a holiday, or a Saturday that is worked (调休)."""

    __tablename__ = "days_off"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(60), default="")


def days_off(site_id: UUID) -> dict[date, bool]:
    """The days of a site that are not what their weekday says; true for those that are worked."""
    rows = session.execute(select(DayOff.day, DayOff.working).where(DayOff.site_id == site_id))
    return {row.day: row.working for row in rows}
