"""What is shown of a photo: covered areas blurred, on large pictures the stamp. Made once, kept in a bounded folder.

A rendering is named by the photo's fingerprint and by everything that went into it, so that a change of any of it is
another rendering, and all of one photo are found when it has to be forgotten.
"""

import hashlib
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.evidence import stamp
from crew_app.evidence.darkroom import develop
from crew_app.evidence.images import SMALL
from crew_app.evidence.models import Photo
from crew_app.evidence.pixels import Area
from crew_app.evidence.proof_models import Cover
from crew_app.evidence.stamp import Words

FORM = 1
"""Grows when the same facts are drawn differently."""
MOST_KEPT = 400_000_000
KEPT_AFTER_CLEARING = 300_000_000
CLEARED_EVERY = 64


class Showing(StrEnum):
    """In which form a photo is shown."""

    SMALL = "small"
    """For pages of many."""
    THUMB = "thumb"
    LARGE = "large"
    """With its stamp."""
    PAPER = "paper"
    """With its stamp, as large as print needs."""
    PLAIN = "plain"
    """Large, without a stamp: for laying it over another picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that goes into a rendering."""

    showing: Showing
    sha256: str
    areas: tuple[Area, ...] = ()
    words: Words | None = None

    @property
    def fingerprint(self) -> str:
        """What tells this rendering from every other."""
        said = [FORM, self.showing, self.sha256, self.areas, astuple(self.words) if self.words else None]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @property
    def as_stored(self) -> bool:
        """Whether this is one of the copies that were made when the photo arrived."""
        return self.words is None and not self.areas


class Renderings:
    """Renderings that were made before, in a folder that does not grow for ever; losing it costs only time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._written = 0

    def get(self, look: Look) -> bytes | None:
        """A rendering that was made before."""
        try:
            return self._path(look).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, look: Look, data: bytes) -> None:
        """Keep a rendering."""
        path = self._path(look)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(data)
        Path(file.name).replace(path)
        self._written += 1
        if self._written % CLEARED_EVERY == 0:
            self.clear(MOST_KEPT, KEPT_AFTER_CLEARING)

    def forget(self, sha256: str) -> None:
        """Forget all renderings of a photo."""
        for path in self.root.joinpath(sha256[:2]).glob(f"{sha256}-*"):
            path.unlink(missing_ok=True)

    def clear(self, most: int, left: int) -> None:
        """When they take more than so many bytes, forget the oldest until no more than `left` are taken."""
        found = [(stat.st_mtime, stat.st_size, path) for path, stat in _files(self.root)]
        taken = sum(size for _at, size, _path in found)
        for _at, size, path in sorted(found) if taken > most else ():
            if taken <= left:
                return
            path.unlink(missing_ok=True)
            taken -= size

    def _path(self, look: Look) -> Path:
        return self.root / look.sha256[:2] / f"{look.sha256}-{look.fingerprint[:32]}.jpg"


def _files(root: Path) -> Iterable[tuple[Path, os.stat_result]]:
    for path in root.glob("*/*.jpg"):
        try:
            yield path, path.stat()
        except FileNotFoundError:
            continue


def shown(
    look: Look,
    get: Callable[[str], bytes],
    kept: Renderings,
    work: Callable[..., bytes] = develop,
    *,
    keep: bool = True,
) -> bytes:
    """The picture as it looks so, from what `get` has of it; `work` does image work in its turn.

    `keep` false for what nobody will ask for again soon: thousands at once would drive out what people look at.
    """
    if look.as_stored:
        kind = look.showing if look.showing in (Showing.SMALL, Showing.THUMB) else Showing.LARGE
        return get(f"{kind}/{look.sha256}")
    made = kept.get(look)
    if made is None:
        made = work(*_recipe(look, get(f"large/{look.sha256}")))
        if keep:
            kept.put(look, made)
    return made


def _recipe(look: Look, data: bytes) -> tuple[Any, ...]:
    if look.words is not None:
        return stamp.for_paper if look.showing is Showing.PAPER else stamp.stamped, data, look.areas, look.words
    if look.showing is Showing.SMALL:
        return stamp.covered, data, look.areas, SMALL
    return (stamp.covered_thumb if look.showing is Showing.THUMB else stamp.covered), data, look.areas


def areas_of(photos: Iterable[Photo]) -> dict[UUID, tuple[Area, ...]]:
    """What is covered in these photos now, in one query; in none, if nothing ever changed in what is shown of them."""
    changed = [photo.id for photo in photos if photo.version]
    query = select(Cover).where(Cover.photo_id.in_(changed), Cover.lifted_at.is_(None)).order_by(Cover.id)
    found: dict[UUID, list[Area]] = defaultdict(list)
    for one in session.scalars(query) if changed else ():
        found[one.photo_id].append((one.x, one.y, one.width, one.height))
    return {photo_id: tuple(areas) for photo_id, areas in found.items()}
