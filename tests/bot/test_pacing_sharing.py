"""The pace that processes share: held turns, another machine's clock, and limiters on one bucket.

Time is moved by hand but where a real database is asked.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hand_clock import HandClock, breathe
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter, TelegramError

from bot.pacing.bucket import BucketError
from bot.pacing.foreign_clock import ForeignClock
from bot.pacing.held_turn import ALONE, HeldTurn
from bot.pacing.limiter import Limiter
from bot.pacing.limits import NO_LIMITS, Limits, Urgency
from storage.paces import Drawn, NoTurn, Pace, Turn

ANSWER, PUSH = Urgency.ANSWER, Urgency.PUSH
AHEAD_OF_US = 1_700_000_000.0  # seconds that the bucket's clock is ahead of the processes'


@dataclass
class Pail:
    """A bucket in memory, by the rules of the one in the database; its clock is another one."""

    clock: HandClock
    line: float = 0.0
    taken: int = 0
    silent_until: float = 0.0
    free_at: dict[int, float] = field(default_factory=dict)
    asked: list[float | None] = field(default_factory=list)
    failure: Exception | None = None
    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.is_open.set()

    async def draw(self, pace: Pace, ahead: float | None) -> Drawn:
        self.asked.append(ahead)
        await self.is_open.wait()
        if self.failure:
            raise self.failure
        now, place = self.clock.time() + AHEAD_OF_US, self.taken % pace.places
        if self.silent_until > now:
            return NoTurn(now, self.silent_until, is_silence=True)
        at = max(now, self.line, self.free_at.get(place, 0.0))
        if ahead is not None and at > now + ahead:
            return NoTurn(now, at - ahead, is_silence=False)
        self.line = max(self.line, now) + pace.gap
        self.taken += 1
        return Turn(now, at, place)

    async def note_use(self, place: int, free_at: float) -> None:
        self.free_at[place] = max(free_at, self.free_at.get(place, 0.0))

    async def be_silent(self, seconds: float) -> None:
        self.silent_until = max(self.silent_until, self.clock.time() + AHEAD_OF_US + seconds)


@dataclass
class Town:
    """Processes that send for one bot, and when each of their messages left."""

    clock: HandClock
    pail: Pail
    limiters: list[Limiter] = field(default_factory=list)
    left: list[tuple[float, int]] = field(default_factory=list)
    refusals: dict[int, TelegramError] = field(default_factory=dict)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    def settle(self, limits: Limits | None = None) -> Limiter:
        """Have one more process."""
        self.limiters.append(Limiter(limits or Limits(), self.clock, self.pail))
        return self.limiters[-1]

    def send(self, limiter: Limiter, chat: int, urgency: Urgency = ANSWER) -> asyncio.Task[Any]:
        """Begin a message."""
        call = limiter.process_request(self._take, (chat,), {}, "sendMessage", {"chat_id": chat}, urgency)
        self.tasks.append(asyncio.create_task(call))
        return self.tasks[-1]

    def times(self, chats: Callable[[int], bool] = lambda _: True) -> list[float]:
        """Tell when the messages to some chats left, in seconds from the start."""
        return [when for when, chat in self.left if chats(chat)]

    async def _take(self, chat: int) -> bool:
        self.left.append((round(self.clock.now - HandClock().now, 6), chat))
        await asyncio.sleep(0)
        if refusal := self.refusals.pop(chat, None):
            raise refusal
        return True


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    clock = HandClock()
    town = Town(clock, Pail(clock))
    yield town
    for task in town.tasks:
        task.cancel()
    await asyncio.gather(*town.tasks, return_exceptions=True)
    for limiter in town.limiters:
        await limiter.shutdown()
    assert clock.alarms == []


async def test_processes_together_keep_within_the_limit_of_one(town: Town) -> None:
    """Four that push all they can: 30 a second within 2 %, evenly, and in no second more."""
    for number in range(4):
        process = town.settle()
        for chat in range(200):
            town.send(process, 1000 * number + chat + 1, PUSH)
    await town.clock.pass_by(20)
    times = town.times()
    assert 29.4 <= (len(times) - 1) / (times[-1] - times[0]) <= 30
    assert all(later - earlier > 1 for earlier, later in zip(times, times[30:], strict=False))
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) < 0.034


async def test_each_process_gets_its_share(town: Town) -> None:
    """However many there are, none is kept from pushing by the others."""
    for number in range(8):
        process = town.settle()
        for chat in range(100):
            town.send(process, 1000 * number + chat + 1, PUSH)
    await town.clock.pass_by(16)
    shares = Counter(chat // 1000 for _, chat in town.left).values()
    assert len(shares) == 8
    assert min(shares) > max(shares) / 2


async def test_an_answer_of_an_idle_bot_costs_one_question(town: Town) -> None:
    """It goes as soon as that is answered, and nothing is asked when nobody waits."""
    process = town.settle()
    town.send(process, 7)
    await breathe()
    assert town.times() == [0.0]
    await town.clock.pass_by(5)
    assert town.pail.asked == [None]


async def test_an_answer_goes_before_what_others_push(town: Town) -> None:
    """Beside four processes that push thousands, it waits for a few turns."""
    for number in range(4):
        process = town.settle()
        for chat in range(300):
            town.send(process, 1000 * number + chat + 1, PUSH)
    await town.clock.pass_by(2)
    town.send(town.settle(), 9_999)
    await town.clock.pass_by(1)
    assert town.times(lambda chat: chat == 9_999)[0] - 2 < 0.15


async def test_a_push_asks_for_nothing_far_ahead(town: Town) -> None:
    """Only an answer takes whatever turn comes next."""
    process = town.settle()
    town.send(process, 1, PUSH)
    await town.clock.pass_by(1)
    town.send(process, 2)
    await town.clock.pass_by(1)
    near, far = town.pail.asked
    assert near == pytest.approx(3 * 1.002 / 30)
    assert far is None


async def test_a_push_that_answers_never_let_through_goes_all_the_same(town: Town) -> None:
    """After its patience it asks as answers do, though others answer without end."""
    for number in range(6):
        process = town.settle()
        for chat in range(300):
            town.send(process, 1000 * number + chat + 1)
    pushing = town.settle()
    town.send(pushing, 9_999, PUSH)
    await town.clock.pass_by(2)
    assert town.times(lambda chat: chat == 9_999)


async def test_a_turn_that_nobody_wanted_any_more_bursts_out_never(town: Town) -> None:
    """What a process was given and did not use is not there later."""
    processes = [town.settle() for _ in range(4)]
    for process in processes:
        town.send(process, 1)
        town.send(process, 2, PUSH)
    await breathe()
    for task in town.tasks:
        task.cancel()
    await town.clock.pass_by(60)
    begun = len(town.left)
    for number, process in enumerate(processes):
        town.send(process, 100 + number)
    await town.clock.pass_by(1)
    times = town.times()[begun:]
    assert [later - earlier for earlier, later in itertools.pairwise(times)] == pytest.approx(
        [1.002 / 30] * 3
    )


async def test_a_silence_is_everybodys(town: Town) -> None:
    """Two chats flood one process: another one's push is sent away, its answer waits; both say so."""
    one, other = town.settle(), town.settle()
    town.refusals = {1: RetryAfter(40), 2: RetryAfter(30)}
    town.send(one, 1, PUSH)
    await town.clock.pass_by(0.1)
    town.send(one, 2, PUSH)
    await town.clock.pass_by(0.1)
    push, answer = town.send(other, 3, PUSH), town.send(other, 4)
    await town.clock.pass_by(1)
    assert isinstance(push.exception(), RetryAfter)
    assert not answer.done()
    assert one.pause == pytest.approx(other.pause, abs=timedelta(seconds=0.1))
    assert timedelta(seconds=28) < other.pause < timedelta(seconds=30)
    await town.clock.pass_by(30)
    assert answer.result() is True


