"""Plans for the plain lists: departments, assets, materials."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.imports import cells
from crew_app.imports.lookups import Kinds, Places, by_code
from crew_app.imports.models import Subject
from crew_app.imports.planning import Insert, Page, Planner, Row, Update, differing
from crew_app.places.models import Asset, AssetKind, Department
from crew_app.stock.catalogue import pinyin
from crew_app.stock.models import Item

_YES_NO = ("old_for_new", "is_tool", "requestable")
Draft = tuple[Row, dict[str, Any]]


class DepartmentPlanner(Planner):
    """Departments by code."""

    subject = Subject.DEPARTMENTS

    def page(self, rows: Sequence[Row]) -> Page:
        """Some departments."""
        page = Page()
        drafts = _drafts(self, rows, page)
        known = by_code(Department, ("code", "name", "name_en"), (d["code"] for _, d in drafts), _at(Department, self))
        _settle(page, Department, drafts, known, {"site_id": self.site_id})
        return page


class AssetPlanner(Planner):
    """Assets by code. A kind that is not known is made; what stands elsewhere now is moved."""

    subject = Subject.ASSETS

    def __init__(self, site_id: UUID, options: Mapping[str, Any]) -> None:
        super().__init__(site_id, options)
        self.places, self.kinds = Places(site_id), Kinds()

    def page(self, rows: Sequence[Row]) -> Page:
        """Some assets."""
        page = Page()
        drafts = []
        for row, draft in _drafts(self, rows, page):
            place_id = self.parsed(row, page, "place", self.places.find)
            if place_id:
                draft["place_id"], draft["kind_id"] = place_id, self._kind(draft.pop("kind"), page)
                del draft["place"]
                drafts.append((row, draft))
        columns = ("code", "name", "name_en", "model", "serial", "place_id", "kind_id")
        known = by_code(Asset, columns, (draft["code"] for _, draft in drafts), _at(Asset, self))
        _settle(page, Asset, drafts, known, {"site_id": self.site_id})
        return page

    def _kind(self, words: str, page: Page) -> UUID:
        found = self.kinds.find(words)
        if found is None:
            found, code = new_id(), self._free_code(words)
            self.kinds.add(found, code, (words,))
            page.steps.append(
                Insert(AssetKind, [{"id": found, "code": code, "name": words, "name_en": "", "icon": "box"}])
            )
        return found

    def _free_code(self, words: str) -> str:
        base = "".join(sign for sign in pinyin(words).split(" ")[0] if sign.isascii() and sign.isalnum())[:24] or "kind"
        code, number = base, 1
        while code in self.kinds.codes:
            number += 1
            code = f"{base}-{number}"
        return code


class ItemPlanner(Planner):
    """Materials by code: one list for all sites."""

    subject = Subject.ITEMS
    columns = ("code", "name", "name_en", "spec", "unit", "category", "price", "pack_unit", "pack_size", *_YES_NO)

    def page(self, rows: Sequence[Row]) -> Page:
        """Some materials."""
        page = Page()
        drafts = []
        for row, draft in _drafts(self, rows, page):
            before = len(page.faults)
            draft["price"] = self.parsed(row, page, "price", lambda value: cells.number(value, 4))
            draft["pack_size"] = self.parsed(row, page, "pack_size", lambda value: cells.number(value, 3))
            draft |= {name: self.parsed(row, page, name, cells.yes) for name in _YES_NO}
            if draft["pack_size"] == 0:
                page.wrong(row, "pack_size", N_("This number is out of range."))
            if len(page.faults) == before:
                drafts.append((row, draft))
        known = by_code(Item, self.columns, (draft["code"] for _, draft in drafts))
        made: list[dict[str, Any]] = []
        for row, draft in drafts:
            old = known.get(draft["code"])
            if old is None:
                page.made += 1
                made.append(_fresh_item(draft))
            elif draft["unit"] != old["unit"]:
                page.wrong(row, "unit", N_("The catalogue counts this material in %(unit)s."), unit=old["unit"])
            else:
                page.update(_update(Item, old, draft, _searched(old, draft)))
        page.steps += [Insert(Item, made)] if made else []
        return page


def _fresh_item(draft: dict[str, Any]) -> dict[str, Any]:
    """A material with what its card must say."""
    usual: dict[str, Any] = {"price": 0, "pack_size": 1} | dict.fromkeys(_YES_NO, False)
    filled = draft | {name: usual[name] for name, value in draft.items() if name in usual and value is None}
    if not filled["pack_unit"]:
        filled["pack_size"] = usual["pack_size"]
    return {"id": new_id(), "pinyin": pinyin(f"{filled['name']} {filled['spec']}"), **filled}


def _searched(old: Mapping[str, Any], draft: Mapping[str, Any]) -> dict[str, Any]:
    """What a material is found by, when its name or specification changes."""
    words = [draft[name] or old[name] for name in ("name", "spec")]
    return {"pinyin": pinyin(" ".join(words))} if words != [old["name"], old["spec"]] else {}


def _drafts(planner: Planner, rows: Sequence[Row], page: Page) -> list[Draft]:
    """The rows whose texts can be taken, each code once."""
    found = []
    for row in rows:
        texts = planner.texts(row, page)
        if texts is not None and planner.once(row, page, texts["code"]):
            found.append((row, dict(texts)))
    return found


def _settle(
    page: Page, model: Any, drafts: list[Draft], known: Mapping[str, dict[str, Any]], more: Mapping[str, Any]
) -> None:
    """Rows that are there are compared, the others are made."""
    made = []
    for _row, draft in drafts:
        old = known.get(draft["code"])
        if old is not None:
            page.update(_update(model, old, draft))
        else:
            page.made += 1
            made.append({"id": new_id(), **more, **draft})
    page.steps += [Insert(model, made)] if made else []


def _update(
    model: Any, old: Mapping[str, Any], draft: Mapping[str, Any], follows: dict[str, Any] | None = None
) -> Update | None:
    before, after = differing(old, draft)
    if not after:
        return None
    follows = follows or {}
    return Update(model, old["id"], old["name"], before, after | follows, frozenset(follows))


def _at(model: Any, planner: Planner) -> Any:
    return model.site_id == planner.site_id
