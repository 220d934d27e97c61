"""What the lists of each subject consist of: fields, with the headings that hospitals write above them."""

from dataclasses import dataclass

from crew_app.core.words import N_
from crew_app.imports.models import Subject
from crew_app.people.rules import Right


@dataclass(frozen=True, slots=True)
class Field:
    """One column that is understood. `said` are headings with | between them, the usual Chinese and English one first.

    `most` is the longest text; `help` says what may stand there.
    """

    key: str
    words: str
    said: str
    help: str = ""
    needed: bool = False
    most: int = 80

    @property
    def names(self) -> tuple[str, ...]:
        """The headings, one by one."""
        return tuple(self.said.split("|"))


SUBJECT_LABELS = {
    Subject.DEPARTMENTS: N_("Departments"),
    Subject.PLACES: N_("Places"),
    Subject.ASSETS: N_("Assets"),
    Subject.PEOPLE: N_("People"),
    Subject.ITEMS: N_("Materials"),
    Subject.STOCK: N_("Opening stock"),
    Subject.TEMPLATES: N_("Round templates"),
}
SUBJECT_HELP = {
    Subject.DEPARTMENTS: N_("Wards and offices, to whom costs are charged"),
    Subject.PLACES: N_("Buildings, floors, rooms; in any order"),
    Subject.ASSETS: N_("Equipment with the place where it stands"),
    Subject.PEOPLE: N_("Staff; each gets a log-in and a temporary password"),
    Subject.ITEMS: N_("The catalogue of the storeroom"),
    Subject.STOCK: N_("What lies in each store on the first day; booked once"),
    Subject.TEMPLATES: N_("What is checked where; one row for each check"),
}
MOST_ROWS = {
    Subject.DEPARTMENTS: 5_000,
    Subject.PLACES: 50_000,
    Subject.ASSETS: 200_000,
    Subject.PEOPLE: 5_000,
    Subject.ITEMS: 200_000,
    Subject.STOCK: 10_000,
    Subject.TEMPLATES: 20_000,
}
ALSO_NEEDED = {Subject.PEOPLE: Right.MANAGE_PEOPLE, Subject.TEMPLATES: Right.PLAN_ROUNDS}
"""Rights beyond the one to bring in lists."""

