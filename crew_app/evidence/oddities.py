"""What looks odd about a photo as evidence. Pure: what is known of it in, oddities out; whoever judges is a person."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from crew_app.core.words import N_
from crew_app.evidence.models import SHOT, Photo, PhotoSource
from crew_app.evidence.proof_models import Oddity
from crew_app.evidence.sight import Signs

ODDITY_LABELS = {
    Oddity.SAME_PICTURE: N_("Same picture elsewhere"),
    Oddity.SAME_AS_BEFORE: N_("After is the picture from before"),
    Oddity.SCREENSHOT: N_("Looks like a screenshot"),
    Oddity.SCREEN_PHOTO: N_("Looks like a photo of a screen"),
    Oddity.OLDER: N_("Taken before the job was reported"),
    Oddity.GALLERY: N_("Not taken with the camera for this job"),
    Oddity.UNCHALLENGED: N_("No proof of when it was taken"),
    Oddity.CLOCK: N_("Its time does not fit"),
}
PAIRS = frozenset({Oddity.SAME_PICTURE, Oddity.SAME_AS_BEFORE})
"""Oddities that are about two pictures."""
WELL_BEFORE = timedelta(hours=2)
"""By so much a picture's time has to lie before the job was opened, by the phone's corrected clock."""
DAY_BEFORE = timedelta(days=1)
"""The same by the camera's own clock, which says no time zone."""
SLACK = timedelta(minutes=2)
LIKELY = 0.5
CLAMPED = timedelta(hours=1)


class Use(StrEnum):
    """What a photo is there for."""

    REPORT = "report"
    BEFORE = "before"
    PROOF = "proof"
    """What was done or seen: after the work, on the spot, at a stop of a round."""
    MARKS = "marks"
    """A supervisor's marks on somebody's picture."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A photo belongs to a job or to a stop of a round."""

    photo_id: UUID
    to: UUID
    use: Use
    since: datetime | None = None
    """Nothing that proves this work can be older."""


Source = Callable[[Collection[UUID]], Iterable[Belonging]]
"""Tells what photos belong to."""


def alone(
    photo: Photo, belongings: Collection[Belonging], signs: Signs | None, zone: tzinfo, *, challenged: bool
) -> Iterator[tuple[Oddity, float]]:
    """What is odd about a photo without looking at others; `challenged`: phones of the site answer challenges."""
    uses = {one.use for one in belongings}
    if not uses & {Use.BEFORE, Use.PROOF}:
        return
    if photo.source not in SHOT:
        yield Oddity.GALLERY, 1.0
    if signs and signs.screenshot >= LIKELY:
        yield Oddity.SCREENSHOT, signs.screenshot
    elif signs and signs.screen_photo >= LIKELY:
        yield Oddity.SCREEN_PHOTO, signs.screen_photo
    if any(_older(photo, one.since, zone) for one in belongings if one.use is Use.PROOF and one.since):
        yield Oddity.OLDER, 1.0
    if photo.source is PhotoSource.LIVE and photo.challenged_at is None and challenged:
        yield Oddity.UNCHALLENGED, 1.0
    if photo.source is PhotoSource.LIVE and _clock_differs(photo):
        yield Oddity.CLOCK, 1.0


def together(one: Collection[Belonging], other: Collection[Belonging]) -> tuple[Oddity, bool] | None:
    """What two equal pictures mean, `one` having come first; True when the later one is the odd one of the two.

    Nothing for what is meant to be equal: the reporter's picture with the job it opened, marks on a picture.
    """
    both = {belonging.to for belonging in one} & {belonging.to for belonging in other}
    if both:
        first, second = _uses(one, both), _uses(other, both)
        earlier = {Use.BEFORE, Use.REPORT}
        if Use.PROOF in second and first & earlier:
            return Oddity.SAME_AS_BEFORE, True
        return (Oddity.SAME_AS_BEFORE, False) if Use.PROOF in first and second & earlier else None
    uses = _uses(other)
    if not uses or not _uses(one) or uses == {Use.MARKS} or _uses(one) == {Use.MARKS}:
        return None
    reported_again = uses == {Use.REPORT} == _uses(one)
    return None if reported_again else (Oddity.SAME_PICTURE, True)


def _uses(belongings: Iterable[Belonging], to: Collection[UUID] | None = None) -> set[Use]:
    return {one.use for one in belongings if to is None or one.to in to}


def _older(photo: Photo, since: datetime, zone: tzinfo) -> bool:
    by_camera = _camera_time(photo.exif_at, zone)
    return photo.at < since - WELL_BEFORE or (by_camera is not None and by_camera < since - DAY_BEFORE)


def _camera_time(text: str | None, zone: tzinfo) -> datetime | None:
    """The time in the file; cameras that were never set begin long ago and say nothing."""
    try:
        at = datetime.strptime(text or "", "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None
    return at if at.year >= NEVER_SET else None


NEVER_SET = 2015


def _clock_differs(photo: Photo) -> bool:
    """Whether it is said to be taken before its challenge was given, or after it arrived."""
    if photo.challenged_at and photo.at < photo.challenged_at - SLACK:
        return True
    unplaced = photo.taken_at is not None and photo.at == photo.received_at
    return unplaced and photo.taken_at is not None and abs(photo.taken_at - photo.received_at) > CLAMPED
