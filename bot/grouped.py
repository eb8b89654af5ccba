"""Work that costs little more for many than for one: what is asked for meanwhile makes the next group."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from storage.errors import StorageError

_T = TypeVar("_T")
_R = TypeVar("_R")


class _Group(Generic[_T, _R]):
    def __init__(self) -> None:
        self.items: list[_T] = []
        self.results: Sequence[_R | Exception] = ()


class Grouped(Generic[_T, _R]):
    """Does work in groups, one group at a time.

    Args:
        do: Does a group in one transaction; gives a result for each item, in their order.
    """

    def __init__(self, do: Callable[[Sequence[_T]], Awaitable[Sequence[_R]]]) -> None:
        self._do = do
        self._turn = asyncio.Lock()
        self._open = _Group[_T, _R]()

    async def do(self, item: _T) -> _R:
        """Do an item with all that are asked for by then; raise what its work raises."""
        group = self._open
        place = len(group.items)
        group.items.append(item)
        async with self._turn:
            if not group.results:
                self._open = _Group()
                group.results = await self._do_all(group.items)
        result = group.results[place]
        if isinstance(result, Exception):
            raise result
        return result

    async def _do_all(self, items: Sequence[_T]) -> Sequence[_R | Exception]:
        """Do a group; where one of it is at fault, each alone, so that it spoils nobody else's."""
        try:
            return await self._do(items)
        except StorageError as error:
            return [error] * len(items)
        except Exception as error:  # noqa: BLE001 - each who asked for it is told
            return [error] if len(items) == 1 else [await self._do_alone(item) for item in items]

    async def _do_alone(self, item: _T) -> _R | Exception:
        return (await self._do_all([item]))[0]
