"""Checks, mileage and consumption. Pure facts, no database."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from crew_app.core.errors import Refused
from crew_app.core.words import N_

DISPATCH_WITHIN = timedelta(minutes=10)
"""A vehicle is named within this time (001)."""
MOST_KM = 2_000_000
FARTHEST = 1_500
"""So many kilometres in one trip are doubted, and need a word."""
BEFORE_DUE_KM = 500
BEFORE_DUE_DAYS = 14


class Check(StrEnum):
    """What is looked at before and after a trip."""

    PAPERS = "papers"
    TYRES = "tyres"
    LIGHTS = "lights"
    BRAKES = "brakes"
    FLUIDS = "fluids"
    KIT = "kit"
    DAMAGE = "damage"
    CLEAN = "clean"
    LOCKED = "locked"


CHECK_LABELS = {
    Check.PAPERS: N_("Papers on board, driver sober and rested"),
    Check.TYRES: N_("Tyres: pressure, no bulges"),
    Check.LIGHTS: N_("Lights and indicators"),
    Check.BRAKES: N_("Brakes, steering, horn"),
    Check.FLUIDS: N_("Oil, coolant, no leaks"),
    Check.KIT: N_("Extinguisher, triangle, first-aid kit"),
    Check.DAMAGE: N_("No new damage, no offence"),
    Check.CLEAN: N_("Clean inside, disinfected where needed"),
    Check.LOCKED: N_("Parked, locked, key returned"),
}
BEFORE = (Check.PAPERS, Check.TYRES, Check.LIGHTS, Check.BRAKES, Check.FLUIDS, Check.KIT)
AFTER = (Check.DAMAGE, Check.CLEAN, Check.LOCKED)


class Filled(Protocol):
    """A filling, as far as it decides the consumption."""

    km: int
    litres: Decimal
    yuan: Decimal


def plausible(known: int, typed: int, note: str) -> None:
    """The odometer never runs backwards; a very long way needs a word."""
    if not 0 <= typed <= MOST_KM:
        raise Refused("km", N_("Please check the mileage."))
    if typed < known:
        raise Refused(
            "km-backwards", N_("The odometer showed %(known)s km before. It cannot run backwards."), known=known
        )
    if known and typed - known > FARTHEST and not note.strip():
        raise Refused(
            "km-far",
            N_("That is %(count)s km since the last entry. If it is right, please say why."),
            count=typed - known,
        )


def consumption(fillings: Sequence[Filled]) -> Decimal | None:
    """Litres per 100 km, tank to tank: what was filled after the first filling, over the way since it."""
    ordered = sorted(fillings, key=lambda one: one.km)
    if len(ordered) < 2 or ordered[-1].km == ordered[0].km:  # noqa: PLR2004
        return None
    litres = sum((one.litres for one in ordered[1:]), Decimal(0))
    return round(litres * 100 / (ordered[-1].km - ordered[0].km), 1)
