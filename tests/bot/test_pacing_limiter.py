"""The limiter as python-telegram-bot meets it: who goes at once, who waits, who is sent away.

Time is moved by hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hand_clock import HandClock, breathe
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.pacing.asked_pause import pause_asked
from bot.pacing.limiter import Limiter
from bot.pacing.limits import NO_LIMITS, Limits, Urgency

ANSWER, PUSH = Urgency.ANSWER, Urgency.PUSH


@dataclass
class Desk:
    """A limiter, and a Telegram behind it that takes every message but those it was told to refuse."""

    clock: HandClock
    limiter: Limiter
    asked: list[tuple[float, str, Any]] = field(default_factory=list)
    refusals: dict[Any, list[TelegramError]] = field(default_factory=dict)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    def send(
        self, chat: Any = None, urgency: Urgency | None = None, method: str = "sendMessage", **data: Any
    ) -> asyncio.Task[Any]:
        """Begin a request."""
        if chat is not None:
            data["chat_id"] = chat
        call = self.limiter.process_request(self._answer, (method, chat), {}, method, data, urgency)
        self.tasks.append(asyncio.create_task(call))
        return self.tasks[-1]

    def refuse(self, whom: Any, *errors: TelegramError) -> None:
        """Have the next requests into a chat, or by a method, refused."""
        self.refusals.setdefault(whom, []).extend(errors)

    def times(self, chat: Any) -> list[float]:
        """Tell when Telegram was asked to write into a chat, in seconds from the start."""
        return [when for when, _, asked in self.asked if asked == chat]

    async def _answer(self, method: str, chat: Any) -> bool:
        self.asked.append((round(self.clock.now - HandClock().now, 6), method, chat))
        await asyncio.sleep(0)
        if refusals := self.refusals.get(chat if chat is not None else method):
            raise refusals.pop(0)
        return True


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Open a desk with Telegram's limits."""
    clock = HandClock()
    desk = Desk(clock, Limiter(Limits(), clock))
    await desk.limiter.initialize()
    yield desk
    for task in desk.tasks:
        task.cancel()
    await asyncio.gather(*desk.tasks, return_exceptions=True)
    await desk.limiter.shutdown()
    assert clock.alarms == []


def refused_for(task: asyncio.Task[Any]) -> float:
    """Tell the pause that a request was turned down with."""
    error = task.exception()
    assert isinstance(error, RetryAfter)
    return pause_asked(error).total_seconds()


async def test_a_quick_tapper_waits_for_nothing(desk: Desk) -> None:
    """Five answers in a row go within a fifth of a second, the sixth when a second is over."""
    for _ in range(6):
        desk.send(7)
    await desk.clock.pass_by(10)
    assert desk.times(7)[4] < 0.2
    assert desk.times(7)[5] == pytest.approx(1.05, abs=0.04)


async def test_what_is_no_message_is_not_counted(desk: Desk) -> None:
    """Answers to presses, actions, files and the bot's own affairs go at once, however many."""
    for method in ("answerCallbackQuery", "getFile", "setMyCommands"):
        for _ in range(50):
            desk.send(method=method)
    for _ in range(50):
        desk.send(7, method="sendChatAction")
    await breathe()
    assert [when for when, *_ in desk.asked] == [0.0] * 200


@pytest.mark.parametrize("chat", ["7", 7])
async def test_an_id_is_the_same_chat_as_text_and_as_number(desk: Desk, chat: Any) -> None:
    """A pause of chat 7 concerns chat "7"."""
    desk.refuse(7, RetryAfter(5))
    desk.send(7)
    await breathe()
    late = desk.send(chat, PUSH)
    await breathe()
    assert refused_for(late) == 5


