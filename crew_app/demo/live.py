"""What goes on at this very moment: hand-made tickets, so that every list shows something and some have pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crew_app.demo.assets import assets
from crew_app.demo.demand import KINDS
from crew_app.demo.hospital import places
from crew_app.demo.job_kinds import Case, DemoKind, job_kinds, part_of
from crew_app.demo.records import DemoEvent, DemoPhoto, DemoTicket, DemoUse
from crew_app.demo.roster import SURNAMES
from crew_app.demo.story import material_note, parts_of
from crew_app.demo.tables import rows
from crew_app.evidence.models import PhotoSource
from crew_app.tickets.models import PhotoRole
from crew_app.tickets.rules import HoldReason, Kind, State, Verb

SEED = 119
TAKEN = {PhotoRole.BEFORE: 0.4, PhotoRole.AFTER: 0.75}
"""When the photos are taken, as shares of the time from the report to the last event."""
TRICKS: dict[str, dict[str, Any]] = {
    "gallery": {"source": PhotoSource.GALLERY},
    "before": {"again": "before"},
    "copied": {"again": "copied", "source": PhotoSource.GALLERY},
}
"""What is wrong with the picture after, so that there is something to find."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A line of the script, with its names looked up; `opened` and `last` are the ends of what has happened so far."""

    row: dict[str, str]
    kind: DemoKind
    case: Case
    opened: datetime
    last: datetime
    uses: tuple[DemoUse, ...]

    @property
    def worker(self) -> str:
        """The log-in of whoever has it in hand."""
        return self.row["worker"]

    @property
    def reporter(self) -> str | None:
        """A log-in, or nobody: a stranger's report."""
        return self.row["reporter"] or None

    def at(self, share: float) -> datetime:
        """A moment between the report and the last event."""
        return self.opened + timedelta(seconds=round((self.last - self.opened).total_seconds() * share))


def live_tickets(now: datetime) -> list[DemoTicket]:
    """The tickets of the script as they stand now."""
    dice = Random(SEED)  # noqa: S311 - the same script every time
    return [_ticket(_scene(row, now, dice), dice) for row in rows("live")]


def _scene(row: dict[str, str], now: datetime, dice: Random) -> Scene:
    kind = job_kinds()[row["kind"]]
    case = kind.cases[int(row["case"])]
    opened, last = (now - timedelta(minutes=int(row[end]), seconds=dice.randrange(50)) for end in ("opened", "last"))
    return Scene(row, kind, case, opened, max(opened, last), parts_of(case, opened, dice))


def _ticket(scene: Scene, dice: Random) -> DemoTicket:
    place, asset = _where(scene.row["where"])
    state = State(scene.row["state"])
    return DemoTicket(
        serial=0,
        number="",
        site=places()[place].site,
        place=place,
        asset=asset,
        kind=KINDS.get(scene.kind.code, Kind.REPAIR),
        job_kind=scene.kind.code,
        priority=scene.kind.priority,
        state=state,
        description=scene.case.report,
        reporter=scene.reporter,
        reporter_name="" if scene.reporter else dice.choice(SURNAMES) + "护士",
        owner=scene.worker or None,
        on_round=False,
        on_the_spot=False,
        events=tuple(sorted(EVENTS[state](scene), key=lambda event: event.at)),
        uses=tuple(_uses(scene)) if state in (State.FINISHED, State.VERIFIED) else (),
        photos=tuple(_photos(scene, state)),
    )


def _where(text: str) -> tuple[str, str | None]:
    """A place by its code, or "@kind:place": the first asset of this kind whose place begins so."""
    if not text.startswith("@"):
        return places()[text].code, None
    kind, _, place = text[1:].partition(":")
    asset = next(a for a in assets().values() if a.kind == kind and a.place.startswith(place))
    return asset.place, asset.code


def _open(scene: Scene) -> Iterator[DemoEvent]:
    yield DemoEvent(Verb.OPEN, scene.opened, scene.reporter, scene.case.report)


def _accepted(scene: Scene) -> Iterator[DemoEvent]:
    yield from _open(scene)
    if scene.row["note"]:
        yield DemoEvent(Verb.ACCEPT, scene.at(0.1), scene.worker)
        yield DemoEvent(Verb.FINISH, scene.at(0.5), scene.worker, scene.case.finish)
        yield DemoEvent(Verb.SEND_BACK, scene.last, "li", scene.row["note"])
    elif scene.row["scene"]:
        yield DemoEvent(Verb.ACCEPT, scene.at(0.3), scene.worker)
        yield from _photographed(scene, PhotoRole.BEFORE)
    else:
        yield DemoEvent(Verb.ACCEPT, scene.last, scene.worker)


def _on_hold(scene: Scene) -> Iterator[DemoEvent]:
    yield from _open(scene)
    yield DemoEvent(Verb.ACCEPT, scene.at(0.4), scene.worker)
    note = scene.row["note"]
    reason = HoldReason.MATERIAL if note.startswith("缺") else HoldReason.ACCESS
    yield DemoEvent(Verb.HOLD, scene.last, scene.worker, note, reason)


def _finished(scene: Scene) -> Iterator[DemoEvent]:
    yield from _work(scene, scene.last)


def _verified(scene: Scene) -> Iterator[DemoEvent]:
    yield from _work(scene, scene.at(0.8))
    yield DemoEvent(Verb.VERIFY, scene.last, "li", "合格")


def _work(scene: Scene, finished: datetime) -> Iterator[DemoEvent]:
    yield from _open(scene)
    yield DemoEvent(Verb.ACCEPT, scene.at(0.3), scene.worker)
    if scene.row["scene"]:
        yield from _photographed(scene, PhotoRole.BEFORE, PhotoRole.AFTER)
    for use in _uses(scene):
        yield DemoEvent(Verb.MATERIAL, use.at, scene.worker, material_note(use))
    yield DemoEvent(Verb.FINISH, finished, scene.worker, scene.case.finish)


def _photographed(scene: Scene, *roles: PhotoRole) -> Iterator[DemoEvent]:
    for role in roles:
        yield DemoEvent(Verb.PHOTO, scene.at(TAKEN[role]), scene.worker, role.value)


def _uses(scene: Scene) -> Iterator[DemoUse]:
    for number, use in enumerate(scene.uses):
        yield DemoUse(use.item, use.quantity, scene.at(0.7) + timedelta(seconds=5 * number), from_bag=False)
    if scene.row["unbooked"]:
        part = part_of(scene.row["unbooked"])
        yield DemoUse(part.item, part.low, scene.at(0.7), from_bag=True, unbooked=True)


def _photos(scene: Scene, state: State) -> Iterator[DemoPhoto]:
    if scene.row["report_scene"]:
        yield DemoPhoto(PhotoRole.REPORT, scene.row["report_scene"], scene.opened, scene.reporter)
    if scene.row["scene"]:
        roles = (PhotoRole.BEFORE,) if state is State.ACCEPTED else (PhotoRole.BEFORE, PhotoRole.AFTER)
        for role in roles:
            trick = TRICKS.get(scene.row["trick"], {}) if role is PhotoRole.AFTER else {}
            yield DemoPhoto(role, scene.row["scene"], scene.at(TAKEN[role]), scene.worker, **trick)


EVENTS = {
    State.OPEN: _open,
    State.ACCEPTED: _accepted,
    State.ON_HOLD: _on_hold,
    State.FINISHED: _finished,
    State.VERIFIED: _verified,
}
