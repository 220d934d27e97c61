"""Verbs of surveys: answer, set the questions, give a ward its address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from crew_app.core.db import session
from crew_app.core.errors import Refused, TooMany
from crew_app.core.words import N_
from crew_app.places.models import Department
from crew_app.surveys import queries
from crew_app.surveys.models import SurveyAddress, SurveyAnswer, SurveyQuestion, SurveyScore
from crew_app.surveys.rules import month_of

MOST_A_MONTH = 500
"""Answers of one ward; more are no opinions any more."""
MOST_QUESTIONS = 12
CODE_BYTES = 16
"""Random bytes of a ward's address; those made before have 12 and stay as they are printed."""
FIRST = (
    ("维修", "Repairs"),
    ("保洁", "Cleaning"),
    ("膳食", "Meals"),
    ("运送", "Carrying"),
    ("服务态度", "Friendliness"),
)
"""What is asked where nobody has chosen questions yet."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled-in survey; `answer_id` was made with the page, so that sending twice is one answer."""

    answer_id: UUID
    scores: Mapping[UUID, int]
    words: str = ""


def answer(address: SurveyAddress, filled: Filled, *, at: datetime) -> SurveyAnswer:
    """Keep an answer, with nothing about who gave it."""
    known = session.get(SurveyAnswer, filled.answer_id)
    if known:
        return known
    department, month = address.department, local_month(address, at)
    if queries.count(department.id, month) >= MOST_A_MONTH:
        raise TooMany("too-many-answers", N_("This ward has answered very often this month. Thank you."))
    asked = {question.id for question in queries.asked(address.site_id)}
    if not filled.scores or filled.scores.keys() - asked:
        raise Refused("scores-missing", N_("Please give at least one mark."))
    made = SurveyAnswer(
        id=filled.answer_id, site_id=address.site_id, department_id=department.id, month=month, words=filled.words
    )
    session.add(made)
    session.flush()
    for question_id, score in sorted(filled.scores.items()):
        session.add(SurveyScore(answer_id=made.id, question_id=question_id, site_id=address.site_id, score=score))
    session.flush()
    return made


def local_month(address: SurveyAddress, at: datetime) -> date:
    """The month of an answer, in the calendar of the site."""
    return month_of(at.astimezone(queries.site(address.site_id).zone).date())


def set_questions(site_id: UUID, names: list[tuple[str, str]]) -> None:
    """Ask exactly these, in this order; a question of the same name goes on, the others stay for their answers."""
    names = [pair for pair in names if any(pair)]
    if not names:
        raise Refused("questions-missing", N_("Please enter at least one question."))
    if len(names) > MOST_QUESTIONS:
        raise Refused("too-many-questions", N_("At most %(most)s questions."), most=MOST_QUESTIONS)
    known = {question.name: question for question in queries.all_questions(site_id)}
    for question in known.values():
        question.asked = False
    for position, (name, name_en) in enumerate(names):
        found = known.get(name or name_en) or SurveyQuestion(site_id=site_id, name=name or name_en)
        found.name_en, found.position, found.asked = name_en, position, True
        session.add(found)
        known[found.name] = found
    session.flush()


def prepare(site_id: UUID) -> None:
    """Give every ward of a site an address, and the site its first questions."""
    if not queries.all_questions(site_id):
        set_questions(site_id, list(FIRST))
    for department in queries.without_address(site_id):
        session.add(_address(department))
    session.flush()


def renew(address: SurveyAddress) -> None:
    """Give a ward another address; the old sheets lead nowhere from now on."""
    address.code = secrets.token_urlsafe(CODE_BYTES)
    session.flush()


def _address(department: Department) -> SurveyAddress:
    return SurveyAddress(
        department_id=department.id, site_id=department.site_id, code=secrets.token_urlsafe(CODE_BYTES)
    )
