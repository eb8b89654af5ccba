"""Digests as one likes them: in cards, on some days, when the list is out, as strong as one wants."""

import json
from collections.abc import AsyncIterator

import pytest
from town import Chat, Json, Town, buttons, eventually, papers_on, titles

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from recommender.values import Interest
from storage import interests, ledger, notices, rules
from storage.ledger import State

OTHERS = {
    "sourdough": "Sourdough bread rises by yeast and salt; crust, crumb and oven steam are weighed.",
    "endgame": "Chess engines search openings, gambits and endgame tables; a pawn and a rook are traded.",
    "glaciers": "Glaciers calve icebergs over moraines; meltwater, snow and crevasses are surveyed.",
}


@pytest.fixture
async def broad(asleep: Town) -> AsyncIterator[Town]:
    """Wake a bot that knows five subjects: enough papers to tell what is strong, and what is chance."""
    others = [paper for subject, said in OTHERS.items() for paper in papers_on(subject, upvotes=4, said=said)]
    assert asleep.settings.dumps_dir
    (asleep.settings.dumps_dir / "others.json").write_text(json.dumps(others))
    async with asleep.bot_awake() as paperboy:
        await paperboy.poll_round()
        yield asleep


async def choose(chat: Chat, *path: str) -> Json:
    """Open the settings and press one button after the other, each when it is there."""
    before = len(await chat.from_bot("⚙️ Settings"))
    await chat.say("/settings")
    shown = await chat.wait_for("⚙️ Settings", before + 1)
    for label in path:
        shown = await chat.wait_for_button(shown, label)
        await chat.press(shown, label)
    return await chat.wait_for_button(shown, "Picks a day")


def bring(town: Town, subject: str, prefix: str = "") -> None:
    """Put another list into the folder."""
    folder = town.settings.dumps_dir
    assert folder
    (folder / f"{subject}-{prefix}.json").write_text(json.dumps(papers_on(subject, prefix)))


async def test_cards_come_one_a_pick_each_with_buttons_of_its_own(town: Town) -> None:
    chat = town.chat()
    await choose(chat, "All in one message")
    await chat.say("/today")
    first = await chat.wait_for("fresh off the press")
    await chat.wait_for("thoughts on", 3)
    cards = [m for m in await chat.from_bot() if len(titles(m)) == 1]
    assert [len(titles(card)) for card in cards] == [1, 1, 1]
    assert cards[0]["message_id"] == first["message_id"]
    assert [b["text"] for b in buttons(cards[1])] == ["👍", "👎", "🔖", "⋯"]
    await chat.press(cards[1], "👍")
    await chat.wait_for_label(cards[1], "✅ 👍")
    await chat.say("/liked")
    assert titles(await chat.wait_for("You like 1 paper")) == titles(cards[1])


