"""What a label of a place, an asset or a blank tag says, in Chinese and in English: everybody in the house reads it."""

from collections.abc import Iterable, Iterator

from crew_app.labels import colours
from crew_app.labels.choosing import Subject
from crew_app.labels.layout import Label
from crew_app.labels.models import BlankTag
from crew_app.places.models import Asset, PlaceKind, Tag

_PLACES = {
    PlaceKind.BUILDING: ("楼宇", "Building"),
    PlaceKind.FLOOR: ("楼层", "Floor"),
    PlaceKind.ROOM: ("房间", "Room"),
    PlaceKind.AREA: ("区域", "Area"),
}
_BLANK = ("空白标签", "Blank")


def label(subject: Subject, tag: Tag, base: str) -> Label:
    """The label of a tag; `base` is the address of the installation."""
    if isinstance(subject, Asset):
        kind = (subject.kind.name, subject.kind.name_en)
        return _label(subject, tag, base, subject.place.path, kind, colours.of_asset(subject.kind.code))
    around = " / ".join(subject.path.split(" / ")[:-1])
    return _label(subject, tag, base, around, _PLACES[subject.kind], colours.of_place(subject.kind.value))


def labels(found: Iterable[tuple[Subject, Tag]], base: str) -> Iterator[Label]:
    """The labels of many."""
    return (label(subject, tag, base) for subject, tag in found)


def blanks(tags: Iterable[BlankTag], base: str) -> Iterator[Label]:
    """The labels of blank tags."""
    return (Label(f"{base}/t/{tag.code}", tag.code, "", "", "", *_BLANK, colours.BLANK) for tag in tags)


def _label(subject: Subject, tag: Tag, base: str, where: str, kind: tuple[str, str], band: colours.Colour) -> Label:
    return Label(f"{base}/t/{tag.code}", tag.code, subject.name, subject.name_en, where, *kind, band)
