"""/start: one question, answered in many ways or not at all, then hour, place and the first digest."""

import json

from town import Json, Town, buttons, papers_on, titles

from storage import interests, readers, votes

QUESTION = "What do you like to read?"
LINK = "https://arxiv.org/abs/2605.10500v2"


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


async def phrases(town: Town, chat_id: int = 7) -> dict[str, bool]:
    async with town.bot.database.reading() as session:
        return {said.phrase: said.wanted for said in await interests.of_chat(session, chat_id)}


async def liked(town: Town, chat_id: int = 7) -> list[bool]:
    async with town.bot.database.reading() as session:
        return [vote.up for vote in await votes.of_chat(session, chat_id)]


async def asking(town: Town, chat_id: int = 7) -> str | None:
    async with town.bot.database.reading() as session:
        reader = await readers.get(session, chat_id)
    assert reader
    return reader.asking


async def finish(town: Town, chat_id: int = 7) -> None:
    chat = town.chat(chat_id)
    await chat.press(await chat.wait_for("At which hour"), "07:00")
    await chat.press(await chat.wait_for("Where are you?"), "Tokyo")
    await chat.wait_for("every day at 07:00, Tokyo time")


async def test_words_are_shown_back_and_the_first_digest_follows_them(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    await chat.say("honey bees and pollen, no sailing boats")
    heard = await chat.wait_for("This is what I understood.")
    assert "More of\n• honey bees\n• pollen" in heard["text"]
    assert "Less of\n• sailing boats" in heard["text"]
    await chat.press(heard, "Go on")
    await finish(town)
    digest = await chat.wait_for("fresh off the press")
    assert all("bees" in title for title in titles(digest))


async def test_each_interest_can_be_removed_before_going_on(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    await chat.say("graph theory, robots")
    heard = await chat.wait_for("understood")
    assert (await chat.press(heard, "✕ robots"))["text"] == "Removed."
    await chat.wait_for("Your 1 interest\n")
    gone = next(b["callback_data"] for b in buttons(heard) if "robots" in b["text"])
    await chat.press_data(await town.forge_button(7, gone), gone)
    assert await phrases(town) == {"graph theory": True}


async def test_pasted_links_become_likes_and_unknown_ones_are_told(town: Town) -> None:
    chat = town.chat()
    assert town.settings.dumps_dir
    (town.settings.dumps_dir / "more.json").write_text(json.dumps(papers_on("boats", prefix="New ")))
    await town.bot.poll_round()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    await chat.say(f"{LINK} and https://arxiv.org/abs/1706.03762 and https://example.org/paper")
    heard = await chat.wait_for("👍 1 paper that I know is now a like.")
    assert "I do not know these papers yet: 1706.03762" in heard["text"]
    assert "I cannot tell which papers these are: https://example.org/paper" in heard["text"]
    assert await liked(town) == [True]


async def test_a_link_that_spells_a_title_is_a_like_or_guides_by_it(town: Town) -> None:
    chat, key = town.chat(), "0" * 40
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    site = "https://www.semanticscholar.org/paper"
    await chat.say(f"{site}/Second-thoughts-on-bees-1-Second-Two/{key} {site}/On-Wholly-Other-Matters/{key}")
    heard = await chat.wait_for("👍 1 paper that I know is now a like.")
    assert "🧭 1 paper that I do not know guides me by its title." in heard["text"]
    assert list(await phrases(town)) == ["On Wholly Other Matters"]


async def test_words_without_a_subject_are_asked_for_again(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    await chat.say("hello")
    await chat.wait_for("I found no subject in that")
    await chat.say("graph theory")
    await chat.wait_for("understood")


async def test_a_mistyped_command_loses_nothing(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    await chat.say("/strat")
    await chat.wait_for("/start?")
    assert await phrases(town) == {}
    await chat.say("graph theory")
    await chat.wait_for("understood")


async def test_the_question_can_be_skipped_and_only_once(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.press(await chat.wait_for(QUESTION), "Skip")
    await chat.wait_for("At which hour")
    old = await town.forge_button(7, "start:step:on")
    assert "done already" in (await chat.press_data(old, "start:step:on"))["text"]
    assert len(await chat.from_bot("At which hour")) == 1
    await finish(town)
    await chat.wait_for("fresh off the press")


async def test_start_in_the_middle_asks_again_and_keeps_what_was_said(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    await chat.say("graph theory")
    await chat.press(await chat.wait_for("understood"), "Go on")
    await chat.wait_for("At which hour")
    await chat.say("/start")
    await chat.wait_for(QUESTION, 2)
    await chat.say("robots")
    await chat.wait_for("Your 2 interests")
    assert await phrases(town) == {"graph theory": True, "robots": True}


async def test_who_comes_back_is_asked_nothing(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await chat.say("/start")
    await chat.wait_for("Good to see you again")
    assert not await chat.from_bot(QUESTION)


async def test_five_cards_are_voted_on_one_after_the_other(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    question = await chat.wait_for(QUESTION)
    await chat.press(question, "Vote on five papers")
    for number, label in enumerate(["👍", "👎", "Skip", "👍", "👍"], 1):
        card = await chat.wait_for(f"Paper {number} of 5")
        assert card["message_id"] == question["message_id"]
        await chat.press(card, label)
    done = await chat.wait_for("Thank you")
    assert sorted(await liked(town)) == [False, True, True, True]
    await chat.press(done, "Go on")
    await finish(town)


async def test_a_card_pressed_twice_counts_once_and_deals_one_card(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.press(await chat.wait_for(QUESTION), "Vote on five papers")
    first = await chat.wait_for("Paper 1 of 5")
    up = next(b["callback_data"] for b in buttons(first) if b["text"] == "👍")
    await chat.press(first, "👍")
    await chat.wait_for("Paper 2 of 5")
    await chat.press_data(await town.forge_button(7, up), up)
    await chat.say("/help")
    await chat.wait_for("How I pick")  # so that all that was pressed before has been answered
    assert not await chat.from_bot("Paper 3 of 5")
    assert await liked(town) == [True]


async def test_cards_go_on_after_a_restart(asleep: Town) -> None:
    chat = asleep.chat()
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        await chat.say("/start")
        await chat.press(await chat.wait_for(QUESTION), "Vote on five papers")
        await chat.press(await chat.wait_for("Paper 1 of 5"), "👍")
        second = await chat.wait_for("Paper 2 of 5")
    async with asleep.bot_awake():
        await chat.press(second, "Skip")
        await chat.wait_for("Paper 3 of 5")


async def test_words_written_while_cards_are_shown_count_and_the_cards_stay(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.press(await chat.wait_for(QUESTION), "Vote on five papers")
    card = await chat.wait_for("Paper 1 of 5")
    await chat.say("graph theory")
    await chat.wait_for("understood")
    await chat.press(card, "👎")
    await chat.wait_for("Paper 2 of 5")


async def test_without_papers_there_is_nothing_to_vote_on(asleep: Town) -> None:
    async with asleep.bot_awake():
        chat = asleep.chat()
        await chat.say("/start")
        await chat.press(await chat.wait_for(QUESTION), "Vote on five papers")
        await chat.press(await chat.wait_for("I have no papers to show yet"), "Go on")
        await chat.wait_for("At which hour")


async def test_forged_steps_and_cards_change_nothing(town: Town) -> None:
    chat = town.chat()
    await chat.say("/start")
    await chat.wait_for(QUESTION)
    for data in (
        "start:step:",
        "start:step:x",
        "start:card:999:up",
        "start:card:1:left",
        "start:card:²:up",
        "start:wish:drop:12:1",
        "start:wish:page:-1",
        "start:card:" + "9" * 18 + ":up",
    ):
        forged = await town.forge_button(7, data)
        assert "no longer know" in (await chat.press_data(forged, data))["text"], data
    assert await liked(town) == []
    assert await asking(town) == "interests"


async def test_in_a_group_members_vote_and_only_administrators_go_on(town: Town) -> None:
    maker, member = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await maker.say("/start")
    await member.say("hello all, I like graph theory")
    question = await maker.wait_for("What does this group like to read?")
    await member.press(question, "Vote on five papers")
    card = await member.wait_for("Paper 1 of 5")
    await member.press(card, "👍")
    await maker.press(card, "👍")
    await maker.wait_for_label(card, "👍 2")
    await maker.press(card, "Next paper")
    card = await maker.wait_for("Paper 2 of 5")
    assert await phrases(town, -100500) == {}
    assert "administrators" in (await member.press(card, "Enough"))["text"]
    await maker.press(card, "Enough")
    await maker.wait_for("At which hour")


async def test_in_a_group_words_count_as_replies_of_administrators(town: Town) -> None:
    maker, member = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await maker.say("/start")
    question = await maker.wait_for("What does this group like to read?")
    await member.reply(question, "graph theory")
    await maker.wait_for("Only the administrators")
    await maker.reply(question, "robots")
    await maker.wait_for("understood")
    assert await phrases(town, -100500) == {"robots": True}


async def test_a_member_cannot_start_the_setup_of_a_group(town: Town) -> None:
    maker, member = town.chat(-100500, user=1), town.chat(-100500, user=2)
    await maker.say("hello")
    await member.say("/start")
    await member.wait_for("Only the administrators")
    assert not await member.from_bot("What does this group")
