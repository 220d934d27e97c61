"""The plan in docs/partitioning.md says what the models say: no table, key or reference is forgotten."""

import re
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint

import crew_app
from crew_app.core.db import Base

PLAN = Path(crew_app.__file__).parents[1] / "docs" / "partitioning.md"
TABLES = Base.metadata.tables


def listed(name):
    """The words of a fenced list."""
    found = re.search(rf"```{name}\n(.*?)\s*```", PLAN.read_text(encoding="utf-8"), re.DOTALL)
    assert found, name
    return set(found.group(1).split())


def distributed():
    return {name for name, table in TABLES.items() if "site_id" in table.columns}


def uniques(table):
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]
    yield from ([column.name for column in index.columns] for index in table.indexes if index.unique)


def follows_a_parent(table, names):
    """Whether one of these columns points to a row of a site, so that the site is given with it."""
    return any(
        key.column.table.name in distributed() and key.column.table is not table
        for name in names
        for key in table.columns[name].foreign_keys
    )


def test_each_table_is_distributed_a_reference_or_local():
    assert listed("reference") | listed("local") == set(TABLES) - distributed()
    assert not listed("reference") & listed("local")


def test_tables_with_rows_of_no_site_are_named():
    assert listed("nullable") == {name for name in distributed() if TABLES[name].columns["site_id"].nullable}


def test_what_is_unique_over_all_sites_is_named():
    known = listed("global")
    found = {
        f"{name}.{names[0]}"
        for name in distributed()
        for names in uniques(TABLES[name])
        if len(names) == 1 and not TABLES[name].columns[names[0]].foreign_keys and not names[0].endswith("_id")
    }
    assert known == found


def test_other_unique_keys_hold_within_a_site():
    """Several columns: one is the site, or points to a row of a site or to a person, or is an id made once."""
    odd = [
        f"{name}({', '.join(names)})"
        for name in sorted(distributed())
        for names in uniques(TABLES[name])
        if len(names) > 1
        and "site_id" not in names
        and not follows_a_parent(TABLES[name], names)
        and not any(one.endswith("_id") or one == "subject" for one in names)
    ]
    assert odd == []


def test_references_to_local_tables_are_named():
    found = {
        f"{name}.{key.parent.name}"
        for name in distributed()
        for key in TABLES[name].foreign_keys
        if key.column.table.name in listed("local")
    }
    assert listed("to-local") == found


def test_tables_by_month_are_there_and_sort_by_time():
    by_id = listed("by-month") - {"receipts", "chain_links"}
    assert listed("by-month") <= distributed()
    for name in by_id:
        (key,) = TABLES[name].primary_key.columns
        assert key.name in ("id", "photo_id"), name


@pytest.mark.parametrize("column", ["site_id"])
def test_a_table_without_the_key_would_be_noticed(monkeypatch, column):
    """Sabotage: tickets as a table of no site."""
    table = TABLES["tickets"]
    assert column in table.columns
    monkeypatch.setitem(
        globals(), "distributed", lambda: {name for name in TABLES if name != "tickets"} & _with(column)
    )
    with pytest.raises(AssertionError):
        test_each_table_is_distributed_a_reference_or_local()


def _with(column):
    return {name for name, table in TABLES.items() if column in table.columns}
