from __future__ import annotations

import asyncio
import logging

import pytest
from telegram.error import BadRequest

from bot.chat.redraws import AT_ONCE, Redraws
from storage.errors import StorageError


class Message:
    """A message whose edits wait until they are let go; each shows what is true when it begins."""

    def __init__(self) -> None:
        self.truth = 0
        self.shown: list[int] = []
        self.open = asyncio.Event()
        self.under_way = 0

    async def draw(self) -> None:
        self.under_way += 1
        truth = self.truth
        await self.open.wait()
        self.shown.append(truth)
        self.under_way -= 1


async def test_twenty_taps_cost_two_edits_and_the_last_shows_the_truth() -> None:
    message = Message()
    async with Redraws() as redraws:
        for tap in range(1, 21):
            message.truth = tap
            redraws.mark(7, 1, message.draw)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        message.open.set()
    assert message.shown == [1, 20]


async def test_chats_are_drawn_side_by_side_but_few_at_once() -> None:
    message = Message()
    async with Redraws() as redraws:
        for chat_id in range(3 * AT_ONCE):
            redraws.mark(chat_id, 1, message.draw)
        for _ in range(9):
            await asyncio.sleep(0)
        assert message.under_way == AT_ONCE
        message.open.set()
    assert len(message.shown) == 3 * AT_ONCE


async def test_a_chat_that_taps_more_than_its_pace_allows_keeps_nobody_waiting() -> None:
    """Its own messages are drawn one after the other, in the order of the taps."""
    slow, quick = Message(), Message()
    quick.open.set()
    async with Redraws() as redraws:
        for message_id in range(3 * AT_ONCE):
            redraws.mark(7, message_id, slow.draw)
        redraws.mark(8, 1, quick.draw)
        for _ in range(9):
            await asyncio.sleep(0)
        assert (slow.under_way, quick.shown) == (1, [0])
        slow.open.set()
    assert len(slow.shown) == 3 * AT_ONCE


@pytest.mark.parametrize("error", [BadRequest("no"), StorageError("locked"), KeyError("a bug")])
async def test_an_edit_that_fails_leaves_the_next_one_to_be_made(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise error

    message = Message()
    message.open.set()
    with caplog.at_level(logging.WARNING):
        async with Redraws() as redraws:
            redraws.mark(7, 1, fail)
            for _ in range(3):
                await asyncio.sleep(0)
            redraws.mark(7, 1, message.draw)
    assert message.shown == [0]
    assert "could not be redrawn" in caplog.text
