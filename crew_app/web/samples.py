"""Sample workbooks for imports: headings and rows to be written over, and a sheet that explains the columns."""

from flask import Response
from flask_babel import gettext

from crew_app.imports.fields import FIELDS, SUBJECT_LABELS, Field
from crew_app.imports.models import Subject
from crew_app.web.languages import in_chinese
from crew_app.web.sheets import Column, Table, workbook

ROWS: dict[Subject, tuple[tuple[str, ...], ...]] = {
    Subject.DEPARTMENTS: (
        ("W7", "七病区", "Ward 7"),
        ("HQ", "后勤保障部", "Logistics"),
        ("ICU", "重症医学科", "Intensive care"),
    ),
    Subject.PLACES: (
        ("ZY", "住院楼", "Ward block", "楼栋", "", "", "", ""),
        ("ZY-7", "7楼", "Floor 7", "楼层", "ZY", "", "", "七病区"),
        ("ZY-701", "701病房", "Room 701", "房间", "ZY-7", "", "", "七病区"),
        ("", "配电间", "", "房间", "", "住院楼", "7楼", ""),
    ),
    Subject.ASSETS: (
        ("SB-0001", "热水循环泵", "Hot water pump", "水泵", "住院楼/7楼/配电间", "KQL80-160", "20230871"),
        ("XF-0001", "干粉灭火器", "Extinguisher", "灭火器", "ZY-7", "4kg", ""),
    ),
    Subject.PEOPLE: (
        ("10086", "王建国", "Wang Jianguo", "", "维修工", "电工、空调"),
        ("10112", "李秀英", "", "", "库管员", ""),
        ("", "赵护士长", "", "zhao7", "报修人", ""),
    ),
    Subject.ITEMS: (
        ("WL-0101", "LED日光灯管", "LED tube", "T8 18W", "支", "电气", "12.5", "箱", "25", "是", "否", "否"),
        ("WL-0102", "洗手液", "Hand soap", "500ml", "瓶", "日用", "8.9", "", "", "否", "否", "是"),
    ),
    Subject.STOCK: (("WL-0101", "总务库", "120", "11.8"), ("WL-0102", "总务库", "60", "")),
    Subject.TEMPLATES: (
        ("boiler-log", "锅炉房巡检", "1号锅炉", "", "", "出水温度", "数值", "℃", "55", "85", "", ""),
        ("boiler-log", "锅炉房巡检", "1号锅炉", "", "", "有无漏水", "是否", "", "", "", "", "异常时"),
        ("boiler-log", "锅炉房巡检", "软水器", "", "", "再生方式", "选择", "", "", "", "自动/手动/停用", ""),
    ),
}
"""Chinese rows: they are read whichever language the headings have."""


def sample(subject: Subject) -> Response:
    """A workbook for one subject, in the person's language."""
    fields = FIELDS[subject]
    columns = [Column(heading(one), max(12, len(one.names[1]) + 4)) for one in fields]
    explained = [
        Column(gettext("Column"), 18),
        Column(gettext("Needed"), 8),
        Column(gettext("What may stand there"), 60),
        Column(gettext("Headings that are understood as well"), 60),
    ]
    lines = (
        [heading(one), gettext("yes") if one.needed else "", explanation(one), "、".join(one.names)] for one in fields
    )
    name = gettext(SUBJECT_LABELS[subject])
    title = gettext("Sample: %(list)s", list=name)
    return workbook(title, [Table(name, columns, ROWS[subject]), Table(gettext("Columns explained"), explained, lines)])


def heading(field: Field) -> str:
    """The usual heading in the person's language."""
    return field.names[0 if in_chinese() else 1]


def explanation(field: Field) -> str:
    """What may stand in a column, in the person's language."""
    return gettext(field.help) if field.help else ""
