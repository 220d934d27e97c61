"""Lists as hospitals have them come in whole, once, with what is wrong named by its cell."""

import pytest
from sqlalchemy import func, select

from crew_app.core.changes import Change
from crew_app.core.db import session
from crew_app.imports.models import ImportFile, ImportRow, ImportState
from crew_app.places.models import Asset, AssetKind, Department, Place
from crew_app.stock.models import Item
from tests.support.lists import book, carried_out, checked, counts, faults, table

PLACES = """
全院位置清单 | | | |
编码 | 名称 | 类型 | 上级编码 | 科室
M-7-1 | ７０１病房 | 房间 | M-7 | 七病区
M-7 | 七楼 | 楼层 | M | 七病区
M | 门诊楼 | 楼栋 | |
"""
ASSETS = """
设备台账 | | | | |
 | | | | |
序号 | 资产编号* | 设备名称 | 规格型号 | 存放地点 | 资产类别
1 | ＳＢ－００１ | 循环泵 | KQL80 | 住院楼/七楼/701室 | 水泵
2 | SB-002 | 灭火器 | 4kg | north-B1-702 | 灭火器
"""
ITEMS = """
物资编码 | 品名 | 规格型号 | 计量单位 | 参考单价 | 可申领
D-1 | 日光灯管 | T8 36W | 支 | ￥12.50 | 是
D-2 | 水龙头 | DN15 | 只 | １，２３０.5 | 否
"""


@pytest.fixture(autouse=True)
def _context(app):
    with app.app_context():
        yield


def test_places_in_any_order_get_their_parents_and_paths(world):
    run = carried_out(world, "places", book(*table(PLACES)))
    assert counts(run) == (3, 0, 0, 0)
    room = select(Place.name, Place.path, Place.kind, Department.code).join(Department)
    assert session.execute(room.where(Place.code == "M-7-1")).one() == (
        "701病房",
        "门诊楼 / 七楼 / 701病房",
        "room",
        "W7",
    )
    assert (
        session.scalars(
            select(Place.code).where(Place.id == select(Place.parent_id).where(Place.code == "M-7-1").scalar_subquery())
        ).one()
        == "M-7"
    )


def test_a_second_time_nothing_is_made_and_a_new_name_changes_the_paths_inside(world):
    carried_out(world, "places", book(*table(PLACES)))
    assert counts(carried_out(world, "places", book(*table(PLACES)))) == (0, 0, 3, 0)
    run = carried_out(world, "places", book(["编码", "名称"], ["M", "医技楼"]))
    assert counts(run) == (0, 1, 0, 0)
    assert session.scalars(select(Place.path).where(Place.code == "M-7-1")).one() == "医技楼 / 七楼 / 701病房"
    change = session.scalars(select(Change).where(Change.kind == "places")).one()
    assert (change.field, change.before, change.after, change.name) == ("name", "门诊楼", "医技楼", "门诊楼")


def test_places_without_codes_are_known_by_the_way_to_them(world):
    rows = table("楼栋 | 楼层 | 房间名称\n综合楼 | 3楼 | 手术室1\n综合楼 | 3楼 | 手术室2\n住院楼 | 七楼 | 701室")
    run = carried_out(world, "places", book(*rows))
    assert counts(run) == (4, 0, 1, 0)  # two rooms, their floor and their building; 701 is there
    assert counts(carried_out(world, "places", book(*rows))) == (0, 0, 3, 0)
    kinds = dict(session.execute(select(Place.name, Place.kind).where(Place.path.like("综合楼%"))).all())
    assert kinds == {"综合楼": "building", "3楼": "floor", "手术室1": "room", "手术室2": "room"}


def test_assets_by_code_or_path_with_a_new_kind(world):
    run = carried_out(world, "assets", book(*table(ASSETS)))
    assert counts(run) == (2, 0, 0, 0)
    pump = session.scalars(select(Asset).where(Asset.code == "SB-001")).one()
    assert (pump.place.code, pump.kind.code, pump.model) == ("north-B1-701", "pump", "KQL80")
    assert session.scalars(select(AssetKind.name).where(AssetKind.code == "miehuoqi")).one() == "灭火器"
    assert counts(carried_out(world, "assets", book(*table(ASSETS)))) == (0, 0, 2, 0)


def test_materials_with_prices_as_they_are_typed(world):
    run = carried_out(world, "items", book(*table(ITEMS)))
    assert counts(run) == (2, 0, 0, 0)
    tap = session.scalars(select(Item).where(Item.code == "D-2")).one()
    assert (f"{tap.price:f}", tap.requestable, tap.pinyin.split()[0]) == ("1230.5000", False, "shuilongtou")
    raised = book(["编码", "名称", "单位", "单价"], ["D-2", "水龙头", "只", 15])
    assert counts(carried_out(world, "items", raised)) == (0, 1, 0, 0)
    assert [(one.before, one.after) for one in session.scalars(select(Change).where(Change.kind == "items"))] == [
        ("1230.5", "15")
    ]


def test_departments(world):
    run = carried_out(world, "departments", book(["科室编码", "科室名称"], ["W7", "七病区"], ["ICU", "重症医学科"]))
    assert counts(run) == (1, 0, 1, 0)
    assert session.scalar(select(Department.site_id).where(Department.code == "ICU")) == world.sites["north"]


def test_what_is_wrong_is_named_by_its_cell_and_nothing_comes_in(world):
    rows = [*table(ASSETS), ["3", "", "无编号", "", "701室", "水泵"], ["4", "SB-002", "又一个", "", "月球", "水泵"]]
    run = checked(world, "assets", book(*rows))
    assert faults(run) == [
        ("B6", "This must not be empty."),
        ("B7", "This stands in row %(first)s already."),
    ]
    assert run.error_count == 2
    assert session.scalar(select(func.count(Asset.id)).where(Asset.code == "SB-001")) == 0


def test_one_note_per_run_names_the_file_and_its_sum(world):
    run = carried_out(world, "assets", book(*table(ASSETS)), name="C:\\temp\\设备\u202e.xlsx")
    note = session.scalars(select(Change).where(Change.kind == "import_runs")).one()
    assert (note.name, note.how, note.field) == ("设备.xlsx", "import", "new")
    assert run.sha256 in note.after
    assert session.get(ImportFile, run.id) is None
    assert session.scalar(select(func.count(ImportRow.number))) == 0
    assert run.state is ImportState.DONE


def test_codes_of_another_site_are_not_touched(world):
    rows = book(["编码", "名称", "类别", "存放地点"], ["south-pump", "换名", "水泵", "701室"])
    carried_out(world, "assets", rows)
    names = session.execute(select(Asset.site_id, Asset.name).where(Asset.code == "south-pump")).all()
    assert dict(names) == {world.sites["north"]: "换名", world.sites["south"]: "增压泵"}
