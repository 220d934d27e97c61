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
LAUNDRY = Card("清源洗涤服务有限公司", "Qingyuan Laundry", "洗涤")
EARLIER = (
    # days ago, yuan (below zero: taken off), why
    (58, -861, "月度满意度低于 90 分"),
    (96, -650, "楼梯间烟头未及时清理，连续三次"),
    (131, 1_720, "控烟劝导奖励"),
    (170, -700, "卫生间异味，科室投诉两次"),
    (214, 1_600, "创建卫生城市迎检奖励"),
    (262, -600, "医废袋标识不全"),
    (301, -500, "保洁员未按时到岗"),
    (322, 1_600, "春节值守奖励"),
)
WASHED = ((84, 250, "床单返洗率偏高"), (205, 350, "手术衣破损未挑出"))
PLACES = {"wards": "Z1-03", "wet": "Z1-0316", "public": "MZ-0101", "outside": "W01", "infection": "Z1-0313"}


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction."""
    firm = _firm(_scored(now), now)
    put_right = _found(firm, now, 9, 4, "门诊大厅玻璃幕墙有手印，垃圾桶满溢未及时清运")
    _answered(put_right, now)
    _found(firm, now, 1, 2, "心内科一病区开水间地面有积水，未放防滑牌")
    _booked(firm, now, 12, EntryKind.DEDUCTION, 600, "连续两周卫生间评分低于 6 分")
    _booked(firm, now, 3, EntryKind.REWARD, 200, "迎检期间主动加班保洁")
    _of_the_year(firm, now)


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


def _of_the_year(firm: Contractor, now: datetime) -> None:
    """What was booked before, of this firm and of the laundry."""
    laundry = contractors.create(site().id, new_id(), LAUNDRY, by=person(BOSS), at=_ago(now, 380))
    for days, yuan, reason in EARLIER:
        _booked(firm, now, days, EntryKind.DEDUCTION if yuan < 0 else EntryKind.REWARD, abs(yuan), reason)
    for days, yuan, reason in WASHED:
        _booked(laundry, now, days, EntryKind.DEDUCTION, yuan, reason)


def _firm(template: RoundTemplate, now: datetime) -> Contractor:
    boss, at = person(BOSS), _ago(now, 380)
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
