"""What was answered, by ward, question and month; within the sites a person may see."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.places.models import Department
from crew_app.surveys.models import SurveyAddress, SurveyAnswer, SurveyQuestion, SurveyScore
from crew_app.surveys.rules import FEWEST, Tally, summed
from crew_app.tickets import followers
from crew_app.tickets.models import JobKind


def by_code(code: str, *, lock: bool = False) -> SurveyAddress:
    """The address of a ward's survey; whoever holds it may answer, since it cannot be guessed."""
    query = select(SurveyAddress).where(SurveyAddress.code == code)
    query = query.with_for_update() if lock else query.options(joinedload(SurveyAddress.department))
    found = session.scalar(query)
    if found is None:
        raise Unseen("unknown-survey", N_("This link leads to no survey."))
    return found


def site(site_id: UUID) -> Site:
    """A site."""
    return session.get_one(Site, site_id)


def sites(person: Person, right: Right) -> list[Site]:
    """The sites where a person has a right, by code."""
    query = select(Site).where(Site.id.in_(person.sites_with(right))).order_by(Site.code)
    return list(session.scalars(query))


def asked(site_id: UUID) -> Sequence[SurveyQuestion]:
    """The questions that are asked now, in order."""
    query = select(SurveyQuestion).where(SurveyQuestion.site_id == site_id, SurveyQuestion.asked)
    return session.scalars(query.order_by(SurveyQuestion.position, SurveyQuestion.id)).all()


def all_questions(site_id: UUID) -> Sequence[SurveyQuestion]:
    """All that were ever asked."""
    query = select(SurveyQuestion).where(SurveyQuestion.site_id == site_id)
    return session.scalars(query.order_by(SurveyQuestion.position, SurveyQuestion.id)).all()


def addresses(site_id: UUID) -> Sequence[SurveyAddress]:
    """The address of every ward, by its code."""
    query = select(SurveyAddress).join(Department).where(SurveyAddress.site_id == site_id)
    return session.scalars(query.options(joinedload(SurveyAddress.department)).order_by(Department.code)).all()


def address_of(person: Person, department_id: UUID) -> SurveyAddress:
    """The address of one ward, for whoever keeps the surveys."""
    found = session.get(SurveyAddress, department_id)
    if found is None or found.site_id not in person.sites_with(Right.KEEP_SURVEYS):
        raise Unseen("unknown-survey", N_("This link leads to no survey."))
    return found


def without_address(site_id: UUID) -> Sequence[Department]:
    """Wards that have no address yet."""
    query = select(Department).where(Department.site_id == site_id, Department.retired_at.is_(None))
    have = select(SurveyAddress.department_id).where(SurveyAddress.site_id == site_id)
    return session.scalars(query.where(Department.id.not_in(have))).all()


def count(department_id: UUID, month: date) -> int:
    """How many answers a ward gave in a month."""
    query = select(func.count(SurveyAnswer.id)).where(SurveyAnswer.department_id == department_id)
    return session.scalar(query.where(SurveyAnswer.month == month)) or 0


@dataclass(slots=True)
class WardResult:
    """What a ward said in a month: answers, and marks by question."""

    department: Department
    answers: int
    marks: dict[UUID, Tally] = field(default_factory=lambda: defaultdict(Tally))

    @property
    def shown(self) -> bool:
        """Whether enough answered for it to be shown by itself."""
        return self.answers >= FEWEST

    @property
    def whole(self) -> Tally:
        """All questions together."""
        return summed(self.marks.values())


def wards(site_id: UUID, month: date) -> list[WardResult]:
    """The wards that answered in a month, by code."""
    numbers = select(SurveyAnswer.department_id, func.count(SurveyAnswer.id)).group_by(SurveyAnswer.department_id)
    numbers = numbers.where(SurveyAnswer.site_id == site_id, SurveyAnswer.month == month)
    answers: dict[UUID, int] = {row[0]: row[1] for row in session.execute(numbers)}
    found = session.scalars(select(Department).where(Department.id.in_(answers)).order_by(Department.code))
    results = {ward.id: WardResult(ward, answers[ward.id]) for ward in found}
    query = (
        select(SurveyAnswer.department_id, SurveyScore.question_id, SurveyScore.score, func.count())
        .join(SurveyScore, SurveyScore.answer_id == SurveyAnswer.id)
        .where(SurveyAnswer.site_id == site_id, SurveyAnswer.month == month)
        .group_by(SurveyAnswer.department_id, SurveyScore.question_id, SurveyScore.score)
    )
    for ward_id, question_id, score, times in session.execute(query):
        results[ward_id].marks[question_id].add(score, times)
    return list(results.values())


def trend(site_id: UUID, months: Sequence[date]) -> dict[date, Tally]:
    """All marks of each of these months."""
    query = (
        select(SurveyAnswer.month, SurveyScore.score, func.count())
        .join(SurveyScore, SurveyScore.answer_id == SurveyAnswer.id)
        .where(SurveyAnswer.site_id == site_id, SurveyAnswer.month >= months[0], SurveyAnswer.month <= months[-1])
        .group_by(SurveyAnswer.month, SurveyScore.score)
    )
    found = {month: Tally() for month in months}
    for month, score, times in session.execute(query):
        found[month].add(score, times)
    return found


def words(site_id: UUID, month: date, shown: set[UUID], limit: int = 50) -> list[SurveyAnswer]:
    """What wards that are shown wrote in a month; in the order of ids that tell no time."""
    query = select(SurveyAnswer).where(SurveyAnswer.site_id == site_id, SurveyAnswer.month == month)
    query = query.where(SurveyAnswer.words != "", SurveyAnswer.department_id.in_(shown))
    return list(
        session.scalars(query.options(joinedload(SurveyAnswer.department)).order_by(SurveyAnswer.id).limit(limit))
    )


@dataclass(slots=True)
class KindResult:
    """How finished jobs of a kind were rated."""

    job_kind: JobKind
    quality: Tally = field(default_factory=Tally)
    service: Tally = field(default_factory=Tally)


def rated(site_id: UUID, start: datetime, end: datetime) -> list[KindResult]:
    """Ratings of jobs by kind, in a period, the most rated first."""
    results: dict[UUID, KindResult] = {}
    kinds = {kind.id: kind for kind in session.scalars(select(JobKind))}
    for rating, job_kind_id in followers.ratings(site_id, start, end):
        result = results.setdefault(job_kind_id, KindResult(kinds[job_kind_id]))
        result.quality.add(rating.quality)
        result.service.add(rating.service)
    return sorted(results.values(), key=lambda one: (-one.quality.number, one.job_kind.position))
