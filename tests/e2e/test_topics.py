"""Forum groups: digests come to the topic where an administrator asked for them, and what if it goes."""

from town import Json, Town, eventually

FORUM, PAPERS, TALK = -1001987654321, 9, 12
COMES_HERE = "come to this topic from now on"
IS_GONE = "The topic that the papers came to is gone"


async def say(town: Town, text: str, thread: int, user: int = 1) -> None:
    """Write in a topic of the forum, which the first words there open."""
    await town.chat(FORUM, user).do("messages", text=text, thread_id=thread, topic=f"Topic {thread}")


async def said_in(town: Town, thread: int, words: str, count: int = 1) -> list[Json]:
    """Wait for so many messages of the bot's with these words in a topic."""

    async def seen() -> list[Json] | None:
        found = [m for m in await town.chat(FORUM).from_bot(words) if m.get("message_thread_id") == thread]
        return found if len(found) >= count else None

    return await eventually(seen, f"{count} × “{words}” in topic {thread}")


async def settle(town: Town, thread: int) -> None:
    """Set the forum up in a topic, and get the first digest there."""
    ada = town.chat(FORUM, 1)
    await say(town, "/settings", thread)
    await ada.press(await ada.wait_for("⚙️ Settings"), "Hour")
    await ada.press(await ada.wait_for("At which hour"), "08:00")
    await ada.press(await ada.wait_for("Where are you?"), "Berlin")
    await said_in(town, thread, "fresh off the press")


async def test_digests_come_to_the_topic_where_settings_were_asked_for(town: Town) -> None:
    """It is said once, and again where it changes."""
    await say(town, "/settings", PAPERS)
    await said_in(town, PAPERS, COMES_HERE)
    await say(town, "/settings", PAPERS)
    await said_in(town, PAPERS, "Settings", 2)
    await say(town, "/settings", TALK)
    await said_in(town, TALK, COMES_HERE)
    assert len(await town.chat(FORUM).from_bot(COMES_HERE)) == 2


async def test_start_brings_digests_to_its_topic_as_well(town: Town) -> None:
    await say(town, "/start", PAPERS)
    await said_in(town, PAPERS, COMES_HERE)


async def test_members_do_not_move_digests(town: Town) -> None:
    await settle(town, PAPERS)
    await say(town, "/settings", TALK, user=2)
    await said_in(town, TALK, "Only the administrators")
    town.clock.pass_by(hours=24)
    await town.bot.digest_round()
    await said_in(town, PAPERS, "☀️ Saturday")


async def test_what_was_asked_for_comes_where_it_was_asked_for(town: Town) -> None:
    """And the daily digest goes on in its own topic."""
    await settle(town, PAPERS)
    await say(town, "/today", TALK, user=2)
    await said_in(town, TALK, "fresh off the press")
    town.clock.pass_by(hours=24)
    await town.bot.digest_round()
    await said_in(town, PAPERS, "☀️ Saturday")


async def test_a_topic_that_is_gone_is_told_once_and_digests_come_to_the_group(town: Town) -> None:
    await settle(town, PAPERS)
    await town.fault(
        kind="bad_request", method="sendMessage", description="Bad Request: message thread not found"
    )
    for _ in range(2):
        town.clock.pass_by(hours=24)
        await town.bot.digest_round()
    digests = await town.chat(FORUM).from_bot("☀️")
    assert ["message_thread_id" in digest for digest in digests] == [False, False]
    assert len(await town.chat(FORUM).from_bot(IS_GONE)) == 1
