"""What a summary says of shortcomings and of what comes next: drafted from the data, for somebody to go over."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.reports.figures import Facts, Row, Scope
from crew_app.reports.periods import Period, after, span_of
from crew_app.reports.summary_models import Span
from crew_app.reports.summary_rounds import run_out
from crew_app.reports.summary_words import Listing, Name, Paragraph, Section, say
from crew_app.rounds.content import Category
from crew_app.rounds.models import RoundPlan, RoundTemplate

WORST, FEW = 3, 5
GOOD_ON_TIME, GOOD_ANSWERED, GOOD_SCORE, GOOD_SATISFACTION = map(Decimal, (98, 95, 90, 90))
"""Below these percentages it is a shortcoming."""
MUCH_MORE = Decimal(10)
"""So many percent more of water or energy than the year before are worth a word."""


def add_outlook(facts: Facts, scope: Scope, span: Span, at: datetime) -> None:
    """Put what is due in the next period to the facts, so that it is kept with them when a summary is closed."""
    coming = after(span, scope.period)
    yesterday = scope.period.first - timedelta(days=365)
    facts.rows["expired"] = run_out(scope, yesterday, min(scope.period.last, at.astimezone(scope.site.zone).date()))
    facts.rows["due"] = run_out(scope, coming.first, coming.last)
    facts.rows["upkeep"] = _upkeep(scope)
    facts.rows["next"] = [Row(coming.first.isoformat(), coming.last.isoformat(), ())]


def outlook(facts: Facts) -> list[Section]:
    """The two sections that people go over before they hand a summary in."""
    return [
        Section("shortcomings", N_("Shortcomings"), _shortcomings(facts), numbered=True),
        Section("plans", N_("What comes next"), _plans(facts), numbered=True),
    ]


def next_period(span: Span, period: Period) -> Period:
    """The period that a summary looks ahead to."""
    return after(span, span_of(span, period.first, period.zone))


def _shortcomings(facts: Facts) -> list[Paragraph]:
    found = [*_of_jobs(facts), *_of_rounds(facts), *_of_supplies(facts), *_of_others(facts)]
    return found or [[say(N_("Nothing stands out in the figures. Write here what you know beyond them."))]]


def _of_jobs(facts: Facts) -> list[Paragraph]:
    found: list[Paragraph] = []
    rate = facts["on_time_rate"].value
    if rate is not None and rate < GOOD_ON_TIME:
        text = N_("Repairs were not always in time: %(rate)s on time, %(late)s late.")
        found.append([say(text, rate=facts["on_time_rate"], late=facts["late"])])
    rate = facts["answered_rate"].value
    if rate is not None and rate < GOOD_ANSWERED:
        text = N_("Reports were not always answered in time: %(late)s were answered late.")
        found.append([say(text, late=facts["answered_late"])])
    if facts["overdue"].value:
        found.append([say(N_("%(number)s jobs are over their deadline and not done."), number=facts["overdue"])])
    worst = _worst(facts)
    if worst:
        text = N_("Faults that come back soon, most of all: %(kinds)s. The cause is to be found, not only the fault.")
        found.append([say(text, kinds=Listing(worst, 2))])
    if facts["waiting"].value:
        found.append([say(N_("%(number)s jobs still wait for material."), number=facts["waiting"])])
    return found


def _worst(facts: Facts) -> list[Row]:
    """The kinds of jobs whose faults come back most often."""
    ordered = sorted(facts.rows["kinds"], key=lambda one: -(one.cells[2].value or 0))
    return [one for one in ordered[:WORST] if one.cells[2].value]


def _of_rounds(facts: Facts) -> list[Paragraph]:
    found: list[Paragraph] = []
    if facts["hazards_open"].value:
        text = N_("%(number)s hazards are not put right yet.")
        found.append([say(text, number=facts["hazards_open"])])
    if facts.rows["missed"]:
        text = N_("Rounds were missed, in whole or in part: %(rounds)s.")
        found.append([say(text, rounds=Listing(facts.rows["missed"]))])
    if facts.rows["expired"]:
        text = N_("Tests or licences have run out and were not renewed: %(papers)s.")
        found.append([say(text, papers=Listing(facts.rows["expired"]))])
    if not facts["drills"].value:
        found.append([say(N_("No drill was held in this period."))])
    return found


def _of_supplies(facts: Facts) -> list[Paragraph]:
    more = [one for one in facts.rows["media"] if (one.cells[0].change or 0) > MUCH_MORE]
    text = N_("%(medium)s rose by %(change)s against the year before; look for lamps left on and taps left running.")
    return [[say(text, medium=one.name, change=f"{one.cells[0].change}%")] for one in more]


def _of_others(facts: Facts) -> list[Paragraph]:
    found: list[Paragraph] = []
    weak = [one for one in facts.rows["contractors"] if (one.cells[0].value or Decimal(100)) < GOOD_SCORE]
    if weak:
        found.append([say(N_("Firms with low scores: %(firms)s."), firms=Listing(weak))])
    rates = (facts["rating_rate"].value, facts["survey_rate"].value)
    if any(rate is not None and rate < GOOD_SATISFACTION for rate in rates):
        text = N_("Wards are not satisfied enough: %(rated)s by ratings of jobs, %(surveyed)s by surveys.")
        found.append([say(text, rated=facts["rating_rate"], surveyed=facts["survey_rate"])])
    return found


def _plans(facts: Facts) -> list[Paragraph]:
    found: list[Paragraph] = []
    if facts.rows["due"]:
        text = N_("Have tested or renewed what runs out from %(first)s to %(last)s: %(papers)s.")
        span = facts.rows["next"][0]
        found.append([say(text, first=span.name, last=span.name_en, papers=Listing(facts.rows["due"]))])
    if facts["not_done"].value:
        found.append([say(N_("Finish the %(jobs)s reported jobs that are open."), jobs=facts["not_done"])])
    if facts["hazards_open"].value:
        text = N_("Put the %(hazards)s hazards right that are still there.")
        found.append([say(text, hazards=facts["hazards_open"])])
    if facts.rows["upkeep"]:
        text = N_("Carry out the planned maintenance: %(plans)s.")
        found.append([say(text, plans=Listing(facts.rows["upkeep"]))])
    if _worst(facts):
        worst = _worst(facts)[0]
        text = N_("Look into the causes of repeat faults, first of all: %(kind)s.")
        found.append([say(text, kind=Name(worst.name, worst.name_en))])
    if facts.rows["media"]:
        found.append([say(N_("Compare water and energy month by month, and follow up what is out of line."))])
    found.append([say(N_("Go on with rounds of the wards, so that problems are found before they are reported."))])
    found.append([say(N_("Hold drills and trainings as planned, and record who took part."))])
    return found


def _upkeep(scope: Scope) -> list[Row]:
    """Templates of maintenance with plans that go on; how many plans each has."""
    query = (
        select(RoundTemplate, func.count())
        .join(RoundPlan, RoundPlan.template_id == RoundTemplate.id)
        .where(RoundTemplate.site_id == scope.site.id, RoundTemplate.category == Category.MAINTENANCE)
        .where(RoundPlan.active, RoundTemplate.retired_at.is_(None))
        .group_by(RoundTemplate.id)
        .order_by(RoundTemplate.name)
        .limit(FEW)
    )
    return [Row(one.name, one.name_en, ()) for one, _ in session.execute(query)]
