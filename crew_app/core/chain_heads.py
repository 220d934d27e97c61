"""How far each chain had come on a day, as it was told to the outside."""

from datetime import date, datetime

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base
from crew_app.core.types import UtcDateTime


class ToldHead(Base):
    """The end of a chain on a day. Rows never change and never go (triggers)."""

    __tablename__ = "chain_heads"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
