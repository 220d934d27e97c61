"""Counts per day, kept so that a year of a large hospital is read in a moment. They can be made anew from the rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base
from crew_app.core.types import UtcDateTime


class DayFigure(Base):
    """How much of something there was on a day of a site, for one member of a dimension ("" for all together)."""

    __tablename__ = "day_figures"
    __table_args__ = (Index("ix_day_figures_site_id_measure_dimension_member", "site_id", "measure", "dimension"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    dimension: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    member: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    amount: Mapped[int] = mapped_column(BigInteger)
    """A count, seconds, or ten-thousandths of a yuan, as the measure says."""


class FigureMark(Base):
    """How far the counts of a site follow what happened there."""

    __tablename__ = "figure_marks"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Everything that the server received before then is counted."""
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
