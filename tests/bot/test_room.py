"""Room for so many at once, each for a moment only."""

from __future__ import annotations

import asyncio

import pytest

from bot.receiving.room import Room

LONG = 3_600.0


class Guest:
    """Takes a place and keeps it until told to go."""

    def __init__(self, room: Room, tasks: asyncio.TaskGroup) -> None:
        self.is_in = asyncio.Event()
        self._is_told = asyncio.Event()
        self._staying = tasks.create_task(self._stay(room))

    async def _stay(self, room: Room) -> None:
        async with room.place():
            self.is_in.set()
            await self._is_told.wait()

    async def go(self) -> None:
        self._is_told.set()
        await self._staying


async def look(*guests: Guest) -> list[bool]:
    """Tell who is in, once all had the time to go in."""
    for _ in range(10):
        await asyncio.sleep(0)
    return [guest.is_in.is_set() for guest in guests]


async def test_there_are_so_many_places() -> None:
    room = Room(2, LONG)
    async with asyncio.TaskGroup() as tasks:
        guests = [Guest(room, tasks) for _ in range(4)]
        assert await look(*guests) == [True, True, False, False]
        await guests[0].go()
        assert await look(*guests) == [True, True, True, False]
        for guest in guests[1:]:
            await guest.go()


async def test_after_a_while_the_next_one_goes_in_beside() -> None:
    room = Room(1, 0.0)
    async with asyncio.TaskGroup() as tasks:
        first, second = Guest(room, tasks), Guest(room, tasks)
        async with asyncio.timeout(30):
            await second.is_in.wait()
        await first.go()
        await second.go()


async def test_a_place_is_given_back_once() -> None:
    """By its end or by its time, and not by both: else there would be ever more places."""
    room = Room(1, 0.5)
    async with asyncio.TaskGroup() as tasks:
        first, second = Guest(room, tasks), Guest(room, tasks)
        async with asyncio.timeout(30):
            await second.is_in.wait()
        await first.go()
        await second.go()
    async with asyncio.TaskGroup() as tasks:
        guests = [Guest(room, tasks) for _ in range(2)]
        assert await look(*guests) == [True, False]
        for guest in guests:
            await guest.go()


async def test_a_place_is_free_after_an_error() -> None:
    room = Room(1, LONG)
    with pytest.raises(TimeoutError):
        async with room.place(), asyncio.timeout(0):
            await asyncio.sleep(LONG)
    async with asyncio.timeout(30), room.place():
        pass
