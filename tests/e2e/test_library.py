"""The library as readers walk through it: cards, lists, notes, why and similar."""

import json
from datetime import timedelta

from town import Json, Town, buttons, eventually, papers_on, titles

from storage import ledger, saved

GROUP = -100500
UNKNOWN = "no longer know"


async def digest_of(town: Town, chat_id: int = 7) -> Json:
    """Ask for a digest, and wait until the ledger knows that it came."""
    await town.chat(chat_id).say("/today")
    digest = await town.chat(chat_id).wait_for("fresh off the press")

    async def written() -> object:
        async with town.bot.database.reading() as session:
            return await ledger.of_message(session, chat_id, digest["message_id"])

    await eventually(written, "the digest in the ledger")
    return digest


async def trending_of(town: Town, chat_id: int = 7, user: int | None = None) -> Json:
    chat = town.chat(chat_id, user)
    await chat.say("/trending")
    return await chat.wait_for("papers on the list")


async def card_of(town: Town, number: str = "1", chat_id: int = 7, user: int | None = None) -> Json:
    """Open the card of a trending paper."""
    listed = await trending_of(town, chat_id, user)
    await town.chat(chat_id, user).press(listed, number)
    return await town.chat(chat_id, user).wait_for(titles(listed)[int(number) - 1], 2)


def labels(message: Json) -> list[str]:
    return [button["text"] for button in buttons(message)]


async def test_a_card_is_voted_on_and_shows_it(town: Town) -> None:
    """A paper that was never sent may be voted on; a second press takes the vote back."""
    chat, card = town.chat(), await card_of(town)
    assert "rank higher" in (await chat.press(card, "👍"))["text"]
    await chat.wait_for_label(card, "✅ 👍")
    assert "rank lower" in (await chat.press(card, "👎"))["text"]
    await chat.wait_for_label(card, "✅ 👎")
    assert "Taken back" in (await chat.press(card, "👎"))["text"]
    await chat.wait_for_label(card, "👎")


async def test_what_is_saved_is_listed_until_it_is_taken_out(town: Town) -> None:
    chat, card = town.chat(), await card_of(town)
    await chat.say("/saved")
    await chat.wait_for("not saved a paper yet")
    assert "Saved" in (await chat.press(card, "🔖"))["text"]
    card = await chat.wait_for_label(card, "✅ 🔖")
    await chat.say("/saved")
    listed = await chat.wait_for("You saved 1 paper")
    assert titles(listed)[0] == titles(card)[0]
    await chat.press(card, "🔖")
    await chat.wait_for_label(card, "🔖")
    await chat.say("/saved")
    await chat.wait_for("not saved a paper yet", 2)


async def test_a_note_is_asked_for_kept_shown_and_removed(town: Town) -> None:
    chat, card = town.chat(), await card_of(town)
    await chat.press(card, "🔖")
    card = await chat.wait_for_label(card, "📝 Note")
    await chat.press(card, "📝")
    await chat.wait_for("What shall I note")
    await chat.say("x" * 1001)
    await chat.wait_for("1,001 characters")
    await chat.say("read <before> Monday")
    noted = await chat.wait_for("Noted")
    await chat.say("/saved")
    assert "📝 read <before> Monday" in (await chat.wait_for("You saved 1 paper"))["text"]
    await chat.press(noted, "Show the paper")
    fresh = await chat.wait_for("📝 read <before> Monday", 2)
    await chat.press(fresh, "📝")
    await chat.wait_for("What shall I note", 2)
    await chat.say("-")
    await chat.wait_for("The note is gone")


async def test_a_note_never_goes_unasked(town: Town) -> None:
    chat, card = town.chat(), await card_of(town)
    await chat.press(card, "🔖")
    card = await chat.wait_for_label(card, "📝 Note")
    await chat.press(card, "📝")
    await chat.wait_for("What shall I note")
    await chat.say("dear to me")
    await chat.wait_for("Noted")
    assert "note would go" in (await chat.press(card, "🔖"))["text"]
    asked = await chat.wait_for_label(card, "« Keep both")
    await chat.press(asked, "Keep")
    kept = await chat.wait_for_label(card, "✅ 🔖")
    assert "dear to me" in kept["text"]
    await chat.press(kept, "🔖")
    asked = await chat.wait_for_label(card, "« Keep both")
    await chat.press(asked, "Take out")
    left = await chat.wait_for_label(card, "🔖")
    assert "dear to me" not in left["text"]