async def test_a_chats_own_pause_is_told_to_nobody(town: Town) -> None:
    one, other = town.settle(), town.settle()
    town.refusals = {1: RetryAfter(40)}
    town.send(one, 1, PUSH)
    await town.clock.pass_by(0.1)
    push = town.send(other, 3, PUSH)
    await town.clock.pass_by(0.1)
    assert push.result() is True


@pytest.mark.parametrize("failure", [BucketError("The database is gone."), ValueError("a bug")])
async def test_without_an_answer_it_goes_on_slowly(
    town: Town, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A message a second, whatever the failure, said once; at full pace again when there is an answer."""
    town.pail.failure = failure
    process = town.settle()
    for chat in range(1, 60):
        town.send(process, chat, PUSH)
    with caplog.at_level(logging.WARNING):
        await town.clock.pass_by(9.5)
    assert town.times() == pytest.approx([ALONE * number for number in range(10)])
    assert sum("a message a second" in record.getMessage() for record in caplog.records) == 1
    town.pail.failure = None
    await town.clock.pass_by(3)
    assert len(town.left) == 59


async def test_without_limits_nothing_is_asked(town: Town) -> None:
    process = town.settle(NO_LIMITS)
    for chat in range(1, 50):
        town.send(process, chat)
    await breathe()
    assert town.times() == [0.0] * 49
    assert town.pail.asked == []


async def test_an_end_does_not_wait_for_an_answer(town: Town) -> None:
    process = town.settle()
    town.pail.is_open.clear()
    message = town.send(process, 1)
    await breathe()
    async with asyncio.timeout(5):
        await process.shutdown()
    assert not message.done()


async def hold_unused(town: Town, process: Limiter) -> None:
    """Have a process hold a turn, for somebody who gave up meanwhile."""
    town.pail.is_open.clear()
    unwanted = town.send(process, 999)
    await breathe()
    unwanted.cancel()
    town.pail.is_open.set()
    await breathe()


async def test_a_turn_that_is_held_is_for_nobody_whose_chat_has_to_wait(town: Town) -> None:
    """Telegram asked for patience in a chat: an answer there waits, though the process may send."""
    process = town.settle()
    town.refusals = {1: RetryAfter(5)}
    town.send(process, 1, PUSH)
    await town.clock.pass_by(0.5)
    await hold_unused(town, process)
    town.send(process, 1)
    await town.clock.pass_by(4)
    assert len(town.times()) == 1
    await town.clock.pass_by(1)
    assert len(town.times()) == 2


async def test_a_turn_that_was_used_late_keeps_its_place_for_longer(town: Town) -> None:
    """Others count the second from when it was used, and not from when it was given."""
    process = town.settle()
    await hold_unused(town, process)
    await town.clock.pass_by(0.05)
    town.send(process, 1)
    await town.clock.pass_by(0.001)
    (left,) = town.times()
    assert left == pytest.approx(0.05)
    free_in = town.pail.free_at[0] - AHEAD_OF_US - town.clock.time()
    assert free_in == pytest.approx(1.001, abs=1e-4)


async def test_a_request_that_landed_late_keeps_its_place_for_longer(town: Town) -> None:
    """Telegram counts it when it arrives: what it took longer than others is told, too."""
    process = town.settle()
    town.send(process, 1)
    await town.clock.pass_by(1)
    arrived = asyncio.Event()

    async def travel() -> bool:
        await arrived.wait()
        return True

    town.tasks.append(
        asyncio.create_task(process.process_request(travel, (), {}, "sendMessage", {"chat_id": 2}, ANSWER))
    )
    await breathe()
    told_at_first = town.pail.free_at[1]
    await town.clock.pass_by(0.04)
    arrived.set()
    await breathe()
    assert town.pail.free_at[1] - told_at_first == pytest.approx(0.04, abs=1e-3)


@given(
    lateness=st.lists(st.floats(0, 0.09), min_size=100, max_size=300),
    whose=st.lists(st.integers(0, 3), min_size=5, max_size=20),
)
def test_no_second_holds_too_many_however_late_turns_are_used(
    lateness: list[float], whose: list[int]
) -> None:
    """Whoever takes them: turns that are used up to three too late leave no window of a second with 31."""
    turns = [HeldTurn(30) for _ in range(4)]
    free_at: dict[int, float] = {}
    line, used = 0.0, []
    for number, (late, who) in enumerate(zip(lateness, itertools.cycle(whose), strict=False)):
        held, place = turns[who], number % 30
        at = max(line, free_at.get(place, 0.0))
        line += held.pace.gap
        held.give(at, place, at - 0.01)
        assert held.take(at + late)
        free_at[place] = at + late + held.pace.span
        used.append(at + late)
    used.sort()
    assert all(later - earlier > 1 for earlier, later in zip(used, used[30:], strict=False))


def test_a_turn_is_used_once_and_in_time() -> None:
    held = HeldTurn(30)
    held.give(10.0, 0, 9.9)
    assert not held.take(9.99)
    assert held.ready_at(9.99) == 10.0
    assert held.take(10.05)
    assert not held.take(10.06)
    held.give(20.0, 1, 19.9)
    assert held.ready_at(20.2) is None
    assert not held.take(20.2)


def test_a_turn_that_was_heard_of_late_is_used_all_the_same() -> None:
    """From so far that the answer comes a tenth of a second after the turn, an idle bot still answers."""
    held = HeldTurn(30)
    held.give(10.0, 0, 10.15)
    assert held.take(10.16)


@given(
    apart=st.floats(-1e6, 1e6),
    trips=st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=50),
)
def test_another_clock_is_told_as_well_as_the_quickest_answer_allows(
    apart: float, trips: list[tuple[float, float]]
) -> None:
    """Half of its trip at most, however slow and lopsided the others were."""
    there, now = ForeignClock(), 0.0
    for out, back in trips:
        there.learn(now + out + apart, now, now + out + back)
        now += out + back + 0.1
    quickest = min(out + back for out, back in trips[-32:])
    assert there.to_own(apart) == pytest.approx(0, abs=quickest / 2 + 1e-6)
    assert there.to_theirs(there.to_own(5.0)) == pytest.approx(5.0)


def test_a_clock_that_was_set_is_believed_at_once() -> None:
    """What was known before, though by quicker answers, counts for nothing."""
    there = ForeignClock()
    learn = partial(there.learn)
    learn(1000.0, 0.0, 0.001)
    learn(4601.0, 1.0, 1.2)
    assert there.to_own(4600.0) == pytest.approx(0.1)
