from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from storage import inbox, receipts, turns
from storage.database import Database
from storage.inbox import KeptUpdate
from storage.turns import Holder

ADA, BOB = 7_000_000_001, -1_007_000_000_002
FIRST = Holder("first", timedelta(seconds=30))
SECOND = Holder("second", timedelta(seconds=30))
DEAD = Holder("dead", timedelta(seconds=-1))  # its lease runs out as soon as it is taken, by whosever clock


class Processes:
    """What processes do on one database, told as update ids."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    async def keep(self, holder: Holder, *update_ids: int, chat_id: int = ADA) -> list[int]:
        told = [KeptUpdate(each, chat_id, "{}", self.now) for each in update_ids]
        async with self.database.writing() as session:
            return _ids(await turns.keep(session, told, holder, self.now))

    async def settle(self, holder: Holder, *update_ids: int, chat_id: int = ADA) -> list[int]:
        done = dict.fromkeys(update_ids, chat_id)
        async with self.database.writing() as session:
            return _ids(await turns.settle(session, done, holder, self.now))

    async def claim(self, holder: Holder, limit: int = 100) -> list[int]:
        async with self.database.writing() as session:
            return _ids(await turns.claim(session, holder, self.now, limit))

    async def take_over(self, holder: Holder, *in_hand: int, limit: int = 100) -> list[int]:
        async with self.database.writing() as session:
            return _ids(await turns.take_over(session, holder, self.now, in_hand, limit))

    async def take_over_suspect(self, holder: Holder, *in_hand: int) -> KeptUpdate | None:
        async with self.database.writing() as session:
            return await turns.take_over_suspect(session, holder, self.now, in_hand)

    async def renew(self, holder: Holder, *in_hand: int) -> set[int]:
        async with self.database.writing() as session:
            return await turns.renew(session, holder, self.now, in_hand)

    async def give_up(self, holder: Holder) -> None:
        async with self.database.writing() as session:
            await turns.give_up(session, holder)

    async def set_aside(self, update_id: int) -> None:
        async with self.database.writing() as session:
            await inbox.set_aside(session, update_id)

    async def waiting(self) -> list[int]:
        async with self.database.reading() as session:
            return _ids(await inbox.waiting(session))


def _ids(kept: list[KeptUpdate]) -> list[int]:
    return [each.update_id for each in kept]


@pytest.fixture
def processes(database: Database, now: datetime) -> Processes:
    return Processes(database, now)


async def test_who_is_told_of_a_free_chat_holds_it_and_has_its_first(processes: Processes) -> None:
    assert await processes.keep(FIRST, 5, 6) == [5]
    assert await processes.keep(FIRST, 8, chat_id=BOB) == [8]


async def test_what_comes_for_a_chat_that_is_held_is_left_to_its_holder(processes: Processes) -> None:
    assert await processes.keep(FIRST, 5) == [5]
    assert await processes.keep(SECOND, 6) == []
    assert await processes.settle(FIRST, 5) == [6]
    assert await processes.settle(FIRST, 6) == []
    assert await processes.keep(SECOND, 7) == [7], "a chat of which nothing waits is free"


async def test_what_is_told_again_is_not_held_again(processes: Processes) -> None:
    assert await processes.keep(FIRST, 5) == [5]
    assert await processes.keep(SECOND, 5) == []
    assert await processes.settle(FIRST, 5) == []
    assert await processes.keep(SECOND, 5) == [], "it has its receipt"


async def test_the_order_is_that_of_telegrams_numbers(processes: Processes) -> None:
    assert await processes.keep(FIRST, 5) == [5]
    assert await processes.keep(SECOND, 9, 7) == []
    assert await processes.settle(FIRST, 5) == [7]
    assert await processes.settle(FIRST, 7) == [9]


async def test_what_is_days_old_comes_before_numbers_that_began_anew(database: Database) -> None:
    """After a quiet week Telegram begins at any number."""
    last_week = datetime.now().astimezone() - timedelta(days=8)  # by the clock that PostgreSQL reads
    processes = Processes(database, last_week)
    assert await processes.keep(FIRST, 5) == [5]
    assert await processes.keep(FIRST, 900) == []
    processes.now += timedelta(days=8)
    assert await processes.keep(FIRST, 17) == []
    assert await processes.settle(FIRST, 5) == [900]
    assert await processes.settle(FIRST, 900) == [17]


async def test_nobody_takes_over_from_a_holder_that_lives(processes: Processes) -> None:
    await processes.keep(FIRST, 5, 6)
    assert await processes.take_over(SECOND) == []
    assert await processes.claim(SECOND) == []


async def test_what_a_dead_holder_had_is_taken_over_in_order(processes: Processes) -> None:
    """First what it had in hand, and by one only."""
    await processes.keep(DEAD, 5, 6)
    assert await processes.keep(SECOND, 7) == [], "what may have ended its holder is not passed by"
    assert await processes.claim(SECOND) == []
    assert await processes.take_over(SECOND) == [5]
    assert await processes.take_over(FIRST) == []
    assert await processes.settle(SECOND, 5) == [6]
    assert await processes.settle(SECOND, 6) == [7]


async def test_chats_are_taken_over_many_at_once_of_each_its_first(processes: Processes) -> None:
    """Those that stand still for longest, within the limit."""
    for chat_id in (1, 2, 3):
        await processes.keep(DEAD, 10 * chat_id, 10 * chat_id + 1, chat_id=chat_id)
        processes.now += timedelta(seconds=1)
    processes.now += timedelta(minutes=1)
    assert {*await processes.take_over(SECOND, limit=2)} == {10, 20}
    assert await processes.take_over(FIRST) == [30]


async def test_what_was_taken_over_before_is_a_suspect_and_taken_over_by_itself(processes: Processes) -> None:
    """Each time counts as a try."""
    await processes.keep(DEAD, 5)
    await processes.keep(DEAD, 8, chat_id=BOB)
    assert await processes.take_over_suspect(SECOND) is None
    assert {*await processes.take_over(DEAD)} == {5, 8}
    assert await processes.take_over(SECOND) == []
    suspects = [await processes.take_over_suspect(SECOND) for _ in range(3)]
    assert {(each.update_id, each.tries) for each in suspects if each} == {(5, 2), (8, 2)}
    assert suspects[2] is None


async def test_who_renews_is_not_taken_over_from(processes: Processes) -> None:
    await processes.keep(DEAD, 5)
    await processes.renew(Holder("dead", timedelta(seconds=30)), 5)
    assert await processes.take_over(SECOND) == []


async def test_only_what_is_in_hand_is_renewed(processes: Processes) -> None:
    """Where the connection broke at a commit, nobody may know that something is held."""
    await processes.keep(DEAD, 5)
    await processes.renew(Holder("dead", timedelta(seconds=30)))
    assert await processes.take_over(SECOND, 5) == [], "not what the one who asks has in hand"
    assert await processes.take_over(SECOND) == [5]


async def test_who_renews_is_told_what_is_still_its_own(processes: Processes) -> None:
    await processes.keep(DEAD, 5)
    await processes.keep(DEAD, 8, chat_id=BOB)
    await processes.take_over(SECOND, 8)
    assert await processes.renew(DEAD, 5, 8) == {8}
    assert await processes.renew(SECOND, 5) == {5}


async def test_a_holder_that_was_thought_dead_takes_nothing_from_its_heir(processes: Processes) -> None:
    """It slept for a minute and goes on: the chat stays the other's, and the update has its receipt."""
    await processes.keep(DEAD, 5, 6)
    await processes.take_over(SECOND)
    assert await processes.settle(DEAD, 5) == []
    assert await processes.waiting() == [5, 6]
    async with processes.database.writing() as session:
        assert not await receipts.take(session, 5, processes.now)
    assert await processes.settle(SECOND, 5) == [6]


