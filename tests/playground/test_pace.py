"""The bot's pace against the limits of a Telegram that counts for itself: real HTTP and the real clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram.ext import ExtBot

from bot.pacing.chat_pace import BURST
from bot.pacing.limiter import Limiter
from bot.pacing.limits import Limits, Urgency
from bot.playground import Playground
from tests.playground.conftest import People

READERS, TAPPER, GROUP = range(100, 150), 7, -5


@pytest.fixture
async def paced(playground: Playground) -> AsyncIterator[ExtBot[Urgency]]:
    """Return a started client that keeps Telegram's limits."""
    bot = ExtBot(
        "4711:test",
        base_url=playground.base_url,
        base_file_url=playground.base_file_url,
        rate_limiter=Limiter(Limits()),
    )
    async with bot:
        yield bot


async def test_telegram_never_has_to_ask_for_patience(paced: ExtBot[Urgency], people: People) -> None:
    """A digest for fifty readers, and somebody who taps fast meanwhile, alone and in a group: no 429."""
    for chat in (*READERS, TAPPER):
        await people.write(chat, "/start")
    await people.write(GROUP, "/start", user_id=3)
    limits = {"per_second": 30, "per_chat_second": BURST, "per_group_minute": 20}
    await people.client.post("/limits", json=limits)
    pushes = [paced.send_message(chat, "A digest", rate_limit_args=Urgency.PUSH) for chat in READERS]
    answers = [paced.send_message(chat, "Noted") for chat in (TAPPER, GROUP) for _ in range(BURST + 1)]
    await asyncio.gather(*pushes, *answers)
    log = (await people.client.get("/user/requests")).json()["requests"]
    statuses = [one["status"] for one in log if one["method"] == "sendmessage"]
    assert statuses == [200] * (len(pushes) + len(answers))
