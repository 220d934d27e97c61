"""All or nothing: also when the process is killed, when others are quicker, and twice in a row."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crew_app.cli.audit import problems
from crew_app.cli.ledger import problems as ledger_problems
from crew_app.core.changes import Change
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.desk import finding
from crew_app.imports import bulk, checking, runs, working
from crew_app.imports.models import ImportRun, ImportState
from crew_app.places.models import Asset
from crew_app.rounds.models import RoundTemplate
from crew_app.rounds.templates import current
from crew_app.stock.models import Balance, Item, Move
from crew_app.web import importing
from tests.support.lists import SECRET, book, carried_out, checked, counts, faults, table

ASSETS = book(["编码", "名称", "类别", "存放地点"], *([f"K-{n}", f"泵{n}", "水泵", "701室"] for n in range(3000)))
KILLED = """
import os, sys
from crew_app import create_app
from crew_app.config import read_settings
from crew_app.imports import applying, working
real, seen = applying.Bulk.run, []
def run(self):
    real(self)
    seen.append(1)
    if len(seen) == 2:
        os.kill(os.getpid(), 9)
applying.Bulk.run = run
with create_app(read_settings()).app_context():
    working.work(b"secret of a test")
"""


def ready(world, subject, data):
    """An import that waits for the worker to carry it out."""
    run_id = checked(world, subject, data).id
    with write_transaction():
        runs.carry_out(session.get_one(ImportRun, run_id), by=world.person("administrator"), at=server_moment())
    return run_id


def how_many():
    return session.scalar(select(func.count(Asset.id)).where(Asset.code.like("K-%")))


def test_a_killed_process_leaves_nothing_and_the_import_goes_on(app, world, settings):
    with app.app_context():
        run_id = ready(world, "assets", ASSETS)
        session.rollback()
    environment = os.environ | {"CREW_DATA": str(settings.data), "DATABASE_URL": settings.database_url}
    environment |= {"SECRET_KEY": settings.secret_key}
    died = subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL
    with app.app_context():
        assert how_many() == 0
        assert session.get_one(ImportRun, run_id).state is ImportState.APPLYING
        session.rollback()
        working.work(SECRET)
        assert session.get_one(ImportRun, run_id).state is ImportState.DONE
        assert how_many() == 3000


def test_what_ends_the_process_each_time_is_given_up(app, world):
    with app.app_context():
        run_id = ready(world, "assets", ASSETS)
        with write_transaction():
            runs.set_options(session.get_one(ImportRun, run_id), tries=working.MOST_TRIES)
        working.work(SECRET)
        run = session.get_one(ImportRun, run_id)
        assert (run.state, how_many()) == (ImportState.FAILED, 0)
    with app.test_request_context():
        assert importing.failure(session.get_one(ImportRun, run_id))


def test_what_somebody_else_changed_meanwhile_is_planned_anew(app, world, monkeypatch):
    data = book(["编码", "名称"], ["north-B1-701", "抢救室"])
    with app.app_context():
        run_id = ready(world, "places", data)
        write = working._write  # noqa: SLF001 - a moment in between
        tries = []

        def overtaken(job, plan, sums):
            tries.append(1)
            if len(tries) == 1:
                with write_transaction():
                    world.place("room").name = "换药室"
            write(job, plan, sums)

        monkeypatch.setattr(working, "_write", overtaken)
        working.work(SECRET)
        assert len(tries) == 2
        change = session.scalars(select(Change).where(Change.kind == "places")).one()
        assert (change.before, change.after) == ("换药室", "抢救室")
        assert session.get_one(ImportRun, run_id).state is ImportState.DONE


def test_without_the_look_at_old_values_that_change_would_be_lost(app, world, monkeypatch):
    real = bulk.Bulk.run
    monkeypatch.setattr(bulk.Bulk, "run", lambda self: real(replace(self, exact=False)))
    with app.app_context():
        run_id = ready(world, "places", book(["编码", "名称"], ["north-B1-701", "抢救室"]))
        write = working._write  # noqa: SLF001 - a moment in between

        def overtaken(job, plan, sums):
            with write_transaction():
                world.place("room").name = "换药室"
            write(job, plan, sums)

        monkeypatch.setattr(working, "_write", overtaken)
        working.work(SECRET)
        change = session.scalars(select(Change).where(Change.kind == "places")).one()
        assert (change.before, world.place("room").name) == ("701室", "换药室")  # a trace of what never happened
        assert session.get_one(ImportRun, run_id).state is ImportState.DONE


def test_the_chain_and_the_search_stay_right(any_app, any_world):
    world = any_world
    with any_app.app_context():
        north = [world.sites["north"]]
        assert not finding.search(north, "抢救室")
        carried_out(world, "places", book(["编码", "名称", "英文名称"], ["north-B1-701", "抢救室", "Resuscitation"]))
        assert [one.code for one in finding.search(north, "抢救室")] == ["north-B1-701", "pump"]
        assert finding.search(north, "qjs")[0].path == "住院楼 / 七楼 / 抢救室"
        assert len(session.scalars(select(Change).where(Change.kind == "places")).all()) == 2
        assert list(problems([])) == []


def test_opening_stock_is_booked_once(any_app, any_world):
    world = any_world
    with any_app.app_context():
        carried_out(
            world, "items", book(["编码", "名称", "单位", "单价"], ["N-1", "新阀", "只", 20], ["N-2", "新管", "米", 3])
        )
        store = world.account("store").name
        heads = ["物资编码", "仓库", "期初数量", "期初单价"]
        data = book(heads, ["N-1", store, "12", "18.5"], ["N-2", store, "40", ""])
        assert {cell for cell, _ in faults(checked(world, "stock", book(heads, ["N-1", "月球", "1", ""])))} == {"B2"}
        assert counts(carried_out(world, "stock", data)) == (2, 0, 0, 0)
        assert counts(carried_out(world, "stock", data)) == (0, 0, 2, 0)
        item = session.scalars(select(Item).where(Item.code == "N-1")).one()
        balance = select(Balance.quantity).where(Balance.item_id == item.id, Balance.quantity > 0)
        assert session.scalars(balance).one() == Decimal(12)
        assert session.scalars(select(Move.unit_cost).where(Move.item_id == item.id)).one() == Decimal("18.5")
        more = book(["物资编码", "仓库", "期初数量"], ["N-1", store, "15"])
        assert "booked as opening stock" in faults(checked(world, "stock", more))[0][1]
        assert list(ledger_problems()) == []


ROUND = """
模板名称 | 巡检点 | 位置编码 | 检查项目 | 方式 | 单位 | 下限 | 上限 | 选项 | 拍照
水泵房巡检 | 1号泵 | north-B1-701 | 出口压力 | 数值 | MPa | 0.2 | 0.6 | |
水泵房巡检 | 1号泵 | north-B1-701 | 有无渗漏 | 是否 | | | | | 异常时
水泵房巡检 | 2号泵 | | 运行方式 | 选择 | | | | 自动/手动 |
"""


def test_templates_by_rows_and_again_without_another_version(app, world):
    with app.app_context():
        data = book(*table(ROUND))
        assert counts(carried_out(world, "templates", data)) == (1, 0, 0, 0)
        template = session.scalars(select(RoundTemplate).where(RoundTemplate.name == "水泵房巡检")).one()
        content = current(template).content
        assert [len(stop.checks) for stop in content.stops] == [2, 1]
        assert (content.stops[0].where.place, content.stops[0].checks[0].unit) == ("north-B1-701", "MPa")
        assert counts(carried_out(world, "templates", data)) == (0, 0, 1, 0)
        session.refresh(template)
        assert template.version == 1


def test_a_circle_of_places_is_no_tree(app, world):
    with app.app_context():
        run = checked(world, "places", book(["编码", "名称", "上级编码"], ["A", "甲", "B"], ["B", "乙", "A"]))
        assert [message for _, message in faults(run)] == ["These places are inside of each other."]
        assert run.made_count == 0 or run.error_count


@pytest.mark.parametrize("subject", ["assets"])
def test_the_dry_run_changes_nothing(app, world, subject):
    with app.app_context():
        run = checked(world, subject, ASSETS)
        assert (counts(run), how_many()) == ((3000, 0, 0, 0), 0)
        assert checking.MOST_FAULTS
