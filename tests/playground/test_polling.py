"""Long polling: order, confirmation, waiting, and one poll at a time."""

from __future__ import annotations

import asyncio
import time

from bot.playground.encoded import as_json
from bot.playground.updates import MAX_PENDING, Updates
from tests.playground.conftest import BotSide, People, Pressable


async def test_updates_wait_until_they_are_confirmed(bot: BotSide, people: People) -> None:
    """Updates come in order and again, until an offset beyond them is asked for."""
    for text in "abc":
        await people.write(7, text)
    updates = await bot.call("getUpdates")
    assert [update["message"]["text"] for update in updates] == ["a", "b", "c"]
    assert await bot.call("getUpdates", limit=1) == updates[:1]
    assert await bot.call("getUpdates", offset=updates[1]["update_id"]) == updates[1:]
    assert await bot.call("getUpdates", offset=updates[2]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_last_ones(bot: BotSide, people: People) -> None:
    """-1 returns the last update and forgets those before it."""
    for text in "abc":
        await people.write(7, text)
    (last,) = await bot.call("getUpdates", offset=-1)
    assert last["message"]["text"] == "c"
    assert len(await bot.call("getUpdates")) == 1


async def test_a_poll_returns_as_soon_as_something_comes(bot: BotSide, people: People) -> None:
    """A waiting poll is woken by an update, long before its time is over."""
    began = time.perf_counter()
    polling = asyncio.create_task(bot.call("getUpdates", timeout=10))
    await asyncio.sleep(0.1)
    await people.write(7, "now")
    assert [update["message"]["text"] for update in await polling] == ["now"]
    assert time.perf_counter() - began < 5


async def test_a_poll_ends_empty_after_its_time(bot: BotSide) -> None:
    """Where nothing comes the answer is an empty list, not an error."""
    began = time.perf_counter()
    assert await bot.call("getUpdates", timeout=1) == []
    assert time.perf_counter() - began > 0.9


async def test_a_second_poll_ends_the_first(bot: BotSide, people: People) -> None:
    """The first of two polls gets 409, the second one the update."""
    first = asyncio.create_task(bot.ask("getUpdates", timeout=10))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot.call("getUpdates", timeout=10))
    conflict = (await first).json()
    await people.write(7, "x")
    assert len(await second) == 1
    assert conflict["error_code"] == 409
    assert conflict["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_kinds_of_updates_are_remembered(bot: BotSide, people: People, pressable: Pressable) -> None:
    """Only allowed kinds are queued, until others are named; an empty list is the default again."""
    here = {"message_id": pressable.message_id}
    await bot.call("getUpdates", allowed_updates=["message_reaction"])
    await people.write(7, "unwanted")
    await people.act(7, "reactions", emoji="👍", **here)
    await people.act(7, "reactions", emoji=None, **here)
    reactions = [update["message_reaction"] for update in await bot.updates()]
    thumb = [{"type": "emoji", "emoji": "👍"}]
    assert [(one["old_reaction"], one["new_reaction"]) for one in reactions] == [([], thumb), (thumb, [])]
    await bot.call("getUpdates", allowed_updates=[])
    await people.act(7, "reactions", emoji="👍", **here)
    await people.write(7, "wanted")
    assert [list(update)[1] for update in await bot.updates()] == ["message"]


async def test_deleting_a_webhook_that_is_not_set_works_and_can_drop_what_is_pending(
    bot: BotSide, people: People
) -> None:
    """As bots do before they begin to poll."""
    await people.write(7, "x")
    assert await bot.call("deleteWebhook")
    assert len(await bot.call("getUpdates")) == 1
    assert await bot.call("deleteWebhook", drop_pending_updates=True)
    assert await bot.call("getUpdates") == []


async def test_only_the_newest_updates_are_kept() -> None:
    """Where a bot never asks, the oldest updates go."""
    updates = Updates()
    for _ in range(MAX_PENDING + 1):
        updates.add("message", as_json({}))
    first, *_ = await updates.poll(0, 1, 0)
    assert (len(updates), first) == (MAX_PENDING, b'{"update_id":2,"message":{}}')


async def test_closed_queues_let_nobody_wait() -> None:
    """After the end a poll returns at once."""
    updates = Updates()
    polling = asyncio.create_task(updates.poll(0, 10, 60))
    await asyncio.sleep(0)
    updates.close()
    assert await polling == []
    assert await updates.poll(0, 10, 60) == []
