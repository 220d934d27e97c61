"""An evidence sheet as facts and words, before it becomes a page, a PDF or a file in an archive."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture with what stands below it; `missing` says why there is none."""

    photo_id: UUID
    heading: str
    said: tuple[str, ...]
    code: str
    address: str
    fingerprint: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures two across; an empty place keeps before and after side by side."""

    heading: str
    shots: tuple[Shot | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below headings, with the share of the width that each column takes."""

    heading: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign; `path` is a signature that was drawn, in a box of 300 by 120."""

    words: str
    name: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything a sheet says, in one language."""

    title: str
    site: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    groups: tuple[Group, ...]
    signatures: tuple[Signature, ...]
    foot: tuple[str, ...]
    chinese: bool
    empty: str
    """What stands in a place without a picture."""

    @property
    def shots(self) -> list[Shot]:
        """All pictures in order."""
        return [shot for group in self.groups for shot in group.shots if shot]
