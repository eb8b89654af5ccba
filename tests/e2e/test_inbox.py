"""What was told to the bot is done, once, whatever happens between the telling and the doing."""

import logging

import pytest
from telegram import Update
from town import Json, Town, buttons, eventually

from bot.receiving.sieve import MOST_TRIES
from storage import inbox, votes
from storage.database import Database
from storage.inbox import KeptUpdate

ADA = 7


def data_of(message: Json, label: str) -> str:
    return next(str(b["callback_data"]) for b in buttons(message) if label in b["text"])


async def likes_of(town: Town, chat_id: int) -> int:
    async with town.bot.database.reading() as session:
        return sum(vote.up for vote in await votes.of_chat(session, chat_id))


def pressing(number: int, message: Json, data: str) -> Update:
    """Make a press as Telegram tells it, to be put where only a crash leaves one."""
    person = {"id": ADA, "is_bot": False, "first_name": "Ada"}
    chat = {"id": ADA, "type": "private", "first_name": "Ada"}
    shown = {"message_id": message["message_id"], "date": 1, "chat": chat, "text": "…"}
    query = {"id": str(number), "from": person, "message": shown, "chat_instance": "1", "data": data}
    return Update.de_json({"update_id": number, "callback_query": query})


async def leave_behind(town: Town, *updates: Update, tries: int = 0) -> None:
    """Leave updates in the inbox, as a bot does that is killed after it confirmed them."""
    database = Database(town.settings.database)
    told = [KeptUpdate(each.update_id, ADA, each.to_json(), town.clock()) for each in updates]
    async with database.writing() as session:
        await inbox.keep(session, told)
        for _ in range(tries):
            await inbox.count_try(session, [each.update_id for each in updates])
    await database.close()


async def is_empty(town: Town) -> bool | None:
    async with town.bot.database.reading() as session:
        return None if await inbox.waiting(session) else True


@pytest.fixture
async def left(asleep: Town) -> tuple[Town, Json]:
    """A town whose bot fell asleep after a first digest."""
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await asleep.chat().say("/today")
        return asleep, await asleep.chat().wait_for("fresh off the press")


async def test_a_press_that_was_confirmed_and_not_carried_out_counts_after_a_kill(
    left: tuple[Town, Json],
) -> None:
    town, digest = left
    await leave_behind(town, pressing(1001, digest, data_of(digest, "👍 1")))
    async with town.bot_awake():
        await town.chat().wait_for_label(digest, "✅ 👍 1")
        assert await likes_of(town, ADA) == 1
        await eventually(lambda: is_empty(town), "an empty inbox")


async def test_a_press_that_was_carried_out_before_the_kill_counts_once(left: tuple[Town, Json]) -> None:
    town, digest = left
    press = pressing(1001, digest, data_of(digest, "👍 1"))
    async with town.bot_awake(listening=False) as paperboy:
        await paperboy.application.process_update(press)
    await leave_behind(town, press)
    async with town.bot_awake():
        await eventually(lambda: is_empty(town), "an empty inbox")
        assert await likes_of(town, ADA) == 1


async def test_what_a_chat_left_behind_is_done_in_its_order(left: tuple[Town, Json]) -> None:
    """Up, up, down, as pressed, is a dislike; in any other order it is none."""
    town, digest = left
    pressed = [data_of(digest, label) for label in ("👍 1", "👍 1", "👎 1")]
    await leave_behind(town, *(pressing(1001 + n, digest, data) for n, data in enumerate(pressed)))
    async with town.bot_awake():
        await town.chat().wait_for_label(digest, "✅ 👎 1")


async def test_what_ended_the_process_again_and_again_is_not_tried_any_more(
    left: tuple[Town, Json], caplog: pytest.LogCaptureFixture
) -> None:
    """The log names its number and no word of it; another that stood beside it is carried out."""
    town, digest = left
    await leave_behind(town, pressing(1001, digest, data_of(digest, "👍 1")), tries=MOST_TRIES)
    await leave_behind(town, pressing(1002, digest, data_of(digest, "👍 2")), tries=MOST_TRIES - 1)
    async with town.bot_awake():
        await town.chat().wait_for_label(digest, "✅ 👍 2")
        await eventually(lambda: is_empty(town), "an empty inbox")
        assert await likes_of(town, ADA) == 1
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR] == [
        "update 1001 ended the process 10 times: it is set aside"
    ]