async def test_cards_of_a_daily_digest_come_once(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await choose(chat, "All in one message")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await town.bot.digest_round()
    async with town.bot.database.reading() as session:
        digest = await ledger.of_message(session, 7, (await chat.from_bot("☀️"))[0]["message_id"])
        assert digest
        cards = [await ledger.get(session, 7, id_) for id_ in await ledger.cards(session, 7, digest.id)]
    assert [card.state for card in cards if card] == [State.SENT] * 3


async def test_a_card_that_failed_costs_no_other(town: Town) -> None:
    """It is tried again, and the two behind it wait for their turn."""
    chat = town.chat()
    await choose(chat, "All in one message")
    await town.fault(method="sendMessage", kind="server_error", chat_id=7)
    await chat.say("/today")

    async def all_came() -> bool | None:
        town.clock.pass_by(seconds=10)
        await town.bot.digest_round()
        return len(await chat.from_bot("thoughts on")) == 3 or None

    await eventually(all_came, "the card that failed, and the two behind it")
    sent = [title for m in await chat.from_bot("thoughts on") for title in titles(m)]
    assert len(sent) == len(set(sent)) == 3


async def test_only_the_chosen_days_have_a_digest(town: Town) -> None:
    """It is Friday; from Monday to Friday leaves out the two days that follow."""
    chat = town.chat()
    await chat.settle()
    changed = await choose(chat, "Days", "Monday to Friday", "« Back")
    assert "Only on these days: Monday to Friday." in changed["text"]
    assert "Next: Monday, 23 November at 08:00 in Berlin." in changed["text"]
    for _ in range(4):
        town.clock.pass_by(days=1)
        await town.bot.digest_round()
    assert [m["text"].splitlines()[0] for m in await chat.from_bot("☀️")] == [
        "☀️ Monday, 23 November",
        "☀️ Tuesday, 24 November",
    ]


async def test_quiet_days_are_quiet_and_end_by_themselves(town: Town) -> None:
    """They begin with the next digest that would come: today's is here already."""
    chat = town.chat()
    await chat.settle()
    changed = await choose(chat, "Quiet days", "3 days")
    assert "Quiet until Monday, 23 November." in changed["text"]
    for _ in range(4):
        town.clock.pass_by(days=1)
        await town.bot.digest_round()
    assert [m["text"].splitlines()[0] for m in await chat.from_bot("☀️")] == ["☀️ Tuesday, 24 November"]


async def test_quiet_days_begin_today_where_its_digest_is_still_to_come(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    town.clock.pass_by(hours=18)  # Saturday, 04:30 in Berlin
    changed = await choose(chat, "Quiet days", "1 day")
    assert "Quiet until Saturday, 21 November." in changed["text"]


async def test_quiet_days_can_be_ended_early(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await choose(chat, "Quiet days", "30 days")
    await choose(chat, "Quiet: end it")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    await chat.wait_for("☀️ Saturday")


async def test_early_papers_come_as_soon_as_the_list_is_out_and_once_a_day(town: Town) -> None:
    chat = town.chat()
    await chat.settle()
    await choose(chat, "Hour", "As soon as the list is out")
    town.clock.pass_by(days=1)
    await town.bot.digest_round()
    assert not await chat.from_bot("☀️")
    bring(town, "bees", "New ")
    await town.bot.poll_round()
    await town.bot.digest_round()
    assert len(titles(await chat.wait_for("☀️ Saturday"))) == 3
    bring(town, "boats", "Late ")
    await town.bot.poll_round()
    await town.bot.digest_round()
    assert len(await chat.from_bot("☀️")) == 1


async def test_a_reader_s_own_strength_holds(broad: Town) -> None:
    """With anything allowed a day brings what the owner's threshold would keep back."""
    chat = broad.chat()
    await chat.settle()
    digest = (await chat.from_bot("fresh off the press"))[0]
    await chat.press(digest, "👍 1")
    changed = await choose(chat, "Strength", "best 10%")
    assert "🎯 Strength: best 10%" in [b["text"] for b in buttons(changed)]
    broad.clock.pass_by(days=1)
    await broad.bot.digest_round()
    strict = await chat.wait_for("☀️ Saturday")
    await choose(chat, "Strength", "anything goes")
    broad.clock.pass_by(days=1)
    await broad.bot.digest_round()
    loose = await chat.wait_for("☀️ Sunday")
    assert len(titles(strict)) < len(titles(loose)) == 3


async def test_stated_interests_and_followed_authors_make_picks_and_reasons(broad: Town) -> None:
    await broad.chat().ask_for_hour()
    async with broad.bot.database.writing() as session:
        await interests.put(session, 7, [Interest(-5, "waggle dances of honey bees")], broad.clock())
        await rules.put(session, 7, Rule(RuleKind.FOLLOW, "Ada Fifth", Field.AUTHOR), broad.clock())
    await broad.chat().say("/today")
    digest = await broad.chat().wait_for("fresh off the press")
    assert "💡 Because you are interested in “waggle dances of honey bees”" in digest["text"]
    assert "✍️ By Ada Fifth, whom you follow" in digest["text"]


async def test_what_is_muted_never_comes(town: Town) -> None:
    await town.chat().ask_for_hour()
    async with town.bot.database.writing() as session:
        await rules.put(session, 7, Rule(RuleKind.MUTE, "thoughts on bees"), town.clock())
    for count in (1, 2):
        await town.chat().say("/today")
        digest = await town.chat().wait_for("fresh off the press", count)
        assert "bees" not in "".join(titles(digest))


async def test_the_menu_of_a_pick_and_the_way_back(town: Town) -> None:
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    await chat.press(digest, "⋯")
    menu = await chat.wait_for_label(digest, "💡 Why this?")
    await chat.press(menu, "« Back")
    again = await chat.wait_for_label(digest, "👍 1")
    assert buttons(again) == buttons(digest)


async def test_the_bookmark_shows_its_state_and_can_be_taken_out(town: Town) -> None:
    chat = town.chat()
    await chat.say("/today")
    digest = await chat.wait_for("fresh off the press")
    assert "/saved" in (await chat.press(digest, "🔖"))["text"]
    saved = await chat.wait_for_label(digest, "✅ 🔖")
    assert "No longer" in (await chat.press(saved, "✅ 🔖"))["text"]


async def test_a_notice_reaches_the_active_readers_once(town: Town) -> None:
    for chat_id in (7, 8):
        await town.chat(chat_id).ask_for_hour()
    await town.chat(8).say("/pause")
    await town.chat(8).wait_for("Paused")
    async with town.bot.database.writing() as session:
        notice_id = await notices.draft(session, "We are <down> tonight.", town.clock())
        assert await ledger.plan_notice(session, notice_id, town.clock()) == 1
    await town.bot.digest_round()
    await town.bot.digest_round()
    assert [m["text"] for m in await town.chat(7).from_bot("tonight")] == ["We are <down> tonight."]
    assert not await town.chat(8).from_bot("tonight")
