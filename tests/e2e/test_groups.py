from dataclasses import replace

import pytest
from town import BOT_ID, Chat, Json, Town, eventually

from recommender.rules import Rule, RuleKind
from recommender.values import Interest
from storage import history, interests, readers, rules, saved, votes
from storage.readers import Layout, Reader, ReaderState

GROUP, CHANNEL = -100500, -1001234567890


async def reader_at(town: Town, chat_id: int) -> Reader | None:
    async with town.bot.database.reading() as session:
        return await readers.get(session, chat_id)


async def wait_for_state(town: Town, chat_id: int, state: ReaderState) -> Reader:
    async def seen() -> Reader | None:
        reader = await reader_at(town, chat_id)
        return reader if reader and reader.state is state else None

    return await eventually(seen, f"reader {chat_id} being {state}")


async def greetings(chat: Chat) -> list[Json]:
    return await chat.from_bot("Hello, I am Paperboy") + await chat.from_bot("Good to be back")


async def test_a_group_that_takes_the_bot_in_is_greeted_once(town: Town) -> None:
    """Once, whatever role the bot gets there afterwards."""
    ada = town.chat(GROUP, user=1)
    await ada.do("add", title="Reading club")
    told = await ada.wait_for("Hello, I am Paperboy")
    assert "Administrators choose the hour with /settings" in told["text"]
    await town.chat(GROUP, user=BOT_ID).do("people", role="administrator")
    await ada.say("/rules")
    await ada.wait_for("no rules yet")
    assert len(await greetings(ada)) == 1


async def test_a_group_that_sent_the_bot_away_and_takes_it_back_keeps_all(town: Town) -> None:
    ada = town.chat(GROUP, user=1)
    await ada.say("/mute boats")
    await ada.wait_for("Muted")
    await ada.do("block")
    await wait_for_state(town, GROUP, ReaderState.BLOCKED)
    await ada.do("add")
    await ada.wait_for("Good to be back")
    await wait_for_state(town, GROUP, ReaderState.ACTIVE)
    await ada.say("/rules")
    await ada.wait_for("You have 1 rule")


async def test_a_private_chat_that_blocks_the_bot_gets_no_greeting(town: Town) -> None:
    await town.chat(7).say("/settings")
    await town.chat(7).wait_for("Settings")
    await town.chat(7).do("block")
    await wait_for_state(town, 7, ReaderState.BLOCKED)
    await town.chat(7).do("unblock")
    await town.chat(7).say("/rules")
    await town.chat(7).wait_for("no rules yet")
    assert not await greetings(town.chat(7))


async def test_a_group_that_becomes_a_supergroup_keeps_all(town: Town) -> None:
    """Votes, saved papers, rules, interests, what was sent, and the settings."""
    ada = town.chat(-500, user=1)
    await ada.say("/today")
    digest = await ada.wait_for("fresh off the press")
    await ada.press(digest, "👍 1")
    await ada.press(digest, "🔖")
    await ada.say("/mute bees")
    await ada.wait_for("Muted")
    async with town.bot.database.writing() as session:
        reader = await readers.get(session, -500)
        assert reader
        await readers.save(session, replace(reader, picks=5, topic_id=None, layout=Layout.CARDS))
        await interests.put(session, -500, [Interest(-3, "sailing")], town.clock())
    moved_to = (await ada.do("migrate"))["chat_id"]

    async def seen() -> Reader | None:
        return await reader_at(town, moved_to)

    moved = await eventually(seen, "the supergroup")
    assert (moved.picks, moved.layout) == (5, Layout.CARDS)
    assert await reader_at(town, -500) is None
    async with town.bot.database.reading() as session:
        assert len(await votes.of_chat(session, moved_to)) == 1
        assert await saved.count(session, moved_to) == 1
        assert [kept.rule for kept in await rules.of_chat(session, moved_to)] == [Rule(RuleKind.MUTE, "bees")]
        assert [each.phrase for each in await interests.of_chat(session, moved_to)] == ["sailing"]
        assert await history.count(session, moved_to) == 3


async def test_a_channel_that_makes_the_bot_administrator_is_a_reader(town: Town) -> None:
    """Its papers come as cards; whoever added the bot is told how, and the audience hears nothing of it."""
    await town.chat(1).say("/rules")
    await town.chat(1).wait_for("no rules yet")
    channel = town.chat(CHANNEL, user=1)
    await channel.do("add", title="Boats & bees", kind="channel")
    told = await town.chat(1).wait_for("I am an administrator of Boats & bees now")
    assert "Post /settings in the channel" in told["text"]
    reader = await wait_for_state(town, CHANNEL, ReaderState.ACTIVE)
    assert (reader.kind, reader.layout) == ("channel", Layout.CARDS)
    assert await channel.messages() == []


async def test_a_channel_is_set_up_and_asks_by_posts(town: Town) -> None:
    channel = town.chat(CHANNEL, user=1)
    await channel.do("add", kind="channel")
    await channel.say("/settings")
    await channel.wait_for("Settings")
    await channel.say("/today")
    await channel.wait_for("First thoughts on boats")
    await channel.say("/mute bees")
    await channel.wait_for("Muted: papers that mention bees")


async def test_a_stranger_may_add_the_bot_to_a_channel(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """They never wrote to the bot, so it cannot tell them how to go on: that is no fault."""
    channel = town.chat(CHANNEL, user=99)
    await channel.do("add", kind="channel")
    await channel.say("/rules")
    await channel.wait_for("no rules yet")
    assert await wait_for_state(town, CHANNEL, ReaderState.ACTIVE)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("command", ["/mute boats", "/settings"])
async def test_an_anonymous_administrator_sets_a_group_up(town: Town, command: str) -> None:
    ada = town.chat(GROUP, user=1)
    await ada.do("add")
    await ada.wait_for("Hello, I am Paperboy")
    await ada.do("people", role="creator", anonymous=True)
    await ada.say(command)
    await ada.wait_for("Muted" if "mute" in command else "Settings")
