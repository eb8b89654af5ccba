import asyncio

from telegram.ext import CommandHandler
from town import Chat, Json, Town, eventually

from bot.chat.desk import Desk
from bot.chat.stats import Stats
from bot.pictures.studio import Studio


async def photo_in(chat: Chat) -> Json:
    async def seen() -> Json | None:
        return next((m for m in reversed(await chat.messages()) if "photo" in m), None)

    return await eventually(seen, "a photo")


async def liked_digest(town: Town, chat: Chat, *labels: str) -> Json:
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    for label in labels:
        await chat.press(digest, label)
    return digest


async def test_stats_are_a_picture_and_the_same_in_words(town: Town) -> None:
    """After a few thumbs a photo comes, with a caption for whoever cannot see it; the chat shows work."""
    chat = town.chat()
    await liked_digest(town, chat, "👍 1", "👍 2", "👎 3")
    await chat.say("/stats")
    sent = await photo_in(chat)
    (size,) = sent["photo"]
    assert (size["width"], size["height"]) == (1000, 1280)
    assert sent["caption"].startswith("You like 2 papers")
    assert "you gave 2 👍 and 1 👎" in sent["caption"]
    assert "Trending: 2 of 3" in sent["caption"]
    actions = [request["parameters"]["action"] for request in await town.requests("sendChatAction")]
    assert actions[-1] == "upload_photo"


async def test_who_likes_nothing_yet_is_told_what_to_do(town: Town) -> None:
    """No picture without a like: before the first thumb, and where all thumbs went down."""
    chat = town.chat()
    await chat.say("/stats")
    await chat.wait_for("nothing to draw yet")
    await liked_digest(town, chat, "👎 1")
    await chat.say("/stats")
    await chat.wait_for("nothing to draw yet", 2)
    assert not any("photo" in message for message in await chat.messages())


async def test_nothing_of_another_chat_enters(town: Town) -> None:
    """What chat 7 likes is no part of the picture of chat 8."""
    await liked_digest(town, town.chat(7), "👍 1", "👍 2")
    await liked_digest(town, town.chat(8), "👍 3")
    await town.chat(8).say("/stats")
    caption = (await photo_in(town.chat(8)))["caption"]
    assert caption.startswith("You like 1 paper\n")
    assert "you gave 1 👍 and 0 👎" in caption


async def test_a_group_gets_the_picture_of_all_its_members(town: Town) -> None:
    """Any member may ask, and the likes of all count."""
    ada, bo = town.chat(-100500, user=1), town.chat(-100500, user=2)
    digest = await liked_digest(town, ada, "👍 1")
    await bo.press(digest, "👍 1")
    await bo.press(digest, "👍 2")
    await bo.say("/stats")
    caption = (await photo_in(ada))["caption"]
    assert caption.startswith("You like 2 papers")
    assert "you gave 3 👍" in caption


async def test_old_votes_are_told_by_the_week(town: Town) -> None:
    """Who began more than two weeks ago sees weeks, told of from the Monday before the first thumb."""
    chat = town.chat()
    await liked_digest(town, chat, "👍 1")
    town.clock.pass_by(days=20)
    await chat.say("/stats")
    assert "Since 16 Nov 2026" in (await photo_in(chat))["caption"]


async def test_two_who_ask_at_once_both_get_theirs(town: Town) -> None:
    """One picture is drawn after the other; none is lost or sent to the wrong chat."""
    await asyncio.gather(*(liked_digest(town, town.chat(id_), f"👍 {id_ - 6}") for id_ in (7, 8)))
    await asyncio.gather(*(town.chat(id_).say("/stats") for id_ in (7, 8)))
    for id_ in (7, 8):
        assert "photo" in await photo_in(town.chat(id_))


async def test_words_come_where_drawing_fails(town: Town) -> None:
    """A reader whose picture could not be drawn is told so, and reads what it would have shown."""
    failing = Stats(
        Desk(town.bot.database, town.clock), town.bot.ranker, Studio(("sh", "-c", "echo broken >&2; exit 1"))
    )
    town.bot.application.add_handler(CommandHandler("broken", failing.command), group=1)
    await liked_digest(town, town.chat(), "👍 1")
    await town.chat().say("/broken")
    told = await town.chat().wait_for("could not be drawn")
    assert "you gave 1 👍" in told["text"]
