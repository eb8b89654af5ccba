"""Long lists in parts, so that no statement has too many parameters and the event loop gets its turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")
_MOST = 1_000  # SQLite takes 32,766 parameters a statement


def batches(items: Iterable[_T], most: int = _MOST) -> Iterator[list[_T]]:
    """Cut a collection into lists of at most so many, in its order."""
    left = iter(items)
    while batch := list(islice(left, most)):
        yield batch
