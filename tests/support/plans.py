"""Templates and plans of rounds for tests, made without pages."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.rounds import plans
from crew_app.rounds.content import Category
from crew_app.rounds.models import RoundPlan, RoundTemplate, RoundVersion, Run
from crew_app.rounds.plans import Draft

PATROL = """{"format": "crew-round/1", "code": "patrol", "name": {"zh": "夜间巡逻", "en": "Night patrol"},
"category": "patrol", "roles": ["guard"], "stops": [{"key": "door", "title": {"zh": "大门", "en": "Gate"}}]}"""
BEGUN = datetime(2026, 1, 5, 2, tzinfo=UTC)


def make_template(world, site="north", at=BEGUN):
    """A template with one stop that is tied to nothing; within a transaction."""
    template = RoundTemplate(
        site_id=world.sites[site],
        code=f"patrol-{new_id().hex[-8:]}",
        name="夜间巡逻",
        name_en="Night patrol",
        category=Category.PATROL,
        version=1,
    )
    session.add(template)
    session.flush()
    version = RoundVersion(site_id=template.site_id, template_id=template.id, number=1, document=PATROL, made_at=at)
    session.add(version)
    session.flush()
    return template


def make_plan(app, world, at=BEGUN, zone="Asia/Shanghai", **draft):
    """A plan of a new template in the north; its id."""
    told: dict[str, Any] = {"name": "", "rule": "FREQ=DAILY", "times": "08:00", "starts_on": date(2026, 1, 1)} | draft
    with app.app_context(), write_transaction():
        template = make_template(world)
        template.site.timezone = zone
        plan = plans.create(new_id(), template, Draft(**told), by=world.person("supervisor"), at=server_moment(at))
        return plan.id


def plan_of(plan_id):
    """A live plan."""
    return session.get_one(RoundPlan, plan_id)


def slots_of(app, plan_id):
    """The moments a plan has runs for, with the state of each."""
    with app.app_context():
        query = select(Run.slot, Run.state).where(Run.plan_id == plan_id, Run.slot.is_not(None)).order_by(Run.slot)
        return [(row.slot, row.state.value) for row in session.execute(query)]


def without_stops(plan):
    """A new version of the plan's template, whose only stop is a place that nobody knows."""
    gone = PATROL.replace('"title"', '"where": {"place": "nowhere"}, "title"')
    plan.template.version = 2
    told = {"site_id": plan.site_id, "template_id": plan.template_id, "number": 2, "made_at": BEGUN}
    session.add(RoundVersion(document=gone, **told))


def plan_pages(app, world, sign_in):
    """The pages of plans that have forms: a new one, one that runs, one that is paused, the days off."""
    boss, plan_id, paused = sign_in("supervisor"), make_plan(app, world), make_plan(app, world)
    assert boss.send(f"/rounds/plans/{paused}/pause").status_code == 200
    with app.app_context():
        template_id = plan_of(plan_id).template_id
    paths = [f"plans/new?template={template_id}", f"plans/{plan_id}", f"plans/{plan_id}/edit", f"plans/{paused}"]
    return [boss.page(f"/rounds/{path}") for path in [*paths, "days-off?year=2026"]]
