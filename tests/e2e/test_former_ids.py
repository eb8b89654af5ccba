"""A paper became part of another: buttons, questions and answers that bear its former id still work."""

from __future__ import annotations

from dataclasses import replace

import pytest
from town import Chat, Json, Town, titles

from bot.ranking.ranker import Ranker
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, readers, rules, saved, votes
from storage.ledger import Kind

TEXT = (
    "Kites climb where the wind shears; string, tail and frame are pulled, and lift is read from a spring. "
    * 3
)
NAMED = "2701.00001"
UNKNOWN = "no longer know"


async def store(town: Town, *told: Paper) -> tuple[int, ...]:
    async with town.bot.database.writing() as session:
        return (await papers.upsert(session, told, town.clock())).added


class Pair:
    """Two rows of one paper, until it is known that they are."""

    def __init__(self, town: Town, kept: int, gone: int) -> None:
        self.town = town
        self.kept = kept
        self.gone = gone

    async def join(self) -> None:
        await store(self.town, Paper(title="Kites, read whole", abstract=TEXT, arxiv_id=NAMED))
        await self.town.bot.ranker.renew()

    async def card_of_gone(self, chat: Chat) -> Json:
        """Open the card of the row that goes, from a button of any message."""
        forged = await self.town.forge_button(chat.id, f"paper:{self.gone}:open")
        await chat.press_data(forged, f"paper:{self.gone}:open")
        return await chat.wait_for("Kites, by name")


@pytest.fixture
async def pair(town: Town) -> Pair:
    (kept,) = await store(town, Paper(title="Kites, read whole", abstract=TEXT))
    (gone,) = await store(town, Paper(title="Kites, by name", arxiv_id=NAMED, authors=("Ada Kite",)))
    await town.bot.ranker.renew()
    return Pair(town, kept, gone)


@pytest.fixture
async def chat(town: Town) -> Chat:
    """A chat that has begun."""
    chat = town.chat()
    await chat.say("/help")
    await chat.wait_for("/today")
    return chat


async def test_a_thumb_on_an_old_card_is_a_vote_on_the_paper_that_stays(
    town: Town, chat: Chat, pair: Pair
) -> None:
    card = await pair.card_of_gone(chat)
    await pair.join()
    await chat.press(card, "👍")
    redrawn = await chat.wait_for_label(card, "✅ 👍")
    assert "no longer" not in redrawn["text"]
    async with town.bot.database.reading() as session:
        assert [vote.paper_id for vote in await votes.of_chat(session, chat.id)] == [pair.kept]


@pytest.mark.parametrize("act", ["open", "why", "less"])
async def test_an_old_button_opens_the_paper_that_stays(town: Town, chat: Chat, pair: Pair, act: str) -> None:
    await pair.join()
    forged = await town.forge_button(chat.id, f"paper:{pair.gone}:{act}")
    assert UNKNOWN not in (await chat.press_data(forged, f"paper:{pair.gone}:{act}")).get("text", "")
    await chat.wait_for("Kites, read whole")


async def test_more_like_an_old_card_names_neither_twice(town: Town, chat: Chat, pair: Pair) -> None:
    """What is like a paper is not the paper itself under the id that it had."""
    await store(town, Paper(title="Kites again", abstract=TEXT.replace("climb", "soar")))
    card = await pair.card_of_gone(chat)
    await pair.join()
    await chat.press(card, "More like this")
    assert titles(await chat.wait_for("Kites again"))[1:] == ["Kites again"]


async def test_what_an_old_message_offers_to_mute_is_muted(town: Town, chat: Chat, pair: Pair) -> None:
    await pair.join()
    forged = await town.forge_button(chat.id, f"rule:less:{pair.gone}:author")
    await chat.press_data(forged, f"rule:less:{pair.gone}:author")
    await chat.wait_for("Muted: papers by Ada Kite")
    async with town.bot.database.reading() as session:
        assert [kept.rule.phrase for kept in await rules.of_chat(session, chat.id)] == ["Ada Kite"]


