"""The figures of a summary about money and energy: materials, media, contractors, own works."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from crew_app.core.db import session
from crew_app.reports.cost_rules import MEDIA, NOTHING
from crew_app.reports.energy import Energy, energy, meters_of, prices_of, sort_of
from crew_app.reports.figures import Figure, Form, Row, Scope, count, money
from crew_app.reports.periods import months_of
from crew_app.reports.works import OwnWork, savings
from crew_app.rounds import meter_use
from crew_app.rounds.consumption import Use
from crew_app.rounds.contractor_models import (
    Contractor,
    ContractorEntry,
    ContractorFinding,
    EntryKind,
    RunContractor,
)
from crew_app.rounds.scores import Scored, mean
from crew_app.rounds.series_models import ReadingSeries
from crew_app.stock.models import AccountKind, Item, Move
from crew_app.storeroom.sums import (
    USED,
    crossing,
    net,
    over_moves,
    start_of,
    thousandths,
    units,
    within,
    worth,
    yuan,
)

BOUGHT = frozenset({AccountKind.SUPPLIER})
MOST_USED = 10


def materials(scope: Scope) -> dict[str, Figure]:
    """What jobs and departments used, and what was bought, in yuan, by the days of the books."""
    span = within(scope.period.start, scope.period.end)
    used = over_moves(select(net(USED, worth())), scope.ids).where(crossing(USED), span)
    bought = over_moves(select(net(BOUGHT, worth())), scope.ids).where(crossing(BOUGHT), span)
    return {
        "used": money(yuan(session.scalar(used)), scope.behind("used")),
        "bought": money(-yuan(session.scalar(bought)), scope.behind("bought")),
    }


def items(scope: Scope, kinds: frozenset[AccountKind] = USED, limit: int | None = MOST_USED) -> list[Row]:
    """What was used (or came from suppliers) item by item, the dearest first: how much of it, and its value."""
    sign = -1 if kinds is BOUGHT else 1
    quantity, value = net(kinds, thousandths()), net(kinds, worth())
    query = (
        over_moves(select(Item, quantity, value), scope.ids)
        .join(Item, Item.id == Move.item_id)
        .where(crossing(kinds), within(scope.period.start, scope.period.end))
        .group_by(Item.id)
        .having(value != 0)
        .order_by(func.abs(value).desc(), Item.code)
        .limit(limit)
    )
    return [
        Row(
            f"{item.name} {item.spec}".strip(),
            f"{item.name_en or item.name} {item.spec}".strip(),
            (Figure(sign * units(held), Form.AMOUNT, unit=item.unit), money(sign * yuan(summed))),
            f"/stock/items/{item.id}",
        )
        for item, held, summed in session.execute(query)
    ]


Counting = tuple[ReadingSeries, Decimal, bool]
"""A meter, what it counted, and whether its readings leave a gap."""


def media(scope: Scope, *, whole: bool = False) -> dict[str, Row]:
    """Water, power, steam, gas: how much was used, and what that cost where the site says a price.

    Nothing is said of a medium without readings in the period; with `whole`, of one whose readings leave a gap.
    """
    rows = {}
    cost = _media_cost(scope) if not whole else {}
    for (medium, unit), group in sorted(counting_meters(scope).items()):
        amount = sum((one[1] for one in group), NOTHING)
        if amount and not (whole and any(one[2] for one in group)):
            behind = scope.behind("meters", f"{medium}/{unit}")
            words = MEDIA.get(medium, medium)
            spent = money(cost.get((medium, unit), NOTHING), scope.behind("meter-costs", f"{medium}/{unit}"))
            rows[f"{medium}/{unit}"] = Row(words, words, (Figure(amount, Form.AMOUNT, behind, unit=unit), spent))
    return rows


def counting_meters(scope: Scope) -> dict[tuple[str, str], list[Counting]]:
    """By medium and unit, the meters that make up its figure: the main ones or those of departments, whichever more."""
    groups: dict[tuple[str, str], tuple[list[Counting], list[Counting]]] = defaultdict(lambda: ([], []))
    meters = meters_of(scope.site)
    counted = _counted(scope) if meters else {}
    for one in meters:
        uses = counted.get(one.id, [])
        amount = sum((use.amount for use in uses), NOTHING)
        gaps = any(use.partial for use in uses)
        groups[sort_of(one)][meter_use.department_of(one) is None].append((one, amount, gaps))
    return {sort: max(pair, key=lambda group: sum(one[1] for one in group)) for sort, pair in groups.items()}


def _counted(scope: Scope) -> dict[UUID, list[Use]]:
    """What each meter counted, month by month: so many readings are never looked at together."""
    found: dict[UUID, list[Use]] = defaultdict(list)
    for month, following in pairwise(_bounds(scope)):
        bounds = [start_of(month, scope.site.zone), start_of(following, scope.site.zone)]
        for id_, uses in meter_use.in_spans(scope.site, bounds).items():
            found[id_] += uses
    return found


def _media_cost(scope: Scope) -> dict[tuple[str, str], Decimal]:
    cost: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for _, one in media_costs(scope):
        cost[one.medium, one.unit] += one.amount
    return cost


def media_costs(scope: Scope) -> list[tuple[date, Energy]]:
    """What was used at which price, month by month."""
    months = months_of(scope.period) if prices_of(scope.site) else []
    return [(month, one) for month in months for one in energy(scope.site, month)]


def contractors(scope: Scope) -> dict[UUID, Row]:
    """Each firm: its score in percent, scored runs, findings, deductions and rewards in yuan; none without any."""
    firms = session.scalars(
        select(Contractor).where(Contractor.site_id == scope.site.id).order_by(Contractor.name, Contractor.id)
    ).all()
    scored, found, entries = _scored(scope), _findings(scope), _entries(scope)
    rows = {}
    for firm in firms:
        runs, sums = scored.get(firm.id, []), entries.get(firm.id, {})
        cells = (
            Figure(mean(runs), Form.SCORE, scope.behind("scored", firm.id)),
            count(len(runs), scope.behind("scored", firm.id)),
            count(found.get(firm.id, 0), scope.behind("findings", firm.id)),
            money(sums.get(EntryKind.DEDUCTION, NOTHING), scope.behind("deductions", firm.id)),
            money(sums.get(EntryKind.REWARD, NOTHING), scope.behind("rewards", firm.id)),
        )
        if any(cells):
            rows[firm.id] = Row(firm.name, firm.name_en, cells, f"/rounds/contractors/{firm.id}")
    return rows


def _scored(scope: Scope) -> dict[UUID, list[Scored]]:
    found: dict[UUID, list[Scored]] = defaultdict(list)
    for run in session.scalars(select(RunContractor).where(scored_runs(scope))):
        found[run.contractor_id].append(Scored(run.points, run.most, run.weight))
    return found


def _findings(scope: Scope) -> dict[UUID, int]:
    query = (
        select(ContractorFinding.contractor_id, func.count())
        .where(findings_in(scope))
        .group_by(ContractorFinding.contractor_id)
    )
    return dict(session.execute(query).all())


def _entries(scope: Scope) -> dict[UUID, dict[EntryKind, Decimal]]:
    """Sums by firm; what was taken back is in neither."""
    amount = case((ContractorEntry.reverses_id.is_not(None), -ContractorEntry.amount), else_=ContractorEntry.amount)
    query = (
        select(ContractorEntry.contractor_id, ContractorEntry.kind, func.sum(amount, type_=ContractorEntry.amount.type))
        .where(entries_in(scope))
        .group_by(ContractorEntry.contractor_id, ContractorEntry.kind)
    )
    found: dict[UUID, dict[EntryKind, Decimal]] = defaultdict(dict)
    for firm, kind, summed in session.execute(query):
        found[firm][kind] = summed
    return found


def scored_runs(scope: Scope) -> ColumnElement[bool]:
    """The runs about contractors that count in a period."""
    opens = RunContractor.opens_at
    here = RunContractor.site_id == scope.site.id
    return and_(here, opens >= scope.period.start, opens < scope.period.end, RunContractor.most > 0)


def findings_in(scope: Scope) -> ColumnElement[bool]:
    """What contractors had to put right, found in a period."""
    at = ContractorFinding.at
    return and_(ContractorFinding.site_id == scope.site.id, at >= scope.period.start, at < scope.period.end)


def entries_in(scope: Scope) -> ColumnElement[bool]:
    """Deductions and rewards of a period."""
    day = ContractorEntry.day
    return and_(ContractorEntry.site_id == scope.site.id, day >= scope.period.first, day <= scope.period.last)


def works(scope: Scope) -> tuple[dict[str, Figure], list[Row]]:
    """Own works that were done (自制): quoted, spent, saved, in all and each."""
    found = savings(scope.site.id, scope.period)
    one = {
        "works": count(len(found), scope.behind("works", "saved")),
        "quoted": money(sum((work.quote.amount for work in found), NOTHING), scope.behind("works", "quoted")),
        "spent": money(sum((work.actual for work in found), NOTHING), scope.behind("works", "spent")),
        "saved": money(sum((work.saving for work in found), NOTHING), scope.behind("works", "saved")),
    }
    return one, [_work(work) for work in found]


def _work(work: OwnWork) -> Row:
    ticket = work.quote.ticket
    words = ticket.description.split("\n", 1)[0][:60] or ticket.job_kind.name
    cells = (money(work.quote.amount), money(work.actual), money(work.saving))
    return Row(f"{ticket.number} {words}", f"{ticket.number} {words}", cells, f"/tickets/{ticket.id}")


def _bounds(scope: Scope) -> list[date]:
    return [*months_of(scope.period), scope.period.last + timedelta(days=1)]
