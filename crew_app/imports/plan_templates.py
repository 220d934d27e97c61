"""Plans for templates of rounds: one row a check, the rows of one template and stop next to each other or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.imports import cells
from crew_app.imports.cells import Bad, key
from crew_app.imports.models import Subject
from crew_app.imports.planning import Call, Page, Planner, Row
from crew_app.places.models import Asset, Place
from crew_app.rounds.content import (
    NUMERIC,
    Category,
    Check,
    CheckKind,
    Content,
    Option,
    PhotoRule,
    Presence,
    StopPlan,
    Where,
    Words,
)
from crew_app.rounds.models import RoundTemplate
from crew_app.rounds.reading import MOST_CHECKS, MOST_STOPS, Wrong, read
from crew_app.rounds.templates import current
from crew_app.rounds.writing import write
from crew_app.stock.catalogue import pinyin

KINDS: dict[str, CheckKind] = {
    **{key(kind.value): kind for kind in CheckKind},
    **dict.fromkeys(("是否", "是/否", "是或否", "有无", "yesorno", "yes/no"), CheckKind.YES_NO),
    **dict.fromkeys(("合格", "合格/不合格", "正常/异常", "正常", "passorfail", "pass/fail", "pass"), CheckKind.GRADE),
    **dict.fromkeys(("数值", "数字", "读数", "number"), CheckKind.NUMBER),
    **dict.fromkeys(("表计", "抄表", "表读数", "meter"), CheckKind.METER),
    **dict.fromkeys(("数量", "计数", "count"), CheckKind.COUNT),
    **dict.fromkeys(("重量", "称重", "weight"), CheckKind.WEIGHT),
    **dict.fromkeys(("选择", "单选", "选项", "choice"), CheckKind.CHOICE),
    **dict.fromkeys(("文字", "文本", "备注", "words", "text"), CheckKind.TEXT),
    **dict.fromkeys(("照片", "拍照", "photo"), CheckKind.PHOTO),
    **dict.fromkeys(("签名", "签字", "signature"), CheckKind.SIGNATURE),
    **dict.fromkeys(("评分", "打分", "得分", "score"), CheckKind.SCORE),
}
PHOTOS = {
    **dict.fromkeys(("always", "是", "必须", "必拍", "每次", "yes"), PhotoRule.ALWAYS),
    **dict.fromkeys(("onafault", "on-fail", "异常时", "不合格时", "有问题时", "故障时"), PhotoRule.ON_FAIL),
    **dict.fromkeys(("", "否", "不", "可选", "optional", "nothing", "no"), PhotoRule.OPTIONAL),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a template is to say; `template_id` when there is one with this code or name."""

    content: str
    template_id: UUID | None
    based_on: int | None


