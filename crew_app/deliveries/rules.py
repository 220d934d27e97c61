"""What is carried, how soon, and in which order it is fetched. Pure facts, no database."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from crew_app.core.words import N_
from crew_app.tickets.rules import Deadlines, Priority


class Cargo(StrEnum):
    """What is carried."""

    PATIENT = "patient"
    SPECIMEN = "specimen"
    MEDICINE = "medicine"
    MEAL = "meal"
    LINEN = "linen"
    MATERIAL = "material"
    GAS = "gas"
    PAPERS = "papers"


class Need(StrEnum):
    """What the porter has to bring, or to know."""

    WHEELCHAIR = "wheelchair"
    STRETCHER = "stretcher"
    OXYGEN = "oxygen"
    NURSE = "nurse"
    ISOLATION = "isolation"
    COLD = "cold"


CARGO_LABELS = {
    Cargo.PATIENT: N_("Patient"),
    Cargo.SPECIMEN: N_("Specimen"),
    Cargo.MEDICINE: N_("Medicine"),
    Cargo.MEAL: N_("Meals"),
    Cargo.LINEN: N_("Linen"),
    Cargo.MATERIAL: N_("Material, equipment"),
    Cargo.GAS: N_("Gas cylinder"),
    Cargo.PAPERS: N_("Papers, films"),
}
CARGO_ICONS = {
    Cargo.PATIENT: "bed",
    Cargo.SPECIMEN: "thermometer",
    Cargo.MEDICINE: "package-plus",
    Cargo.MEAL: "shower-head",
    Cargo.LINEN: "layers",
    Cargo.MATERIAL: "package",
    Cargo.GAS: "cylinder",
    Cargo.PAPERS: "clipboard-list",
}
NEED_LABELS = {
    Need.WHEELCHAIR: N_("Wheelchair"),
    Need.STRETCHER: N_("Stretcher or bed"),
    Need.OXYGEN: N_("Oxygen bag"),
    Need.NURSE: N_("A nurse comes along"),
    Need.ISOLATION: N_("Isolation"),
    Need.COLD: N_("Keep cold"),
}
FETCH = {
    Priority.EMERGENCY: timedelta(minutes=5),
    Priority.URGENT: timedelta(minutes=10),
    Priority.NORMAL: timedelta(minutes=30),
    Priority.LOW: timedelta(hours=4),
}
ARRIVE = {
    Priority.EMERGENCY: timedelta(minutes=15),
    Priority.URGENT: timedelta(minutes=30),
    Priority.NORMAL: timedelta(minutes=90),
    Priority.LOW: timedelta(hours=8),
}
FAR = 3


def deadlines(priority: Priority, at: datetime) -> Deadlines:
    """By when somebody has to say they fetch it, and by when it has to be there."""
    return Deadlines(at + FETCH[priority], at + ARRIVE[priority])


def distance(one: Sequence[object], other: Sequence[object]) -> int:
    """How far two places are apart, from the ways down to them: 0 the same, 1 the same floor, 2 the house, 3 else."""
    if one and one == other:
        return 0
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return max(1, FAR - shared)


class Waiting(NamedTuple):
    """What decides the order of fetching."""

    priority: int
    distance: int
    opened_at: datetime


def fetching_order(found: Waiting) -> tuple[int, int, datetime]:
    """The urgent first; then what is near; then what waits longest."""
    return found.priority, found.distance, found.opened_at


def average(lengths: Iterable[timedelta]) -> timedelta | None:
    """The mean of some lengths of time."""
    found = list(lengths)
    return sum(found, timedelta(0)) / len(found) if found else None