FIELDS: dict[Subject, tuple[Field, ...]] = {
    Subject.DEPARTMENTS: (
        Field("code", N_("Code"), "编码|Code|科室编码|编号|科室编号|代码|科室代码|部门编码", needed=True, most=20),
        Field("name", N_("Name"), "名称|Name|科室名称|科室|部门|部门名称|病区", needed=True),
        Field("name_en", N_("English name"), "英文名称|English name|英文名|英文|name_en|English"),
    ),
    Subject.PLACES: (
        Field(
            "code",
            N_("Code"),
            "编码|Code|位置编码|编号|房间编码|地点编码|位置编号|代码",
            N_("Without a code a place is known by its name and the place around it."),
            most=40,
        ),
        Field("name", N_("Name"), "名称|Name|位置名称|房间|房间名称|地点|房间号|房号|Room", needed=True),
        Field("name_en", N_("English name"), "英文名称|English name|英文名|英文|name_en|English"),
        Field("kind", N_("Kind"), "类型|Kind|位置类型|类别|种类|Type", N_("Building, floor, room or area.")),
        Field(
            "parent",
            N_("Inside of"),
            "上级|Inside of|上级编码|上级位置|所属位置|父级|所在位置|上级名称|Parent",
            N_("The code of the place around it, or the way to it: Ward block / Floor 7."),
            most=240,
        ),
        Field("building", N_("Building"), "楼栋|Building|楼宇|大楼|楼|建筑|楼名"),
        Field("floor", N_("Floor"), "楼层|Floor|层|所在楼层"),
        Field(
            "department",
            N_("Department"),
            "科室|Department|使用科室|所属科室|科室名称|部门|使用部门|所属部门|科室编码|dept",
            N_("Code or name of a department of this site."),
        ),
    ),
    Subject.ASSETS: (
        Field(
            "code", N_("Code"), "编码|Code|设备编号|资产编号|编号|资产编码|设备编码|固定资产编号", needed=True, most=40
        ),
        Field("name", N_("Name"), "名称|Name|设备名称|资产名称|品名", needed=True),
        Field("name_en", N_("English name"), "英文名称|English name|英文名|英文|name_en|English"),
        Field(
            "kind",
            N_("Kind"),
            "类别|Kind|设备类别|资产类别|分类|类型|设备类型|Category",
            N_("What it is: pump, lift, extinguisher. A kind that is not known yet is made."),
            needed=True,
            most=60,
        ),
        Field(
            "place",
            N_("Place"),
            "存放地点|Place|所在位置|安装位置|位置|地点|位置编码|放置地点|使用地点|Location",
            N_("The code of a place, or the way to it: Ward block / Floor 7 / Room 701."),
            needed=True,
            most=240,
        ),
        Field("model", N_("Model"), "规格型号|Model|型号|规格|型号规格"),
        Field("serial", N_("Serial number"), "出厂编号|Serial number|序列号|机身号|SN|Serial"),
    ),
    Subject.PEOPLE: (
        Field("staff_number", N_("Staff number"), "工号|Staff number|员工编号|职工号|人员编号|编号", most=40),
        Field("name", N_("Name"), "姓名|Name|员工姓名|人员姓名|名字", needed=True, most=60),
        Field("name_en", N_("English name"), "英文姓名|英文名称|English name|英文名|英文|name_en|English", most=60),
        Field(
            "login",
            N_("Log-in name"),
            "登录名|Log-in name|登录账号|账号|用户名|帐号|Login",
            N_("Without one it is made of the staff number, else of the name in pinyin."),
            most=60,
        ),
        Field(
            "roles",
            N_("Roles"),
            "角色|Roles|岗位|职务|职位|Role",
            N_("One or several. Somebody who is here already gets them added; none is taken away."),
            most=200,
        ),
        Field(
            "trades", N_("Trades"), "工种|Trades|专业|班组|Trade", N_("One or several: 水工, 电工, 空调 …"), most=200
        ),
    ),
    Subject.ITEMS: (
        Field(
            "code", N_("Code"), "编码|Code|物资编码|材料编码|编号|物料编码|存货编码|物品编码|货号", needed=True, most=30
        ),
        Field("name", N_("Name"), "名称|Name|品名|物资名称|材料名称|物品名称|存货名称", needed=True),
        Field("name_en", N_("English name"), "英文名称|English name|英文名|英文|name_en|English"),
        Field("spec", N_("Specification"), "规格型号|Specification|规格|型号|型号规格", most=120),
        Field("unit", N_("Unit"), "单位|Unit|计量单位", needed=True, most=10),
        Field("category", N_("Category"), "类别|Category|分类|物资类别|大类", most=40),
        Field("price", N_("Price"), "单价|Price|参考单价|价格|含税单价|Unit price", N_("Yuan for one unit.")),
        Field("pack_unit", N_("Pack"), "包装单位|Pack|包装", N_("What it comes in, e.g. box."), most=10),
        Field("pack_size", N_("Units in a pack"), "包装数量|Units in a pack|包装规格|每包数量|装量"),
        Field("old_for_new", N_("Old for new"), "交旧领新|Old for new|以旧换新", N_("Yes or no.")),
        Field("is_tool", N_("Tool"), "工具|Tool|是否工具", N_("Yes or no.")),
        Field(
            "requestable",
            N_("Wards may ask for it"),
            "科室可领|Wards may ask for it|低值易耗品|可申领",
            N_("Yes or no."),
        ),
    ),
    Subject.STOCK: (
        Field(
            "code",
            N_("Code"),
            "物资编码|Code|编码|材料编码|编号|物料编码|存货编码|物品编码",
            N_("The code of a material in the catalogue."),
            needed=True,
            most=30,
        ),
        Field(
            "store",
            N_("Store"),
            "仓库|Store|库房|仓库名称|所在仓库|库别",
            N_("Its name. It may be left out when the site has only one."),
        ),
        Field(
            "quantity",
            N_("Quantity"),
            "数量|Quantity|期初数量|库存数量|结存数量|现存量|库存|实存数",
            N_("In the unit of the catalogue."),
            needed=True,
        ),
        Field(
            "price",
            N_("Unit price"),
            "单价|Unit price|期初单价|成本单价|Price",
            N_("Yuan for one unit; else that of the catalogue."),
        ),
    ),
    Subject.TEMPLATES: (
        Field(
            "code",
            N_("Template code"),
            "模板编码|Template code|表单编码|模板编号",
            N_("Small letters, digits, hyphens; else it is made of the name."),
            most=40,
        ),
        Field(
            "name",
            N_("Template"),
            "模板名称|Template|巡检表|巡检项目表|模板|表单名称|巡检名称|巡检计划",
            needed=True,
            most=120,
        ),
        Field("stop", N_("Stop"), "巡检点|Stop|检查点|点位|巡查点|部位|站点", needed=True, most=120),
        Field(
            "place",
            N_("Place code"),
            "位置编码|Place code|地点编码|房间编码",
            N_("The code of the place where it is; with it the tag there is scanned."),
            most=40,
        ),
        Field(
            "asset",
            N_("Asset code"),
            "设备编号|Asset code|资产编号|设备编码",
            N_("The code of the asset, instead of a place."),
            most=40,
        ),
        Field("check", N_("Check"), "检查项目|Check|检查内容|项目|巡检内容|巡检项目|检查项", needed=True, most=200),
        Field(
            "kind",
            N_("How it is answered"),
            "方式|How it is answered|填写方式|结果类型|类型",
            N_("Yes or no, pass or fail, number, meter, count, choice, words, photo, signature, score."),
        ),
        Field("unit", N_("Unit"), "单位|Unit|计量单位", most=20),
        Field("low", N_("Lower limit"), "下限|Lower limit|最小值|标准下限|低限"),
        Field("high", N_("Upper limit"), "上限|Upper limit|最大值|标准上限|高限"),
        Field("options", N_("Options"), "选项|Options|可选值", N_("For a choice, with / between them."), most=400),
        Field("photo", N_("Photo"), "拍照|Photo|是否拍照|照片", N_("Always, on a fault, or nothing.")),
    ),
}


def field_of(subject: Subject, key: str) -> Field:
    """One field of a subject."""
    return next(one for one in FIELDS[subject] if one.key == key)
