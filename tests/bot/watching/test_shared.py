from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.watching.shared import Shared

SECOND = timedelta(seconds=1)


class Oracle:
    """Answers how often it was asked, when it is let; under a clock that stands still."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked = 0
        self.is_free = asyncio.Event()
        self.is_free.set()

    async def answer(self) -> int:
        self.asked += 1
        answer = self.asked
        await self.is_free.wait()
        return answer

    def clock(self) -> float:
        return self.now


@pytest.fixture
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture
async def shared(oracle: Oracle) -> AsyncIterator[Shared[int]]:
    shared = Shared(oracle.answer, 15 * SECOND, SECOND / 50, oracle.clock)
    yield shared
    await shared.close()


async def test_ten_who_want_it_cost_one(oracle: Oracle, shared: Shared[int]) -> None:
    assert await asyncio.gather(*(shared.get() for _ in range(10))) == [1] * 10
    oracle.now += 14.9
    assert await shared.get() == oracle.asked == 1


async def test_it_is_asked_for_anew_when_it_is_old(oracle: Oracle, shared: Shared[int]) -> None:
    await shared.get()
    oracle.now += 15
    assert await shared.get() == 2


async def test_nobody_waits_for_ever_and_nobody_asks_beside_one_who_waits(
    oracle: Oracle, shared: Shared[int]
) -> None:
    """Else each who asks would take another connection to a database that hangs."""
    oracle.is_free.clear()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await shared.get()
    assert oracle.asked == 1
    oracle.is_free.set()
    assert await shared.get() == 1


async def test_who_gives_up_keeps_it_from_nobody(oracle: Oracle, shared: Shared[int]) -> None:
    oracle.is_free.clear()
    first, second = (asyncio.create_task(shared.get()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    oracle.is_free.set()
    assert await second == 1


async def test_a_failure_is_told_to_all_and_not_kept() -> None:
    """Not for as long as an answer is: the next one who wants it asks again."""
    asked = 0

    async def fail() -> int:
        nonlocal asked
        asked += 1
        raise OSError

    shared = Shared(fail, 15 * SECOND, SECOND)
    for times in (1, 2):
        got = await asyncio.gather(shared.get(), shared.get(), return_exceptions=True)
        assert [type(each) for each in got] == [OSError, OSError]
        assert asked == times
    await shared.close()


async def test_a_failure_that_nobody_waited_for_is_no_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A database that hangs and then fails would write one with each look at it."""
    is_over = asyncio.Event()

    async def fail_late() -> int:
        await is_over.wait()
        raise OSError

    shared = Shared(fail_late, 15 * SECOND, SECOND / 50)
    with pytest.raises(TimeoutError):
        await shared.get()
    is_over.set()
    await asyncio.sleep(0.01)
    with pytest.raises(OSError):  # noqa: PT011 - of the next one, who waited for it
        await Shared(fail_late, 15 * SECOND, SECOND).get()
    del shared
    gc.collect()
    assert not caplog.records


async def test_at_the_end_nothing_is_asked_for_any_more(oracle: Oracle, shared: Shared[int]) -> None:
    oracle.is_free.clear()
    waiting = asyncio.create_task(shared.get())
    await asyncio.sleep(0)
    await shared.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