async def test_a_note_outlives_a_restart_between_question_and_answer(asleep: Town) -> None:
    chat = asleep.chat()
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        card = await card_of(asleep)
        await chat.press(card, "🔖")
        card = await chat.wait_for_label(card, "📝 Note")
        await chat.press(card, "📝")
        await chat.wait_for("What shall I note")
    async with asleep.bot_awake():
        await chat.say("after the break")
        await chat.wait_for("Noted")


async def test_only_a_saved_paper_takes_a_note(town: Town) -> None:
    """An old button of a paper that was taken out meanwhile, and an answer that comes too late."""
    chat, card = town.chat(), await card_of(town)
    await chat.press(card, "🔖")
    noting = await chat.wait_for_label(card, "📝 Note")
    await chat.press(noting, "📝")
    await chat.wait_for("What shall I note")
    await chat.press(noting, "🔖")
    await chat.say("too late")
    await chat.wait_for("Only a saved paper")
    old = next(b["callback_data"] for b in buttons(noting) if "📝" in b["text"])
    forged = await town.forge_button(7, old)
    assert "Only a saved paper" in (await chat.press_data(forged, old))["text"]


async def test_in_a_group_talk_is_no_note_and_a_reply_is(town: Town) -> None:
    ada, card = town.chat(GROUP, 1), await card_of(town, chat_id=GROUP, user=1)
    await ada.press(card, "🔖")
    card = await ada.wait_for_label(card, "📝 Note")
    await ada.press(card, "📝")
    asked = await ada.wait_for("Reply to this message")
    await ada.say("just talk")
    await ada.reply(asked, "for the reading group")
    await ada.wait_for("Noted")
    await ada.say("/saved")
    listed = await ada.wait_for("You saved 1 paper")
    assert "for the reading group" in listed["text"]
    assert "just talk" not in listed["text"]


async def test_a_group_shares_cards_counts_and_likes(town: Town) -> None:
    ada, bo = town.chat(GROUP, 1), town.chat(GROUP, 2)
    card = await card_of(town, chat_id=GROUP, user=1)
    await ada.press(card, "👍")
    await bo.press(card, "👍")
    await ada.wait_for_label(card, "👍 · 2")
    await bo.say("/liked")
    await bo.wait_for("You like 1 paper")


async def test_what_one_chat_keeps_another_never_sees(town: Town) -> None:
    """The same button in another chat acts there alone."""
    chat, card = town.chat(7), await card_of(town)
    await chat.press(card, "🔖")
    card = await chat.wait_for_label(card, "📝 Note")
    await chat.press(card, "📝")
    await chat.wait_for("What shall I note")
    await chat.say("a secret")
    await chat.wait_for("Noted")
    data = next(b["callback_data"] for b in buttons(card) if "📝" in b["text"])
    other, shown = town.chat(8), await card_of(town, chat_id=8)
    forged = await town.forge_button(8, data)
    assert "Only a saved paper" in (await other.press_data(forged, data))["text"]
    assert "a secret" not in shown["text"]
    assert "✅ 🔖" not in labels(shown)


async def test_buttons_of_unknown_papers_and_forged_ones_change_nothing(town: Town) -> None:
    chat, _ = town.chat(), await card_of(town)
    acts = ("up", "save", "why", "more", "less", "note", "open", "drop", "keep")
    for data in (*(f"paper:9999:{act}" for act in acts), "paper:1:explode", "paper:-1:up", "paper:²:up"):
        forged = await town.forge_button(7, data)
        assert UNKNOWN in (await chat.press_data(forged, data))["text"], data
    for data in ("list:nothing:1", "list:liked:x", "list:liked", "list:search:1"):
        forged = await town.forge_button(7, data)
        assert UNKNOWN in (await chat.press_data(forged, data))["text"], data


async def test_a_deleted_card_is_voted_on_all_the_same(town: Town) -> None:
    """The press of a card that is gone counts, and nobody hears of the message that cannot be redrawn."""
    chat, card = town.chat(), await card_of(town)
    gone = "Bad Request: message to edit not found"
    await town.fault(method="editmessagetext", kind="bad_request", description=gone)
    assert "rank higher" in (await chat.press(card, "👍"))["text"]
    await chat.say("/liked")
    await chat.wait_for("You like 1 paper")


