"""Plans for places: a tree out of rows in any order. What is named only as the way to something is made too."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.imports.cells import Bad, key
from crew_app.imports.lookups import Departments, steps
from crew_app.imports.models import Subject
from crew_app.imports.planning import Insert, Page, Planner, Row, Update
from crew_app.places.models import Place, PlaceKind

LONGEST_PATH = 240
_FLOOR = re.compile(
    r"(b|地下|负)?[\d一二三四五六七八九十]+\s*(楼|层|f)|floor\s*-?\d+|-\d+|\d+(st|nd|rd|th) floor", re.IGNORECASE
)
KINDS = {
    **dict.fromkeys(("building", "楼栋", "楼宇", "建筑", "大楼", "楼"), PlaceKind.BUILDING),
    **dict.fromkeys(("floor", "楼层", "层"), PlaceKind.FLOOR),
    **dict.fromkeys(("room", "房间", "室", "病房", "办公室"), PlaceKind.ROOM),
    **dict.fromkeys(("area", "区域", "区", "场地", "户外"), PlaceKind.AREA),
}
_COLUMNS = ("id", "code", "name", "name_en", "kind", "parent_id", "department_id", "path", "path_en")
_FOLLOWS = frozenset({"path", "path_en"})


@dataclass(slots=True)
class Node:
    """A place as it will be; `old` is what the database says, `row` what names it, `way` leads to its parent."""

    id: UUID
    values: dict[str, Any]
    old: dict[str, Any] = field(default_factory=dict)
    row: Row | None = None
    parent: "Node | None" = None
    way: list[str] = field(default_factory=list)
    whole: bool = False
    """Whether the way is one cell, which may hold a code, instead of a building and a floor."""
    state: int = 0
    """How far the walk from the top has come: not seen, on the way, done."""


class PlacePlanner(Planner):
    """Places by code, else by name within the place around them. Needs all rows before it can say anything."""

    subject = Subject.PLACES

    def __init__(self, site_id: UUID, options: Mapping[str, Any]) -> None:
        super().__init__(site_id, options)
        self.departments = Departments(site_id)
        self.nodes: list[Node] = []
        self.by_code: dict[str, Node] = {}
        self.named: dict[tuple[UUID | None, str], Node] = {}
        self.count = 0
        self._load()

    def _load(self) -> None:
        query = select(*(getattr(Place, name) for name in _COLUMNS)).where(Place.site_id == self.site_id)
        self.nodes = [Node(found["id"], dict(found), dict(found)) for found in session.execute(query).mappings()]
        by_id = {node.id: node for node in self.nodes}
        for node in self.nodes:
            node.parent = by_id.get(node.old["parent_id"])
            self.by_code[key(node.old["code"])] = node
            self._name(node)

    def _name(self, node: Node) -> None:
        """Let it be found by its name within its parent."""
        for name in (node.values["name"], node.values["name_en"]):
            if name:
                self.named.setdefault((node.parent.id if node.parent else None, key(name)), node)

    def page(self, rows: Sequence[Row]) -> Page:
        """Read some rows; nothing is decided yet."""
        page = Page()
        for row in rows:
            texts = self.texts(row, page)
            kind = self.parsed(row, page, "kind", _kind)
            department = self.parsed(row, page, "department", self.departments.find)
            if texts is None or (texts["code"] and not self.once(row, page, texts["code"])):
                continue
            values = {name: texts[name] for name in ("code", "name", "name_en")}
            self._draft(row, texts, values | {"kind": kind, "department_id": department})
        return page

    def _draft(self, row: Row, texts: Mapping[str, str], values: dict[str, Any]) -> None:
        way = steps(texts["parent"]) or [texts[name] for name in ("building", "floor") if texts[name]]
        if way and not texts["parent"] and key(way[-1]) == key(values["name"]):
            way.pop()  # the row is the building or the floor itself
        node = self.by_code.get(key(values["code"])) if values["code"] else None
        if node is None:
            node = Node(new_id(), dict.fromkeys(("name", "name_en", "kind", "department_id")) | {"code": ""})
            self.nodes.append(node)
        node.row, node.way, node.whole = row, way, bool(texts["parent"])
        node.values |= {name: value for name, value in values.items() if value not in ("", None)}
        node.values["name_en"] = node.values["name_en"] or ""
        if values["code"]:
            self.by_code[key(values["code"])] = node

    def end(self) -> Page:
        """Tie each place to its parent, make what is missing on the way, and compare."""
        page = Page()
        drafts = [node for node in self.nodes if node.row]
        for node in sorted(drafts, key=lambda one: (not one.values["code"], len(one.way))):
            if not node.way or (node.whole and len(node.way) == 1 and key(node.way[0]) in self.by_code):
                self._tie(node, page)
        for node in sorted(drafts, key=lambda one: len(one.way)):
            if node.way and not (node.whole and len(node.way) == 1 and key(node.way[0]) in self.by_code):
                self._tie(node, page)
        made: list[dict[str, Any]] = []
        for node in list(self.nodes):
            self._walk(node, page, made)
        page.made = len(made)
        if made:
            page.steps.insert(0, Insert(Place, made))
        return page

    def _tie(self, node: Node, page: Page) -> None:
        row = node.row or Row(0, {})
        try:
            if node.way:
                node.parent = self._parent(node)
        except Bad as bad:
            return page.wrong(row, "parent", bad.message, **bad.params)
        if node.values["code"]:
            return self._name(node)
        at = (node.parent.id if node.parent else None, key(node.values["name"]))
        known = self.named.get(at)
        if known is None:
            node.values["code"] = self._fresh_code()
            self._name(node)
        elif known.row:
            page.wrong(row, "name", N_("This stands in row %(first)s already."), first=known.row.number)
        else:
            self._is_known(node, known)
        return None

    def _is_known(self, node: Node, known: Node) -> None:
        """A row without a code means a place that is there, or one that another row needed on its way."""
        given = {name: value for name, value in node.values.items() if value not in ("", None)}
        known.values |= given
        known.row, known.way = node.row, node.way
        self.nodes.remove(node)

    def _parent(self, node: Node) -> Node:
        """The place at the end of a way; what is missing on it is made."""
        found = self.by_code.get(key(node.way[0])) if node.whole and len(node.way) == 1 else None
        if found is node:
            raise Bad(N_("A place can't be inside of itself."))
        if found:
            return found
        for step in node.way:
            found = self.named.get((found.id if found else None, key(step))) or self._missing(step, found)
        if found is None:
            raise Bad(N_("This place is not known at this site. Bring in the places first, or correct the name."))
        return found

    def _missing(self, name: str, parent: Node | None) -> Node:
        values = {"code": self._fresh_code(), "name": name[:80], "name_en": "", "kind": None, "department_id": None}
        node = Node(new_id(), values, parent=parent)
        self.nodes.append(node)
        self._name(node)
        return node

    def _fresh_code(self) -> str:
        while True:
            self.count += 1
            code = f"P-{self.count:05d}"
            if key(code) not in self.by_code:
                return code

    def _walk(self, node: Node, page: Page, made: list[dict[str, Any]]) -> None:
        """Parents first, without recursion; a circle is noted."""
        chain: list[Node] = []
        one: Node | None = node
        while one is not None and one.state == 0:
            one.state = 1
            chain.append(one)
            one = one.parent
        if one is not None and one.state == 1:
            page.wrong(node.row or Row(0, {}), "parent", N_("These places are inside of each other."))
        for each in reversed(chain):
            each.state = 2
            self._settle(each, page, made)

    def _settle(self, node: Node, page: Page, made: list[dict[str, Any]]) -> None:
        values, above = node.values, node.parent.values if node.parent else None
        if not node.old or node.way:
            values["parent_id"] = node.parent.id if node.parent else None
        values["kind"] = values["kind"] or _usual_kind(values["name"], node.parent)
        english = values["name_en"] or values["name"]
        values["path"] = f"{above['path']} / {values['name']}" if above and "path" in above else values["name"]
        values["path_en"] = f"{above['path_en']} / {english}" if above and "path_en" in above else english
        if max(len(values["path"]), len(values["path_en"])) > LONGEST_PATH:
            words = N_("The whole way to this place is too long: %(most)s characters at most.")
            page.wrong(node.row or Row(0, {}), "name", words, most=LONGEST_PATH)
        if not node.old:
            made.append({"id": node.id, "site_id": self.site_id, **values})
            return
        change = _update(node)
        if node.row:
            page.update(change)
        elif change:
            page.steps.append(change)


def _update(node: Node) -> Update | None:
    after = {name: value for name, value in node.values.items() if node.old[name] != value}
    before = {name: node.old[name] for name in after}
    return Update(Place, node.id, node.old["name"], before, after, _FOLLOWS) if after else None


def _kind(value: str) -> PlaceKind:
    found = KINDS.get(key(value))
    if found is None:
        raise Bad(N_("Only building, floor, room or area can stand here (楼栋, 楼层, 房间, 区域)."))
    return found


def _usual_kind(name: str, parent: Node | None) -> PlaceKind:
    if parent is None:
        return PlaceKind.BUILDING
    return PlaceKind.FLOOR if _FLOOR.fullmatch(name.strip()) else PlaceKind.ROOM