async def test_a_push_is_told_at_once_how_long_its_chat_pauses(desk: Desk) -> None:
    """The refused push learns the pause, a later one what is left of it; Telegram is asked once."""
    desk.refuse(7, RetryAfter(30))
    first = desk.send(7, PUSH)
    await desk.clock.pass_by(12)
    second = desk.send(7, PUSH)
    await breathe()
    assert [refused_for(first), refused_for(second)] == pytest.approx([30, 18])
    assert len(desk.asked) == 1


async def test_a_push_that_waits_is_told_too(desk: Desk) -> None:
    """When a pause begins, those who stand in line for the chat are sent away; others stay."""
    desk.refuse(7, RetryAfter(30))
    refused, waiting, other = desk.send(7, PUSH), desk.send(7, PUSH), desk.send(8, PUSH)
    await desk.clock.pass_by(1)
    assert (refused_for(refused), refused_for(waiting)) == (30, 30)
    assert other.result() is True


async def test_an_answer_waits_for_exactly_the_pause(desk: Desk) -> None:
    """It is tried again when the pause is over, to the moment; other chats are written to meanwhile."""
    desk.refuse(7, RetryAfter(40))
    answer = desk.send(7)
    await desk.clock.pass_by(39.9)
    desk.send(8)
    await breathe()
    assert (desk.times(7), desk.times(8)) == ([0.0], [39.9])
    await desk.clock.pass_by(10)
    assert desk.times(7) == [0.0, 40.0]
    assert answer.result() is True


async def test_an_answer_is_tried_three_times(desk: Desk) -> None:
    """Two pauses are waited out; the third is told to whoever asked."""
    desk.refuse(7, RetryAfter(3), RetryAfter(4), RetryAfter(5))
    answer = desk.send(7)
    await desk.clock.pass_by(60)
    assert desk.times(7) == [0.0, 3.0, 7.0]
    assert refused_for(answer) == 5


async def test_an_answer_does_not_wait_longer_than_a_minute(desk: Desk) -> None:
    """Of a pause of an hour it is told at once, and so is an answer that waited in line behind it."""
    desk.refuse(7, RetryAfter(3600))
    answers = [desk.send(7), desk.send(7)]
    await desk.clock.pass_by(0.1)
    assert [round(refused_for(answer)) for answer in answers] == [3600, 3600]
    assert len(desk.asked) == 1


async def test_nothing_but_time_ends_a_pause(desk: Desk) -> None:
    """Requests that end well meanwhile release nobody, as they do in python-telegram-bot (its issue 5338)."""
    desk.refuse(7, RetryAfter(20))
    desk.send(7)
    desk.send(8)
    await desk.clock.pass_by(1)
    late = desk.send(7, PUSH)
    await breathe()
    assert refused_for(late) == pytest.approx(19)
    assert desk.times(8) != []


async def test_a_second_flood_silences_the_whole_bot(desk: Desk) -> None:
    """For as long as the second chat asks nothing is asked of Telegram, answers to presses neither."""
    desk.refuse(7, RetryAfter(3600))
    desk.refuse(8, RetryAfter(35))
    desk.send(7, PUSH)
    await desk.clock.pass_by(5)
    assert desk.limiter.pause == timedelta()
    desk.send(8, PUSH)
    await breathe()
    assert desk.limiter.pause == timedelta(seconds=35)
    pushed, answer, press = desk.send(9, PUSH), desk.send(9), desk.send(method="answerCallbackQuery")
    await desk.clock.pass_by(34.9)
    assert refused_for(pushed) == 35
    assert len(desk.asked) == 2
    await desk.clock.pass_by(0.2)
    assert desk.times(9) == [40.0]
    assert answer.result() is True
    assert press.result() is True
    assert desk.limiter.pause == timedelta()


async def test_a_silence_sends_away_whoever_stands_in_line(desk: Desk) -> None:
    """Pushes of any chat learn of it at once, so that the ledger can hold them; answers stay."""
    desk.refuse(1, RetryAfter(10))
    desk.refuse(2, RetryAfter(40))
    pushes, answer = [desk.send(chat, PUSH) for chat in (1, 2, 3, 4)], desk.send(1)
    await desk.clock.pass_by(0.1)
    assert [round(refused_for(push)) for push in pushes] == [10, 40, 40, 40]
    assert not answer.done()


