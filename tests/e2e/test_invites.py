from collections.abc import AsyncIterator

import pytest
from telegram.ext import CommandHandler
from town import Town, buttons

from storage import readers
from storage.readers import Reader

OWNER, READER, STRANGER, GROUP, CHANNEL = 1, 7, 9, -100500, -1001234567890
KIND = "This Paperboy brings papers to invited readers only."


@pytest.fixture
async def closed(asleep: Town) -> AsyncIterator[Town]:
    """A town whose bot is invite-only, with an owner and one reader from before."""
    asleep.settings = asleep.settings.model_copy(update={"admin_ids": (OWNER,), "invite_only": True})
    async with asleep.bot_awake() as paperboy:
        async with paperboy.database.writing() as session:
            await readers.subscribe(session, READER, "private", asleep.clock())
        yield asleep


async def reader_at(town: Town, chat_id: int) -> Reader | None:
    async with town.bot.database.reading() as session:
        return await readers.get(session, chat_id)


async def invite(town: Town, uses: str = "") -> str:
    """Have the owner make an invitation; give its code."""
    owner = town.chat(OWNER)
    known = len(await owner.from_bot("An invitation"))
    await owner.say(f"/admin invite {uses}")
    told = await owner.wait_for("An invitation", known + 1)
    return told["text"].split("?start=")[1].split()[0]


async def test_no_command_passes_a_stranger(closed: Town) -> None:
    """Nor does a text: each is met by one kind sentence, and nothing is kept."""
    handlers = [each for group in closed.bot.application.handlers.values() for each in group]
    names = sorted({name for each in handlers if isinstance(each, CommandHandler) for name in each.commands})
    assert {"start", "today", "admin", "mute", "forget"} <= set(names)
    stranger = closed.chat(STRANGER)
    said = [*(f"/{name}" for name in names), "/start wrong-code", "hello", "/nonsense"]
    for count, text in enumerate(said, start=1):
        closed.clock.pass_by(seconds=10)  # it is no flood
        await stranger.say(text)
        await stranger.wait_for(KIND, count)
    assert len(await stranger.from_bot()) == len(said)
    assert await reader_at(closed, STRANGER) is None


@pytest.mark.parametrize("data", ["set:hour:8", "vote:1:0:up", "rule:undo:1", "admin:refresh", "nonsense"])
async def test_no_button_passes_a_stranger(closed: Town, data: str) -> None:
    stranger = closed.chat(STRANGER)
    await stranger.say("hello")
    await stranger.wait_for(KIND)
    forged = await closed.forge_button(STRANGER, data)
    assert KIND in (await stranger.press_data(forged, data))["text"]
    assert await reader_at(closed, STRANGER) is None


async def test_readers_from_before_and_the_owner_stay(closed: Town) -> None:
    for chat_id in (READER, OWNER):
        await closed.chat(chat_id).say("/settings")
        await closed.chat(chat_id).wait_for("Settings")


async def test_a_code_lets_in_as_many_chats_as_it_says(closed: Town) -> None:
    code = await invite(closed, "2")
    for chat_id in (20, 21):
        await closed.chat(chat_id).say(f"/start {code}")
        await closed.chat(chat_id).say("/rules")
        await closed.chat(chat_id).wait_for("no rules yet")
    await closed.chat(22).say(f"/start {code}")
    await closed.chat(22).wait_for(KIND)
    assert await reader_at(closed, 22) is None


async def test_whom_a_code_let_in_uses_up_no_other(closed: Town) -> None:
    first, second = await invite(closed), await invite(closed)
    await closed.chat(20).say(f"/start {first}")
    await closed.chat(20).say(f"/start {second}")
    await closed.chat(21).say(f"/start {second}")
    await closed.chat(21).say("/rules")
    await closed.chat(21).wait_for("no rules yet")


async def test_codes_cannot_be_guessed(closed: Town) -> None:
    """16 signs of 64 each are 96 bits."""
    codes = {await invite(closed) for _ in range(5)}
    assert len(codes) == 5
    assert {len(code) for code in codes} == {16}


@pytest.mark.parametrize("uses", ["0", "1001", "many", "-1", "1 2", "²", f"{1:09}{0:020}"])
async def test_a_wrong_number_of_uses_is_refused(closed: Town, uses: str) -> None:
    await closed.chat(OWNER).say(f"/admin invite {uses}")
    await closed.chat(OWNER).wait_for("Send a number from 1 to 1,000")


async def test_an_invitation_is_listed_and_revoked(closed: Town) -> None:
    """Also by a button of long ago, and a second press says that it is done."""
    owner, code = closed.chat(OWNER), await invite(closed, "3")
    await owner.say("/admin invites")
    listed = await owner.wait_for("1 invitation is open")
    assert f"{code}: 3 left" in listed["text"]
    revoke = next(b["callback_data"] for b in buttons(listed) if "Revoke" in b["text"])
    assert "nobody any more" in (await owner.press_data(listed["message_id"], revoke))["text"]
    await owner.wait_for("No invitation is open.")
    forged = await closed.forge_button(OWNER, revoke)
    assert "before" in (await owner.press_data(forged, revoke))["text"]
    await closed.chat(20).say(f"/start {code}")
    await closed.chat(20).wait_for(KIND)


async def test_the_talk_of_a_group_that_is_not_let_in_is_not_answered(closed: Town) -> None:
    group = closed.chat(GROUP, user=STRANGER)
    await group.do("add")
    for text in ("hello", "/start@another_bot", "see /today"):
        await group.say(text)
    await group.say("/today")
    await closed.chat(GROUP, user=OWNER).say("/rules")
    await group.wait_for("no rules yet")
    assert [KIND in message["text"] for message in await group.from_bot()] == [True, False]
    assert await reader_at(closed, GROUP) is None


async def test_a_code_lets_in_a_group(closed: Town) -> None:
    """As Telegram's link for groups sends it, with the bot's name."""
    code, group = await invite(closed), closed.chat(GROUP, user=STRANGER)
    await group.do("add")
    name = closed.bot.application.bot.username
    await group.say(f"/start@{name} {code}")
    await group.say("/rules")
    await group.wait_for("no rules yet")


@pytest.mark.parametrize("person", [READER, OWNER])
@pytest.mark.parametrize(("chat_id", "kind"), [(GROUP, None), (CHANNEL, "channel")])
async def test_a_reader_or_the_owner_lets_in_the_groups_that_they_add(
    closed: Town, person: int, chat_id: int, kind: str | None
) -> None:
    await closed.chat(chat_id, user=person).do("add", kind=kind)
    stranger = closed.chat(chat_id, user=STRANGER if kind is None else person)
    await stranger.say("/rules")
    await stranger.wait_for("no rules yet")


async def test_without_invite_only_nobody_is_sent_away(town: Town) -> None:
    await town.chat(STRANGER).say("/settings")
    await town.chat(STRANGER).wait_for("Settings")
