"""A channel's audience sees the bot's buttons, and may do no more with them than vote."""

import pytest
from town import Chat, Json, Town, buttons

from storage import readers, votes

CHANNEL = -1001234567890


@pytest.fixture
async def post(town: Town) -> Json:
    """A paper in a channel that person 1 runs."""
    owner = town.chat(CHANNEL, user=1)
    await owner.do("add", kind="channel")
    await owner.say("/today")
    return await owner.wait_for("thoughts on", 3)


@pytest.fixture
def subscriber(town: Town) -> Chat:
    return town.chat(CHANNEL, user=55)


async def test_the_audience_votes(town: Town, post: Json, subscriber: Chat) -> None:
    answer = await subscriber.press(post, "👍")
    assert "Liked" in answer["text"]
    async with town.bot.database.reading() as session:
        assert [vote.up for vote in await votes.of_chat(session, CHANNEL)] == [True]


@pytest.mark.parametrize("data", ["set:picks:5", "paper:1:more", "start:step:file", "vote:1:0:save"])
async def test_nothing_else_is_the_audiences_to_press(
    town: Town, post: Json, subscriber: Chat, data: str
) -> None:
    """Neither settings, nor what would make the bot post in the channel."""
    forged = await town.forge_button(CHANNEL, data)
    posts = len(await subscriber.messages())
    answer = await subscriber.press_data(forged, data)
    assert "Only the administrators" in answer["text"]
    assert len(await subscriber.messages()) == posts
    async with town.bot.database.reading() as session:
        reader = await readers.get(session, CHANNEL)
        assert reader
        assert reader.picks == readers.Reader(chat_id=CHANNEL, kind="channel").picks


async def test_only_who_runs_a_channel_has_it_forgotten(town: Town, post: Json, subscriber: Chat) -> None:
    owner = town.chat(CHANNEL, user=1)
    await owner.say("/forget")
    asked = await owner.wait_for("Shall I delete all")
    data = buttons(asked)[0]["callback_data"]
    answer = await subscriber.press_data(asked["message_id"], data)
    assert "Only the administrators" in answer["text"]
    assert "Deleted" not in (await owner.from_bot())[-1]["text"]
    await owner.press_data(asked["message_id"], data)
    await owner.wait_for("Deleted")