async def test_one_chats_floods_silence_nobody_else(desk: Desk) -> None:
    """One chat flooded twice, or two one after the other, are no reason for the bot to be silent."""
    desk.refuse(7, RetryAfter(5), RetryAfter(5))
    desk.send(7)
    await desk.clock.pass_by(10.1)
    desk.refuse(8, RetryAfter(5))
    desk.send(8, PUSH)
    await desk.clock.pass_by(0.1)
    assert desk.times(7) == [0.0, 5.0, 10.0]
    assert desk.limiter.pause == timedelta()


async def test_an_answer_to_a_press_does_not_wait_for_its_chat(desk: Desk) -> None:
    """A chat's pause concerns what is written there."""
    desk.refuse(7, RetryAfter(40))
    desk.send(7, PUSH)
    await breathe()
    press = desk.send(method="answerCallbackQuery")
    await breathe()
    assert press.result() is True


async def test_a_flood_without_a_chat_concerns_its_method_alone(desk: Desk) -> None:
    """Where commands are set too often, commands wait, and nothing else."""
    desk.refuse("setMyCommands", RetryAfter(8))
    commands = desk.send(method="setMyCommands")
    await breathe()
    message, described = desk.send(7), desk.send(method="setMyDescription")
    await desk.clock.pass_by(7.9)
    assert message.result() is True
    assert described.result() is True
    assert not commands.done()
    await desk.clock.pass_by(0.2)
    assert commands.result() is True


async def test_a_cancelled_request_gives_its_turn_back(desk: Desk) -> None:
    """Whoever stood behind it goes when it would have gone, even if it had just been called."""
    tasks = [desk.send(chat, PUSH) for chat in (1, 2, 3)]
    await breathe()
    desk.clock.now += 0.04
    desk.clock.alarms[0].callback()  # calls the second, who is gone before it can answer
    tasks[1].cancel()
    await breathe()
    assert (desk.times(2), desk.times(3)) == ([], [0.04])


async def test_other_errors_are_the_callers(desk: Desk) -> None:
    """What is not flood control is raised as it is, and pauses nobody."""
    desk.refuse(7, BadRequest("Chat not found"))
    refused, next_one = desk.send(7), desk.send(7)
    await desk.clock.pass_by(1)
    assert isinstance(refused.exception(), BadRequest)
    assert next_one.result() is True


async def test_answers_pass_a_long_line_of_pushes(desk: Desk) -> None:
    """Beside five thousand pushes an answer goes within three turns; one turn in three stays with pushes."""
    for chat in range(1, 5001):
        desk.send(chat, PUSH)
    await desk.clock.pass_by(1)
    for chat in range(10_000, 10_030):
        desk.send(chat)
    await desk.clock.pass_by(1.6)
    answers = [when for when, _, chat in desk.asked if chat >= 10_000]
    pushes = [when for when, _, chat in desk.asked if chat < 10_000 and answers[0] <= when <= answers[-1]]
    assert answers[0] < 1.1
    assert len(answers) == 30
    assert len(pushes) in {14, 15}


async def test_without_limits_it_waits_for_nothing_but_pauses() -> None:
    """A hundred messages to one group go at once; after a flood it is silent all the same."""
    clock = HandClock()
    desk = Desk(clock, Limiter(NO_LIMITS, clock))
    await asyncio.gather(*(desk.send(-5) for _ in range(100)))
    assert desk.times(-5) == [0.0] * 100
    desk.refuse(-5, RetryAfter(9))
    push = desk.send(-5, PUSH)
    await breathe()
    again = desk.send(-5, PUSH)
    await breathe()
    assert (refused_for(push), refused_for(again)) == (9, 9)
