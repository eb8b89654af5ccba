"""Values handed to a statement by the thousand, in one parameter a column: as arrays, on SQLite as JSON.

So a statement is the same however many there are, and costs as little to write as for one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    any_,
    cast,
    column,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from storage.dialects import speaks_postgresql

Ids: TypeAlias = Sequence[int] | NDArray[np.int64]


def one_of(session: AsyncSession, key: Column[int], ids: Ids) -> ColumnElement[bool]:
    """Say that a column holds one of the ids."""
    listed = plain(ids)
    if speaks_postgresql(session):
        return key == any_(_array(key, listed))
    return key.in_(select(func.json_each(json.dumps(listed)).table_valued("value").c.value))


def table_of(session: AsyncSession, columns: Mapping[Column[Any], Sequence[Any]]) -> FromClause:
    """Make a table of values of these columns, under their names. All have as many values."""
    if speaks_postgresql(session):
        arrays = [_array(key, values) for key, values in columns.items()]
        return func.unnest(*arrays).table_valued(*_named(columns), name="handed").render_derived()
    row = func.json_each(_rows_as_json(session, columns)).table_valued("value").c.value
    cells = [
        type_coerce(func.json_extract(row, f"$[{place}]"), key.type).label(key.name)
        for place, key in enumerate(columns)
    ]
    return select(*cells).subquery("handed")


def plain(ids: Ids) -> list[int]:
    """List ids as Python's own numbers, which alone drivers take."""
    return ids.tolist() if isinstance(ids, np.ndarray) else [*ids]


def _array(key: Column[Any], values: Sequence[Any]) -> ColumnElement[Any]:
    array: ARRAY[Any] = ARRAY(key.type)
    return cast(literal(values, array), array)


def _named(columns: Mapping[Column[Any], Sequence[Any]]) -> list[Any]:
    return [column(key.name, key.type) for key in columns]


def _rows_as_json(session: AsyncSession, columns: Mapping[Column[Any], Sequence[Any]]) -> str:
    """Write rows with their values as SQLite keeps them."""
    dialect = session.get_bind().dialect
    kept: list[Sequence[Any]] = []
    for key, values in columns.items():
        turn = key.type.dialect_impl(dialect).bind_processor(dialect)
        kept.append([turn(value) for value in values] if turn else values)
    return json.dumps(list(zip(*kept, strict=True)), ensure_ascii=False)
