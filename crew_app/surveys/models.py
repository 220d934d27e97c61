"""Questions, the secret address of each ward, and answers.

An answer says of which ward and month it is and nothing about who gave it: no person, no device, no time, an id that
tells no time, and no receipt either, because a receipt knows who sent it and when.
"""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crew_app.core.db import Base
from crew_app.core.types import Id, SiteId
from crew_app.places.models import Department


class SurveyQuestion(Base):
    """What a site asks; one that is not asked any more stays for its answers."""

    __tablename__ = "survey_questions"

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    asked: Mapped[bool] = mapped_column(default=True)


class SurveyAddress(Base):
    """Where a ward answers: what its QR code says. It has to be printed again, so it is kept as it is."""

    __tablename__ = "survey_addresses"

    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    site_id: Mapped[SiteId]
    code: Mapped[str] = mapped_column(String(40), unique=True)

    department: Mapped[Department] = relationship()


class SurveyAnswer(Base):
    """One filled-in survey. `month` is the first day of the month."""

    __tablename__ = "survey_answers"
    __table_args__ = (Index("ix_survey_answers_site_id_month", "site_id", "month"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), index=True)
    month: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(String(2000), default="")

    department: Mapped[Department] = relationship()
    scores: Mapped[list["SurveyScore"]] = relationship(back_populates="answer")


class SurveyScore(Base):
    """One question of one answer, from 1 to 5."""

    __tablename__ = "survey_scores"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),)

    answer_id: Mapped[UUID] = mapped_column(ForeignKey("survey_answers.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("survey_questions.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    score: Mapped[int]

    answer: Mapped[SurveyAnswer] = relationship(back_populates="scores")
