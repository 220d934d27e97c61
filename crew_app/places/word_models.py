"""A site's own words: what it calls things that the software calls otherwise."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from crew_app.core.db import Base


class SiteWord(Base):
    """One word of a site, in both languages; empty where the software's own is meant."""

    __tablename__ = "site_words"

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    zh: Mapped[str] = mapped_column(String(60), default="")
    en: Mapped[str] = mapped_column(String(60), default="")
