"""Looking up: joins whose way PostgreSQL is not left to choose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, select, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection


def look_up(
    left: FromClause, right: Table, on: ColumnElement[bool], *, each: bool, outer: bool = False
) -> tuple[FromClause, ReadOnlyColumnCollection[str, Any]]:
    """Join a table, with ``each`` by a look into its index for each row of the left one.

    That is for PostgreSQL: before it has statistics, as after millions of rows came in at once, it would
    rather read all of a table for a few of its rows. The offset, of none, keeps it from that. SQLite looks
    each row up anyway.

    Returns:
        The two as joined, and the columns that the right one has there.
    """
    if not each:
        return left.join(right, on, isouter=outer), right.c
    found = select(right).where(on).offset(0).lateral(f"found_{right.name}")
    return left.join(found, true(), isouter=outer), found.c
