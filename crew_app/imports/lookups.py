"""Finding what a cell names: a place by code or by the way to it, a department, a kind of asset."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.imports.cells import Bad, key
from crew_app.places.models import AssetKind, Department, Place

_STEPS = re.compile(r"\s*[/\\>＞→／|｜]\s*")
MOST_STEPS = 6


def steps(way: str) -> list[str]:
    """A way in words as its steps: Ward block / Floor 7."""
    return [step for step in _STEPS.split(way.strip()) if step]


class Places:
    """The places of a site by code and by the ends of their paths, in both languages."""

    def __init__(self, site_id: UUID) -> None:
        self._by_code: dict[str, UUID] = {}
        self._by_way: dict[str, set[UUID]] = {}
        self._found: dict[str, UUID] = {}
        query = select(Place.id, Place.code, Place.path, Place.path_en).where(Place.site_id == site_id)
        for place_id, code, path, path_en in session.execute(query):
            self.add(place_id, code, path, path_en)

    def add(self, place_id: UUID, code: str, *paths: str) -> None:
        """One more place."""
        self._by_code[key(code)] = place_id
        for path in paths:
            parts = [key(part) for part in path.split(" / ")][-MOST_STEPS:]
            for start in range(len(parts)):
                self._by_way.setdefault("/".join(parts[start:]), set()).add(place_id)

    def find(self, words: str) -> UUID:
        """The one place that these words mean, or `Bad`."""
        if words in self._found:
            return self._found[words]
        found = self._by_code.get(key(words))
        candidates = {found} if found else self._by_way.get("/".join(map(key, steps(words)[-MOST_STEPS:])), set())
        if not candidates:
            raise Bad(N_("This place is not known at this site. Bring in the places first, or correct the name."))
        if len(candidates) > 1:
            raise Bad(
                N_("%(count)s places are called so. Give the code, or the whole way to it."), count=len(candidates)
            )
        self._found[words] = next(iter(candidates))
        return self._found[words]


class Departments:
    """The departments of a site by code and name."""

    def __init__(self, site_id: UUID) -> None:
        self._by: dict[str, UUID] = {}
        rows = list(session.scalars(select(Department).where(Department.site_id == site_id)))
        for one in rows:
            for name in (one.name_en, one.name):
                self._by[key(name)] = one.id
        self._by |= {key(one.code): one.id for one in rows}
        self._by.pop("", None)

    def find(self, words: str) -> UUID:
        """The department that these words mean, or `Bad`."""
        found = self._by.get(key(words))
        if found is None:
            raise Bad(N_("This department is not known at this site. Bring in the departments first."))
        return found


class Kinds:
    """Kinds of assets by code and name; new ones are counted, and made with the rest."""

    def __init__(self) -> None:
        self._by: dict[str, UUID] = {}
        self.codes: set[str] = set()
        for one in session.scalars(select(AssetKind)):
            self.add(one.id, one.code, (one.code, one.name, one.name_en))

    def add(self, kind_id: UUID, code: str, names: Iterable[str]) -> None:
        """One more kind."""
        self.codes.add(code)
        self._by |= {key(name): kind_id for name in names if name}

    def find(self, words: str) -> UUID | None:
        """The kind that these words mean."""
        return self._by.get(key(words))


def by_code(model: Any, columns: Iterable[str], codes: Iterable[str], *where: Any) -> dict[str, dict[str, Any]]:
    """Rows of a table by code, each as a dictionary of these columns and its id."""
    names = ["id", *columns]
    query = select(*(getattr(model, name) for name in names)).where(model.code.in_(list(codes)), *where)
    return {row["code"]: dict(row) for row in session.execute(query).mappings()}
