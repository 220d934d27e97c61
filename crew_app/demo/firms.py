"""The cleaning firm of the demo hospital: scored every week, a finding answered, one open, a deduction, a reward."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from crew_app.core.clock import Moment, server_moment
from crew_app.core.ids import new_id
from crew_app.demo.rounds import BOSS, make_run, person, placed, plan, site, walk
from crew_app.rounds import contractors
from crew_app.rounds.content import Where
from crew_app.rounds.contractor_models import AnswerKind, Contractor, ContractorFinding, EntryKind
from crew_app.rounds.contractors import Amount, Card, Draft
from crew_app.rounds.models import RoundTemplate
from crew_app.rounds.ready import ready_template

SEED = 24
WEEKS = 6
FIRM_PERSON, MANAGER = "wuye", "zhou"
CARD = Card("洁美保洁服务有限公司", "Jiemei Cleaning Services", "保洁")
PLACES = {"wards": "Z1-03", "wet": "Z1-0316", "public": "MZ-0101", "outside": "W01", "infection": "Z1-0313"}


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction."""
    firm = _firm(_scored(now), now)
    put_right = _found(firm, now, 9, 4, "门诊大厅玻璃幕墙有手印，垃圾桶满溢未及时清运")
    _answered(put_right, now)
    _found(firm, now, 1, 2, "心内科一病区开水间地面有积水，未放防滑牌")
    _booked(firm, now, 12, EntryKind.DEDUCTION, 600, "连续两周卫生间评分低于 6 分")
    _booked(firm, now, 3, EntryKind.REWARD, 200, "迎检期间主动加班保洁")


def _scored(now: datetime) -> RoundTemplate:
    """Six weeks of inspections; in one of them the floor of the wards was not clean."""
    content = ready_template("cleaning-score")
    stops = [placed(one, Where(place=PLACES[one.key]) if one.key in PLACES else None) for one in content.stops]
    template = plan(replace(content, stops=tuple(stops)), now, days=7 * WEEKS + 20)
    dice = Random(SEED)  # noqa: S311 - a demo, no secret
    for week in range(WEEKS, 0, -1):
        opens = now - timedelta(days=7 * week - 3)
        walk(make_run(template, opens, 120), BOSS, opens + timedelta(minutes=5), dice)
    return template


def _firm(template: RoundTemplate, now: datetime) -> Contractor:
    boss, at = person(BOSS), _ago(now, 7 * WEEKS + 10)
    firm = contractors.create(site().id, new_id(), CARD, by=boss, at=at)
    contractors.describe(firm, CARD, [person(FIRM_PERSON)], by=boss)
    contractors.link_templates(firm, {template.id: Decimal(1)}, by=boss, at=at)
    return firm


def _found(firm: Contractor, now: datetime, days: int, due: int, words: str) -> ContractorFinding:
    draft = Draft(new_id(), words, now + timedelta(days=due - days))
    return contractors.find(firm, draft, by=person(BOSS), at=_ago(now, days))


def _answered(finding: ContractorFinding, now: datetime) -> None:
    words = "已擦拭，垃圾清运改为每两小时一次"
    contractors.answer(finding, new_id(), words, by=person(FIRM_PERSON), at=_ago(now, 7))
    contractors.decide(finding, new_id(), AnswerKind.ACCEPTED, "", by=person(BOSS), at=_ago(now, 6))


def _booked(firm: Contractor, now: datetime, days: int, kind: EntryKind, yuan: int, reason: str) -> None:
    day = (now - timedelta(days=days)).date()
    contractors.book(firm, Amount(new_id(), kind, Decimal(yuan), day, reason), by=person(MANAGER), at=_ago(now, days))


def _ago(now: datetime, days: int) -> Moment:
    return server_moment(now - timedelta(days=days))