async def test_a_note_that_was_asked_for_before_is_kept(town: Town, chat: Chat, pair: Pair) -> None:
    card = await pair.card_of_gone(chat)
    await chat.press(card, "🔖")
    card = await chat.wait_for_label(card, "📝 Note")
    await chat.press(card, "📝")
    await chat.wait_for("What shall I note")
    await pair.join()
    await chat.say("for the windy days")
    await chat.wait_for("Noted")
    async with town.bot.database.reading() as session:
        (kept,) = await saved.of_chat(session, chat.id, limit=9)
    assert (kept.paper_id, kept.note) == (pair.kept, "for the windy days")


async def test_a_command_that_answers_an_old_card_means_the_paper_that_stays(
    town: Town, chat: Chat, pair: Pair
) -> None:
    card = await pair.card_of_gone(chat)
    await pair.join()
    await chat.reply(card, "/why")
    await chat.wait_for("Kites, read whole")


async def test_a_card_on_the_table_is_voted_on_under_its_former_id(
    town: Town, chat: Chat, pair: Pair
) -> None:
    """The vote counts for the paper that stays, and the next card follows."""
    await chat.say("/today")
    await chat.wait_for("fresh off the press")
    async with town.bot.database.writing() as session:
        reader = await readers.get(session, chat.id)
        assert reader is not None
        await readers.save(session, replace(reader, asking=f"cards:{pair.gone}"))
    await pair.join()
    table = await town.forge_button(chat.id, f"start:card:{pair.gone}:up")
    await chat.press_data(table, f"start:card:{pair.gone}:up")
    await chat.wait_for("Paper 2 of 5")
    async with town.bot.database.reading() as session:
        assert [vote.paper_id for vote in await votes.of_chat(session, chat.id)] == [pair.kept]
        reader = await readers.get(session, chat.id)
    assert reader is not None
    assert (reader.asking or "").startswith(f"cards:{pair.kept},")


class Interrupted:
    """A ranker that takes so long that two papers become one meanwhile."""

    def __init__(self, ranker: Ranker, pair: Pair) -> None:
        self.ranker = ranker
        self.pair = pair

    async def pick(self, *asked: object) -> list[Pick]:
        picks = await self.ranker.pick(*asked)
        await self.pair.join()
        return picks


async def test_papers_that_become_one_while_they_are_picked_are_promised_once(
    town: Town, chat: Chat, pair: Pair
) -> None:
    """The plan is made for the paper that stays."""
    async with town.bot.database.writing() as session:
        reader, _ = await readers.subscribe(session, chat.id, "private", town.clock())
    planner = replace(town.bot.planner, ranker=Interrupted(town.bot.ranker, pair))
    (digest_id,) = await planner.plan_asked(replace(reader, picks=20), 99, town.clock())
    async with town.bot.database.reading() as session:
        digest = await ledger.get(session, chat.id, digest_id)
    assert digest is not None
    promised = [pick.paper_id for pick in digest.picks]
    assert promised.count(pair.kept) == 1
    assert sorted(promised) == list(range(1, 12))


async def test_a_digest_that_has_to_be_sent_again_names_the_paper_that_stays(town: Town, pair: Pair) -> None:
    """Telegram was out of order at the first try; the two rows were joined since."""
    chat = town.chat()
    await chat.say("/help")
    await chat.wait_for("/today")
    async with town.bot.database.writing() as session:
        await readers.subscribe(session, chat.id, "private", town.clock())
        await ledger.plan(session, chat.id, Kind.ASKED, [Pick(pair.gone, 0.9, Slot.TASTE)], town.clock())
    await town.fault(method="sendMessage", kind="server_error")
    await town.bot.deliverer.deliver_due()
    await pair.join()
    town.clock.pass_by(minutes=1)
    await town.bot.deliverer.deliver_due()
    assert titles((await chat.from_bot())[-1]) == ["Kites, read whole"]
