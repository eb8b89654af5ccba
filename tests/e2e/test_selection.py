"""Which papers make a digest: strong ones, and now and then one to learn from."""

import json
from dataclasses import replace

import pytest
from town import Chat, Town, papers_on, titles

from recommender.values import Slot
from storage import ledger, readers
from storage.ledger import Digest, Lack, State

EXPLORED = "🧭 Something different"
OTHERS = {
    "sourdough": "Sourdough bread rises by yeast and salt; crust, crumb and oven steam are weighed.",
    "endgame": "Chess engines search openings, gambits and endgame tables; a pawn and a rook are traded.",
    "glaciers": "Glaciers calve icebergs over moraines; meltwater, snow and crevasses are surveyed.",
}


@pytest.fixture
async def choosy(asleep: Town) -> Town:
    """A town whose owner asks for the best fifth, with fifteen unpopular papers more in its folder."""
    asleep.settings = asleep.settings.model_copy(update={"pick_percentile": 80})
    others = [paper for subject, said in OTHERS.items() for paper in papers_on(subject, upvotes=4, said=said)]
    assert asleep.settings.dumps_dir
    (asleep.settings.dumps_dir / "others.json").write_text(json.dumps(others))
    return asleep


async def ask(chat: Chat, count: int) -> list[str]:
    """Ask for a digest, the chat's first, second and so on, and read its titles."""
    await chat.say("/today")
    return titles(await chat.wait_for("fresh off the press", count))


async def have_read_all_on_bees(town: Town) -> Chat:
    """Bring a reader who likes bees all papers on them; a daily digest is due now, and each morning."""
    chat = town.chat()
    seen = await ask(chat, 1)
    first = await chat.wait_for("fresh off the press")
    for number, title in enumerate(seen, start=1):
        if "bees" in title:
            await chat.press(first, f"👍 {number}")
    seen += await ask(chat, 2) + await ask(chat, 3)
    assert len([title for title in seen if "bees" in title]) == 5
    async with town.bot.database.writing() as session:
        reader = await readers.get(session, chat.id)
        assert reader is not None
        await readers.save(session, replace(reader, hour=9, timezone="UTC", next_due_at=town.clock()))
    return chat


async def all_digests(town: Town) -> list[Digest]:
    """Read the digests of the town's one reader, oldest first."""
    async with town.bot.database.reading() as session:
        found = [await ledger.get(session, 7, digest_id) for digest_id in range(1, 10)]
    return [digest for digest in found if digest]


async def test_a_day_with_nothing_strong_says_so_and_today_still_brings_the_best(choosy: Town) -> None:
    async with choosy.bot_awake() as paperboy:
        await paperboy.poll_round()
        chat = await have_read_all_on_bees(choosy)
        await paperboy.digest_round()
        await chat.wait_for("Nothing strong today")
        assert not await chat.from_bot("Nothing new")
        assert len(await ask(chat, 4)) == 3


async def test_days_with_nothing_strong_can_be_silenced_and_are_told_apart(choosy: Town) -> None:
    async with choosy.bot_awake() as paperboy:
        await paperboy.poll_round()
        chat = await have_read_all_on_bees(choosy)
        await paperboy.digest_round()
        await chat.press(await chat.wait_for("Nothing strong today"), "silent")
        await chat.wait_for("Settings")
        choosy.clock.pass_by(days=1)
        await paperboy.digest_round()
        *_, told, silent = await all_digests(choosy)
    assert (told.state, told.lack) == (State.SENT, Lack.STRONG)
    assert (silent.state, silent.why) == (State.SKIPPED, Lack.STRONG)


async def test_without_a_threshold_the_best_of_the_rest_comes(choosy: Town) -> None:
    choosy.settings = choosy.settings.model_copy(update={"pick_percentile": 0})
    async with choosy.bot_awake() as paperboy:
        await paperboy.poll_round()
        chat = await have_read_all_on_bees(choosy)
        await paperboy.digest_round()
        assert len(titles(await chat.wait_for("☀️"))) == 3


async def test_an_explored_paper_is_labelled_and_its_odds_are_kept(town: Town) -> None:
    chat = town.chat()
    await ask(chat, 1)
    first = await chat.wait_for("fresh off the press")
    for number in (1, 2, 3):
        await chat.press(first, f"👍 {number}")
    town.dice.next = 0.0
    await ask(chat, 2)
    said = (await chat.wait_for("fresh off the press", 2))["text"]
    assert said.count(EXPLORED) == 1
    assert said.index(EXPLORED) > said.index("3. ")
    picks = (await all_digests(town))[-1].picks
    assert [pick.slot is Slot.EXPLORE for pick in picks] == [False, False, True]
    assert [pick.propensity is None for pick in picks] == [True, True, False]
