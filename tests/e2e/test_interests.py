"""/interests: listed, removed and added to in place."""

from town import Json, Town, buttons, eventually

from recommender.first_history import state
from recommender.interests import Interests
from storage import interests, readers


async def tell(town: Town, *phrases: str, chat_id: int = 7) -> None:
    async with town.bot.database.writing() as session:
        await interests.put(session, chat_id, state(Interests(wanted=phrases)), town.clock())


async def phrases(town: Town, chat_id: int = 7) -> list[str]:
    async with town.bot.database.reading() as session:
        return [said.phrase for said in await interests.of_chat(session, chat_id)]


async def asking(town: Town, chat_id: int = 7) -> str | None:
    async with town.bot.database.reading() as session:
        reader = await readers.get(session, chat_id)
    return reader and reader.asking


def removals(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message) if button["text"].startswith("✕")]


async def test_none_yet_says_how_to_begin(town: Town) -> None:
    await town.chat().say("/interests")
    listed = await town.chat().wait_for("You have told me no interests")
    assert removals(listed) == []


async def test_more_are_added_in_words_and_then_words_are_talk_again(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await chat.say("/interests")
    await chat.press(await chat.wait_for("no interests"), "Add")
    await chat.wait_for("What else?")
    await chat.say("graph theory")
    listed = await chat.wait_for("Your 1 interest")
    assert not any("Go on" in button["text"] for button in buttons(listed))
    await chat.say("robots")
    await chat.wait_for("I only understand commands")
    assert await phrases(town) == ["graph theory"]


async def test_going_back_awaits_no_words(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await chat.say("/interests")
    await chat.press(await chat.wait_for("no interests"), "Add")
    await chat.press(await chat.wait_for("What else?"), "Back")
    await chat.wait_for("no interests")
    assert await asking(town) is None


async def test_many_are_paged_and_a_page_that_empties_shows_the_one_before(town: Town) -> None:
    chat = town.chat()
    await tell(town, *(f"subject number{n}" for n in range(9)))
    await chat.say("/interests")
    first = await chat.wait_for("Your 9 interests")
    assert len(removals(first)) == 8
    await chat.press(first, "›")
    second = await chat.wait_for_button(first, "2/2")
    (last,) = removals(second)
    await chat.press(second, last)
    shown = await chat.wait_for("Your 8 interests")
    assert len(removals(shown)) == 8


async def test_removed_twice_is_removed_once(town: Town) -> None:
    chat = town.chat()
    await tell(town, "robots")
    await chat.say("/interests")
    listed = await chat.wait_for("Your 1 interest")
    data = next(b["callback_data"] for b in buttons(listed) if "robots" in b["text"])
    old = await town.forge_button(7, data)
    assert (await chat.press(listed, "robots"))["text"] == "Removed."
    assert not (await chat.press_data(old, data))["text"]
    assert await phrases(town) == []


async def test_a_button_of_another_chat_removes_nothing_there(town: Town) -> None:
    await tell(town, "robots", chat_id=8)
    async with town.bot.database.reading() as session:
        (theirs,) = await interests.of_chat(session, 8)
    data = f"start:wish:drop:{theirs.id}:1"
    await town.chat().say("/interests")
    await town.chat().press_data(await town.forge_button(7, data), data)
    assert await phrases(town, 8) == ["robots"]


async def test_in_a_group_members_see_and_administrators_change(town: Town) -> None:
    maker, member = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await maker.say("hello")
    await tell(town, "robots", chat_id=-100500)
    await member.say("/interests")
    listed = await member.wait_for("Your 1 interest")
    assert "administrators" in (await member.press(listed, "robots"))["text"]
    assert await phrases(town, -100500) == ["robots"]
    await maker.press(listed, "robots")

    async def gone() -> bool | None:
        return True if not await phrases(town, -100500) else None

    await eventually(gone, "the interest gone")


async def test_titles_with_markup_are_shown_as_they_stand(town: Town) -> None:
    await tell(town, "a <b> & 'c'")
    await town.chat().say("/interests")
    listed = await town.chat().wait_for("a <b> & 'c'")
    assert removals(listed) == ["✕ a <b> & 'c'"]


async def test_who_writes_in_other_letters_is_told_what_the_papers_are_in(town: Town) -> None:
    """It is kept as it stands; but what may not be found by it is said at once, and only then."""
    chat = town.chat()
    await chat.say("/interests 机器人抓取, robots")
    told = await chat.wait_for("Your 2 interests")
    assert "please say it in English too" in told["text"]
    await chat.say("/interests graphs")
    assert "in English" not in (await chat.wait_for("Your 3 interests"))["text"]
