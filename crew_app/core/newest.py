"""The newest of several heaps, each read from its end by an index: what is older is never looked at.

A database that is asked for the newest rows of two sites at once, or of a site or a person, reads all of both and sorts
them; asked for the newest of each, it reads a page of each.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all


def newest_ids(
    query: Select[Any], key: Any, heaps: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int
) -> ColumnElement[bool]:
    """Whether a row's `key` is among the first of a query (without options), the greatest by `order` first.

    Each of `heaps` is a condition that an index answers in that order; up to `limit` of each are among them, so the
    query around this orders and limits once more.
    """
    downward = [column.desc() for column in order]
    narrow = query.with_only_columns(key.label("id"), maintain_column_froms=True)
    pages = [narrow.where(heap).order_by(*downward).limit(limit).subquery() for heap in heaps]
    if not pages:
        nothing: ColumnElement[bool] = key.is_(None)
        return nothing
    found: ColumnElement[bool] = key.in_(union_all(*(select(page.c.id) for page in pages)))
    return found
