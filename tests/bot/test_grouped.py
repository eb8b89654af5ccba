from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.grouped import Grouped
from storage.errors import StorageError


class Office:
    """Doubles numbers, in groups that wait for its doors; thirteen is a mistake, and nobody's but its own."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.doors = asyncio.Event()
        self.trouble: Exception | None = None

    async def double(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        await self.doors.wait()
        if self.trouble:
            raise self.trouble
        if 13 in numbers:
            raise ValueError("unlucky")
        return [2 * number for number in numbers]


async def test_what_is_asked_for_meanwhile_makes_the_next_group() -> None:
    office = Office()
    grouped = Grouped(office.double)
    first = asyncio.create_task(grouped.do(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(grouped.do(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    office.doors.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert office.groups == [[1], [2, 3, 4]]


async def test_one_at_fault_spoils_nobody_else_s() -> None:
    office = Office()
    grouped = Grouped(office.double)
    asked = [asyncio.create_task(grouped.do(number)) for number in (1, 2, 13, 3)]
    await asyncio.sleep(0)
    office.doors.set()
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert office.groups[1] == [2, 13, 3]
    assert [str(each) for each in done] == ["2", "4", "unlucky", "6"]


async def test_where_the_database_fails_all_are_told_and_none_is_tried_alone() -> None:
    office = Office()
    office.doors.set()
    office.trouble = StorageError("the disk is full")
    grouped = Grouped(office.double)
    done = await asyncio.gather(*(grouped.do(number) for number in (1, 2)), return_exceptions=True)
    assert [type(each) for each in done] == [StorageError, StorageError]
    assert sum(map(len, office.groups)) == 2
    office.trouble = None
    assert await grouped.do(5) == 10


async def test_one_who_gives_up_leaves_the_work_of_the_others_to_be_done() -> None:
    office = Office()
    grouped = Grouped(office.double)
    first, second = asyncio.create_task(grouped.do(1)), asyncio.create_task(grouped.do(2))
    await asyncio.sleep(0)
    first.cancel()
    office.doors.set()
    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first