async def test_a_press_that_comes_twice_after_a_crash_counts_once(asleep: Town) -> None:
    chat = asleep.chat()
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        card = await card_of(asleep)
        await asleep.fault(method="getUpdates", kind="drop", times=1000)
        await chat.press(card, "🔖")
    await asleep.http.delete("/faults")
    async with asleep.bot_awake():
        await chat.say("/saved")
        await chat.wait_for("You saved 1 paper")


async def test_lists_are_turned_in_place_and_number_on(town: Town) -> None:
    chat, listed = town.chat(), await trending_of(town)
    assert "10 papers on the list" in listed["text"]
    assert labels(listed)[:8] == [str(n) for n in range(1, 9)]
    assert {"1/2", "›", "✅ Day", "Week"} <= set(labels(listed))
    await chat.press(listed, "›")
    second = await chat.wait_for_label(listed, "2/2")
    assert labels(second)[:3] == ["9", "10", "‹"]
    assert not {*titles(listed)} & {*titles(second)}
    await chat.press(second, "Week")
    week = await chat.wait_for_label(listed, "✅ Week")
    assert "The week to" in week["text"]
    await chat.press(week, "1/2")


async def test_trending_stands_in_the_order_of_upvotes(town: Town) -> None:
    listed = await trending_of(town)
    assert [f"{n} upvotes" in listed["text"] for n in (10, 9, 8, 7)] == [True] * 4
    assert listed["text"].index("10 upvotes") < listed["text"].index("7 upvotes")


async def test_a_page_beyond_the_end_is_the_last_one(town: Town) -> None:
    chat, _ = town.chat(), await card_of(town)
    for page in (0, 99, 999999):
        forged = await town.forge_button(7, f"list:day:{page}")
        await chat.press_data(forged, f"list:day:{page}")
        await chat.wait_for("papers on the list")
    assert {"2/2", "‹"} <= set(labels((await chat.from_bot("papers on the list"))[-1]))


async def test_a_list_that_was_emptied_says_so_in_place(town: Town) -> None:
    chat, _ = town.chat(), await card_of(town)
    old = await town.forge_button(7, "list:liked:3")
    await chat.press_data(old, "list:liked:3")
    emptied = await chat.wait_for("not liked a paper yet")
    assert emptied["message_id"] == old
    assert not buttons(emptied)


async def test_a_page_that_is_gone_since_shows_the_nearest(town: Town) -> None:
    chat, card = town.chat(), await card_of(town)
    await chat.press(card, "👍")
    old = await town.forge_button(7, "list:liked:3")
    await chat.press_data(old, "list:liked:3")
    assert titles(await chat.wait_for("You like 1 paper")) == [titles(card)[0]]


async def test_history_tells_the_day_that_each_paper_came(town: Town) -> None:
    chat = town.chat()
    await chat.say("/history")
    await chat.wait_for("not brought you a paper yet")
    first = await digest_of(town)
    town.clock.now += timedelta(days=1)
    await chat.say("/today")
    second = await chat.wait_for("fresh off the press", 2)
    await chat.say("/history")
    listed = await chat.wait_for("I brought you 6 papers")
    assert {*titles(listed)[:3]} == {*titles(second)}
    assert {*titles(listed)[3:]} == {*titles(first)}
    assert listed["text"].count("Came on 21 Nov 2026") == 3
    assert listed["text"].count("Came on 20 Nov 2026") == 3


async def test_why_names_the_like_that_speaks_for_a_paper(town: Town) -> None:
    """By the button of a card, and by /why with a number below a list."""
    chat, listed = town.chat(), await trending_of(town)
    boats = [n for n, title in enumerate(titles(listed), start=1) if "boats" in title]
    await chat.press(listed, str(boats[0]))
    card = await chat.wait_for(titles(listed)[boats[0] - 1], 2)
    await chat.press(card, "👍")
    await chat.reply(listed, f"/why {boats[2]}")
    told = await chat.wait_for("💡 Why")
    assert titles(told) == [titles(listed)[boats[2] - 1]]
    assert f"% because you liked “{titles(card)[0]}”" in told["text"]
    await chat.press(card, "Why")
    await chat.wait_for("💡 Why", 2)
    await chat.reply(card, "/why")
    assert titles(await chat.wait_for("💡 Why", 3)) == [titles(card)[0]]


