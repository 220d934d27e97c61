"""An import on its way: the file, what its columns mean, its rows, what is wrong with them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, PersonId, SiteId, Time, UtcDateTime, enum
from crew_app.people.models import Person, Site


class Subject(StrEnum):
    """What a list is of."""

    PLACES = "places"
    ASSETS = "assets"
    PEOPLE = "people"
    ITEMS = "items"
    STOCK = "stock"
    """Opening stock, per store."""
    TEMPLATES = "templates"
    """Templates of rounds: one row a check."""
    DEPARTMENTS = "departments"


class ImportState(StrEnum):
    """How far an import has come."""

    READING = "reading"
    READ = "read"
    """Columns are guessed and shown; a person says what they mean."""
    CHECKING = "checking"
    CHECKED = "checked"
    """The dry run is done: nothing was changed yet."""
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ImportRun(Base):
    """One file that somebody brought."""

    __tablename__ = "import_runs"
    __table_args__ = (Index("ix_import_runs_site_id_made_at", "site_id", "made_at"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    subject: Mapped[Subject] = mapped_column(enum(Subject))
    file_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    byte_size: Mapped[int]
    state: Mapped[ImportState] = mapped_column(enum(ImportState), default=ImportState.READING)
    sheet: Mapped[str] = mapped_column(String(80), default="")
    heading_row: Mapped[int] = mapped_column(default=1)
    columns: Mapped[str] = mapped_column(Text, default="[]")
    """JSON: the headings as they stand in the file, in order, with a few values of each."""
    meaning: Mapped[str] = mapped_column(Text, default="{}")
    """JSON: number of a column -> our field."""
    options: Mapped[str] = mapped_column(Text, default="{}")
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    made_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    same_count: Mapped[int] = mapped_column(default=0)
    error_count: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(400), default="")
    """What made the whole of it fail (an English key)."""
    made_by_id: Mapped[PersonId]
    made_at: Mapped[Time]
    changed_at: Mapped[Time]
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship()
    made_by: Mapped[Person] = relationship()


class ImportFile(Base):
    """The bytes of a file, until its import is over."""

    __tablename__ = "import_files"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Base):
    """One row as it was read, until its import is over."""

    __tablename__ = "import_rows"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_runs.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """As the spreadsheet counts it."""
    values: Mapped[str] = mapped_column(Text)
    """JSON: the cells as texts."""


class CellError(Base):
    """What is wrong with a cell."""

    __tablename__ = "import_errors"
    __table_args__ = (Index("ix_import_errors_run_id_row", "run_id", "row"),)

    id: Mapped[Id]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_runs.id"))
    row: Mapped[int]
    cell: Mapped[str] = mapped_column(String(12))
    """As the spreadsheet names it (C17); the row alone where no cell is to blame."""
    heading: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(String(200))
    """An English key."""
    params: Mapped[str] = mapped_column(Text, default="{}")
