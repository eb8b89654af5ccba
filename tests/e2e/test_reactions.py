from dataclasses import replace

import pytest
from town import BOT_ID, Chat, Json, Town, eventually

from storage import readers, votes
from storage.readers import Layout

CHANNEL, GROUP = -1001234567890, -100500


async def card_in(town: Town, chat: Chat) -> Json:
    """Have papers come as cards, and take the one on top."""
    await chat.say("/settings")
    await chat.wait_for("Settings")
    async with town.bot.database.writing() as session:
        reader = await readers.get(session, chat.id)
        assert reader
        await readers.save(session, replace(reader, layout=Layout.CARDS))
    await chat.say("/today")
    return await chat.wait_for("First thoughts on boats")


async def wait_for_votes(town: Town, chat_id: int, ups: int = 0, downs: int = 0) -> None:
    """Wait until a chat has so many votes."""

    async def seen() -> bool | None:
        async with town.bot.database.reading() as session:
            cast = [vote.up for vote in await votes.of_chat(session, chat_id)]
        return (cast.count(True), cast.count(False)) == (ups, downs) or None

    await eventually(seen, f"{ups} ups and {downs} downs in chat {chat_id}")


async def settle(chat: Chat) -> None:
    """Wait until the bot has handled what came before."""
    count = len(await chat.from_bot("rules yet"))
    await chat.say("/rules")
    await chat.wait_for("rules yet", count + 1)


async def test_a_reaction_to_a_card_is_a_vote_that_follows_it(town: Town) -> None:
    """Added, changed and taken back, and each time seen on the buttons."""
    chat = town.chat()
    card = await card_in(town, chat)
    await chat.react(card, "🔥")
    await chat.wait_for_label(card, "✅ 👍")
    await chat.react(card, "👎")
    await chat.wait_for_label(card, "✅ 👎")
    await chat.react(card, None)
    await chat.wait_for_label(card, "👎")
    await wait_for_votes(town, 7)


async def test_a_reaction_that_says_nothing_leaves_a_vote_alone(town: Town) -> None:
    chat = town.chat()
    card = await card_in(town, chat)
    await chat.press(card, "👍")
    await chat.react(card, "🤔")
    await chat.react(card, None)
    await settle(chat)
    await wait_for_votes(town, 7, ups=1)


async def test_a_reaction_taken_back_leaves_the_vote_that_a_button_changed_since(town: Town) -> None:
    chat = town.chat()
    card = await card_in(town, chat)
    await chat.react(card, "👍")
    await chat.wait_for_label(card, "✅ 👍")
    await chat.press(card, "👎")
    await chat.react(card, None)
    await settle(chat)
    await wait_for_votes(town, 7, downs=1)


@pytest.mark.parametrize(("emoji", "ups"), [("❤", 1), ("❤\u200d🔥", 1), ("👏", 1), ("💩", 0)])
async def test_hearts_and_flames_speak_for_a_paper_and_others_against(
    town: Town, emoji: str, ups: int
) -> None:
    chat = town.chat()
    await chat.react(await card_in(town, chat), emoji)
    await wait_for_votes(town, 7, ups, 1 - ups)


async def test_a_reaction_to_a_list_is_nobody_s_vote(town: Town) -> None:
    """It does not say on which of its papers; nor is one to any other message a vote."""
    chat = town.chat()
    await chat.say("/today")
    await chat.react(await chat.wait_for("fresh off the press"), "👍")
    await chat.say("/rules")
    await chat.react(await chat.wait_for("no rules yet"), "👍")
    await settle(chat)
    await wait_for_votes(town, 7)


async def test_in_a_group_each_member_s_reaction_is_their_own_vote(town: Town) -> None:
    ada, bo = town.chat(GROUP, user=1), town.chat(GROUP, user=2)
    card = await card_in(town, ada)
    await town.chat(GROUP, user=BOT_ID).do("people", role="administrator")
    await ada.react(card, "👍")
    await bo.react(card, "❤")
    await ada.wait_for_label(card, "👍 · 2")
    await bo.react(card, "👎")
    await ada.wait_for_label(card, "👎 · 1")
    await wait_for_votes(town, GROUP, ups=1, downs=1)


async def test_the_audience_of_a_channel_has_one_vote(town: Town) -> None:
    """It follows what most reactions say, and is none while they are even."""
    channel = town.chat(CHANNEL, user=1)
    await channel.do("add", kind="channel")
    await channel.say("/today")
    card = await channel.wait_for("First thoughts on boats")
    await channel.react(card, "👍")
    await channel.wait_for_label(card, "👍 · 1")
    await town.chat(CHANNEL, user=2).react(card, "👎")
    await wait_for_votes(town, CHANNEL)
    await town.chat(CHANNEL, user=3).react(card, "💩")
    await channel.wait_for_label(card, "👎 · 1")
    await wait_for_votes(town, CHANNEL, downs=1)
