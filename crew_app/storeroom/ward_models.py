"""Which department somebody asks for and how much it may ask for in a month; checks of lent tools."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, Money, PersonId, SiteId, Time
from crew_app.people.models import Person
from crew_app.places.models import Department
from crew_app.stock.models import Account, Item


class DepartmentPerson(Base):
    """Somebody who asks for materials for a department: mostly its head nurse."""

    __tablename__ = "department_people"

    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    site_id: Mapped[SiteId]

    department: Mapped[Department] = relationship()
    person: Mapped[Person] = relationship()


class DepartmentLimit(Base):
    """How much a department is meant to use in a calendar month, in yuan; without a row there is no limit."""

    __tablename__ = "department_limits"
    __table_args__ = (CheckConstraint("monthly >= 0", name="monthly_not_negative"),)

    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    site_id: Mapped[SiteId]
    monthly: Mapped[Money]


class LoanCheck(Base):
    """Somebody looked at a lent tool: it is there and works."""

    __tablename__ = "loan_checks"
    __table_args__ = (Index("ix_loan_checks_account_id_item_id", "account_id", "item_id"),)

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    person_id: Mapped[PersonId]
    at: Mapped[Time]

    account: Mapped[Account] = relationship()
    item: Mapped[Item] = relationship()
