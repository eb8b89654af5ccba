"""A flood is met with patience, and nobody else waits for it."""

from town import Chat, Town, buttons

from bot.chat.patience import FILES, PERSON
from storage import readers, votes

SLOW_DOWN, TOMORROW = "That was a lot at once", "many files for one day"
GROUP = -100500
TAPS = int(PERSON.most)
DEAR = TAPS // 6  # so many commands that are dear


async def flood(town: Town, chat: Chat) -> list[str]:
    """Tap until it is too much, and on; give what was answered."""
    await chat.say("/rules")
    await chat.wait_for("no rules yet")
    town.clock.pass_by(minutes=1)
    forged = await town.forge_button(chat.id, "nonsense")
    return [(await chat.press_data(forged, "nonsense"))["text"] for _ in range(TAPS + 5)]


async def test_commands_are_answered_to_the_limit_and_those_beyond_it_once_in_words(town: Town) -> None:
    chat = town.chat()
    for _ in range(DEAR + 5):
        await chat.say("/why")
    await chat.wait_for(SLOW_DOWN)
    await town.chat(8).say("/rules")
    await town.chat(8).wait_for("no rules yet")
    said = await chat.from_bot()
    assert [SLOW_DOWN in message["text"] for message in said] == [False] * DEAR + [True]


async def test_every_finger_is_answered(town: Town) -> None:
    answers = await flood(town, town.chat())
    assert [SLOW_DOWN in answer for answer in answers] == [False] * TAPS + [True] * 5


async def test_who_waits_as_told_is_heard_again(town: Town) -> None:
    chat = town.chat()
    await flood(town, chat)
    town.clock.pass_by(minutes=1)
    await chat.say("/rules")
    await chat.wait_for("no rules yet", 2)


async def test_votes_that_were_taken_are_kept(town: Town) -> None:
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    await chat.press(digest, "👍 1")
    await flood(town, chat)
    refused = await chat.press_data(digest["message_id"], buttons(digest)[0]["callback_data"])
    assert SLOW_DOWN in refused["text"]
    async with town.bot.database.reading() as session:
        assert [vote.up for vote in await votes.of_chat(session, 7)] == [True]


async def test_one_member_of_a_group_uses_up_no_other_s_patience(town: Town) -> None:
    await flood(town, town.chat(GROUP, user=1))
    other = town.chat(GROUP, user=2)
    await other.say("/rules")
    await other.wait_for("no rules yet", 2)


async def test_who_speaks_as_a_chat_uses_up_no_other_s_patience(town: Town) -> None:
    """An anonymous administrator, or a member who writes as their own channel."""
    masked = town.chat(GROUP, user=1)
    await masked.say("hello all")
    await masked.do("people", role="creator", anonymous=True)
    for _ in range(3 * DEAR + 5):
        await masked.say("/why")
    await masked.wait_for(SLOW_DOWN)
    other = town.chat(GROUP, user=2)
    await other.say("/rules")
    await other.wait_for("no rules yet", 1)


async def test_the_talk_of_a_group_is_not_counted(town: Town) -> None:
    group = town.chat(GROUP, user=1)
    for _ in range(TAPS):
        await group.say("hello all")
    await group.say("/rules")
    await group.wait_for("no rules yet")
    assert not await group.from_bot(SLOW_DOWN)


async def test_so_many_files_a_day(town: Town) -> None:
    chat, most = town.chat(), int(FILES.most)
    for count in range(1, most + 1):
        town.clock.pass_by(seconds=10)
        await chat.attach("empty.bib", b"\n\n")
        await chat.wait_for("The file is empty", count)
    await chat.attach("empty.bib", b"\n\n")
    await chat.wait_for(TOMORROW)
    town.clock.pass_by(days=1)
    await chat.attach("empty.bib", b"\n\n")
    await chat.wait_for("The file is empty", most + 1)


async def test_the_owner_is_met_with_all_patience(asleep: Town) -> None:
    asleep.settings = asleep.settings.model_copy(update={"admin_ids": (1,)})
    async with asleep.bot_awake():
        assert not any(SLOW_DOWN in answer for answer in await flood(asleep, asleep.chat(1)))


async def test_codes_are_guessed_slowly(asleep: Town) -> None:
    """Ten at once, then one in three seconds; and each is refused."""
    asleep.settings = asleep.settings.model_copy(update={"invite_only": True})
    async with asleep.bot_awake():
        stranger = asleep.chat(9)
        for number in range(DEAR + 5):
            await stranger.say(f"/start guessed-{number}")
        await stranger.wait_for(SLOW_DOWN)
        assert len(await stranger.from_bot("invited readers only")) == DEAR
        async with asleep.bot.database.reading() as session:
            assert await readers.get(session, 9) is None