async def test_at_an_orderly_end_chats_are_free_at_once(processes: Processes) -> None:
    await processes.keep(FIRST, 5, 6)
    processes.now += timedelta(seconds=1)
    await processes.keep(FIRST, 8, chat_id=BOB)
    await processes.give_up(FIRST)
    assert await processes.take_over(SECOND) == [], "that is no try"
    assert await processes.claim(SECOND, limit=1) == [5]
    assert await processes.claim(SECOND) == [8]
    assert await processes.claim(SECOND) == []


async def test_what_is_set_aside_keeps_back_nothing(processes: Processes) -> None:
    await processes.keep(FIRST, 5, 6)
    await processes.set_aside(5)
    assert await processes.claim(SECOND) == [6]


async def test_what_comes_to_be_set_aside_is_nobodys(processes: Processes) -> None:
    told = KeptUpdate(5, inbox.NO_CHAT, "{}", processes.now, aside=True)
    async with processes.database.writing() as session:
        assert await turns.keep(session, [told], FIRST, processes.now) == []
    assert await processes.waiting() == []
    assert await processes.keep(SECOND, 5) == []


async def test_whatever_happens_at_once_one_is_in_hand_and_nothing_left_lying(
    processes: Processes,
) -> None:
    """One takes out while others add: either the holder is handed what came, or the chat was free."""
    numbers = iter(range(1, 200))
    for _ in range(20):
        (begun,) = await processes.keep(FIRST, next(numbers))
        added = [processes.keep(SECOND, next(numbers)) for _ in range(4)]
        handed, *claimed = await asyncio.gather(processes.settle(FIRST, begun), *added)
        (in_hand,) = [*handed, *(each for ids in claimed for each in ids)]
        holder = FIRST if handed else SECOND
        done = [in_hand]
        while upcoming := await processes.settle(holder, done[-1]):
            done += upcoming
        assert len(done) == 4
    assert await processes.waiting() == []