class TemplatePlanner(Planner):
    """Templates of a site by code, else by name."""

    subject = Subject.TEMPLATES

    def __init__(self, site_id: UUID, options: Mapping[str, Any]) -> None:
        super().__init__(site_id, options)
        self.codes = {Place: self._codes(Place), Asset: self._codes(Asset)}
        self.contents: dict[str, Content] = {}
        self.first: dict[str, Row] = {}

    def _codes(self, model: Any) -> dict[str, str]:
        return {key(code): code for (code,) in session.execute(select(model.code).where(model.site_id == self.site_id))}

    def page(self, rows: Sequence[Row]) -> Page:
        """Some checks."""
        page = Page()
        for row in rows:
            texts, before = self.texts(row, page), len(page.faults)
            check, where = self._check(row, page), self._where(row, page)
            if texts is not None and check and len(page.faults) == before:
                self._add(row, page, texts, check, where)
        return page

    def _where(self, row: Row, page: Page) -> Where:
        place = self.parsed(row, page, "place", lambda value: _known(value, self.codes[Place], _PLACE))
        asset = self.parsed(row, page, "asset", lambda value: _known(value, self.codes[Asset], _ASSET))
        return Where(asset=asset) if asset else Where(place=place or "")

    def _check(self, row: Row, page: Page) -> Check | None:
        kind = self.parsed(row, page, "kind", _kind)
        low, high = (self.parsed(row, page, name, _limit) for name in ("low", "high"))
        photo = self.parsed(row, page, "photo", _photo) or PhotoRule.OPTIONAL
        options = tuple(filter(None, re.split(r"\s*[/／|、]\s*", cells.text(row.values.get("options", "")))))
        if kind is None:
            measured = low is not None or high is not None
            kind = CheckKind.NUMBER if measured else CheckKind.CHOICE if options else CheckKind.GRADE
        if kind is CheckKind.CHOICE and not options:
            page.wrong(row, "options", N_("A choice needs options with / between them."))
        if low is not None and high is not None and low > high:
            page.wrong(row, "high", N_("the upper limit is below the lower one"))
        chosen = [Option(f"o{i}", Words(words)) for i, words in enumerate(options, 1)]
        return Check(
            key="check",
            kind=kind,
            label=Words(cells.text(row.values.get("check", ""))),
            photo=photo,
            unit=cells.text(row.values.get("unit", "")) if kind in NUMERIC else "",
            low=low if kind in NUMERIC else None,
            high=high if kind in NUMERIC else None,
            options=tuple(chosen) if kind is CheckKind.CHOICE else (),
        )

    def _add(self, row: Row, page: Page, texts: Mapping[str, str], check: Check, where: Where) -> None:
        """Put the check behind the others of its stop."""
        name = key(texts["code"] or texts["name"])
        content = self.contents.get(name)
        if content is None:
            content = Content(_slug(texts["code"] or texts["name"]), Words(texts["name"]), Category.ROUND, ())
            self.first[name] = row
        stops = {stop.title.zh: stop for stop in content.stops}
        stop = stops.get(texts["stop"])
        if stop is None:
            presence = Presence.TAP if where.anywhere else Presence.SCAN
            stop = StopPlan(f"s{len(stops) + 1}", Words(texts["stop"]), where, presence=presence)
        elif not where.anywhere and where != stop.where:
            page.wrong(row, "place", N_("This stop has another place in an earlier row."))
        if len(stop.checks) >= MOST_CHECKS or len(stops) >= MOST_STOPS:
            page.wrong(
                row,
                "stop",
                N_("A round has room for %(stops)s stops with %(checks)s checks each."),
                stops=MOST_STOPS,
                checks=MOST_CHECKS,
            )
        stops[texts["stop"]] = replace(stop, checks=(*stop.checks, replace(check, key=f"c{len(stop.checks) + 1}")))
        self.contents[name] = replace(content, stops=tuple(stops.values()))

    def end(self) -> Page:
        """Compare each template with the one that is there."""
        page = Page()
        known = list(session.scalars(select(RoundTemplate).where(RoundTemplate.site_id == self.site_id)))
        for name, content in self.contents.items():
            try:
                document = write(read(write(content)))
            except Wrong as wrong:
                page.wrong(self.first[name], "name", wrong.message, **wrong.params)
                continue
            found = next((one for one in known if name in (key(one.code), key(one.name))), None)
            if found is None:
                page.made += 1
                page.steps.append(Call("template", Wanted(document, None, None)))
            elif current(found).content == replace(read(document), code=found.code):
                page.same += 1
            else:
                page.changed += 1
                document = write(replace(read(document), code=found.code))
                page.steps.append(Call("template", Wanted(document, found.id, found.version)))
        return page


_PLACE = N_("This place is not known at this site. Bring in the places first, or correct the code.")
_ASSET = N_("This asset is not known at this site. Bring in the assets first, or correct the code.")


_ANSWER = N_("This answer is not known. Known are: 是否, 合格, 数值, 抄表, 计数, 选择, 文字, 照片, 签名, 评分.")


def _known(value: str, codes: Mapping[str, str], words: str) -> str:
    found = codes.get(key(value))
    if found is None:
        raise Bad(words)
    return found


def _kind(value: str) -> CheckKind:
    found = KINDS.get(key(value))
    if found is None:
        raise Bad(_ANSWER)
    return found


def _photo(value: str) -> PhotoRule:
    found = PHOTOS.get(key(value))
    if found is None:
        raise Bad(N_("Only always, on a fault, or nothing can stand here (每次, 异常时)."))
    return found


def _limit(value: str) -> Decimal:
    return cells.number(value, 4, least=Decimal(-(10**9)))


def _slug(words: str) -> str:
    spoken = pinyin(words).split(" ")[0] if not words.isascii() else words.lower()
    return re.sub(r"[^a-z0-9]+", "-", spoken).strip("-")[:40] or "round"