async def test_why_answers_below_a_digest_and_needs_the_number(town: Town) -> None:
    chat, digest = town.chat(), await digest_of(town)
    await chat.reply(digest, "/why 2")
    assert titles(await chat.wait_for("💡 Why")) == [titles(digest)[1]]
    for said in ("/why", "/why 9", "/why two"):
        await chat.reply(digest, said)
    await chat.wait_for("reply /why to a message", 3)
    await chat.say("/why 1")
    await chat.wait_for("reply /why to a message", 4)


async def test_why_tells_what_spoke_against_a_paper_that_was_passed_over(town: Town) -> None:
    chat, listed = town.chat(), await trending_of(town)
    bees = [n for n, title in enumerate(titles(listed), start=1) if "bees" in title]
    await chat.press(listed, str(bees[0]))
    await chat.press(await chat.wait_for(titles(listed)[bees[0] - 1], 2), "👎")
    await chat.reply(listed, f"/why {bees[2]}")
    assert "which you disliked" in (await chat.wait_for("💡 Why"))["text"]


async def test_more_like_this_lists_its_likes_with_what_they_share(town: Town) -> None:
    chat, card = town.chat(), await card_of(town)
    subject = "boats" if "boats" in titles(card)[0] else "bees"
    await chat.press(card, "More like this")
    listed = await chat.wait_for("➕ More like")
    assert titles(listed)[0] == titles(card)[0]
    assert all(subject in title for title in titles(listed)[:4])
    assert "Both: " in listed["text"]
    await chat.press(listed, "1")
    await chat.wait_for(titles(listed)[1])


async def test_similar_takes_a_reply_a_link_an_id_and_a_title(town: Town) -> None:
    chat, digest = town.chat(), await digest_of(town)
    await chat.reply(digest, "/similar 2")
    assert titles(await chat.wait_for("➕ More like"))[0] == titles(digest)[1]
    (town.settings.dumps_dir / "more.json").write_text(json.dumps(papers_on("bees", prefix="A")))
    await town.bot.poll_round()
    title = "AThird thoughts on bees <&_> 2"
    named = ("https://arxiv.org/abs/2602.10402v2", "2602.10402", "athird thoughts bees")
    for count, name in enumerate(named, start=1):
        await chat.say(f"/similar {name}")
        await chat.wait_for(f"like {title}", count)


async def test_similar_tells_how_to_ask_and_what_it_does_not_know(town: Town) -> None:
    chat, digest = town.chat(), await digest_of(town)
    await chat.say("/similar")
    await chat.wait_for("Reply /similar to a message")
    await chat.reply(digest, "/similar")
    await chat.wait_for("Reply /similar to a message", 2)
    for count, named in enumerate(("1706.03762", "zebras", "2"), start=1):
        await chat.say(f"/similar {named}")
        await chat.wait_for("no paper by that name", count)


async def test_less_of_this_offers_what_may_be_muted(town: Town) -> None:
    chat, card = town.chat(), await card_of(town)
    await chat.press(card, "Less of this")
    offered = await chat.wait_for("➖ Less of what")
    data = [button["callback_data"] for button in buttons(offered)]
    assert data[0].startswith("rule:less:")
    assert data[0].endswith(":t0")
    assert data[-1].endswith(":author")
    assert "Ada First" in labels(offered)[-1]


async def test_a_note_is_not_lost_by_a_press_under_the_digest(town: Town) -> None:
    """The bookmark under a digest takes out only what carries no note, and says why."""
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    await chat.press(digest, "🔖")
    shown = await chat.wait_for_label(digest, "✅ 🔖")
    async with town.bot.database.writing() as session:
        (kept,) = await saved.of_chat(session, 7, limit=9)
        await saved.annotate(session, 7, kept.paper_id, "read it")
    assert "note" in (await chat.press(shown, "✅ 🔖"))["text"]
    async with town.bot.database.reading() as session:
        assert [kept.note for kept in await saved.of_chat(session, 7, limit=9)] == ["read it"]


async def test_a_mistyped_command_is_no_answer(town: Town) -> None:
    chat = town.chat()
    await chat.say("/search")
    await chat.wait_for("search", 1)
    await chat.say("/todya")
    await chat.wait_for("I do not know /todya. Did you mean /today?")
