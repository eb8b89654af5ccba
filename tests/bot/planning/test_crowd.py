"""Planned for in a crowd or alone, a reader gets the same: a town of all kinds of them, real databases."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession
from two_subjects import TwoSubjects

from bot.planning import Planner, one_reader
from bot.planning.parties import DEPTHS
from bot.ranking.meanings import Meanings
from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from bot.ranking.space_file import SpaceFolder
from bot.ranking.strength import Strength
from recommender.concordance import Field
from recommender.first_history import state, state_paper
from recommender.interests import read_interests
from recommender.rules import Rule, RuleKind
from recommender.values import Paper, Pick, Slot
from storage import digests, interests, ledger, papers, readers, rules, votes
from storage.database import Database
from storage.digests import Digest, Kind
from storage.readers import Reader
from storage.states import Layout
from storage.tables import DIGESTS

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
WINDOW = timedelta(days=7)
SUBJECTS = {
    "bees": "Bees dance in the hive; honey, pollen and wax are weighed by the swarm",
    "ships": "Ships of oak with a keel and a mast; anchors, rudders and sails are drawn",
    "bread": "Sourdough bread rises by yeast and salt; crust, crumb and steam are baked",
    "chess": "Chess engines search openings and endgames; a pawn and a rook are traded",
    "ice": "Glaciers calve icebergs over moraines; meltwater and snow are surveyed",
}
OLD, RECENT = 30, 40
OLD_CAME = (90, 60, 30)  # days ago, a third each
TWIN = 1_000  # added to a chat's id
OVERSLEPT = (timedelta(hours=13), timedelta(days=1), timedelta(days=4))


def listed(count: int, since: int) -> list[Paper]:
    """Write papers on all subjects in turn, more or less liked."""
    names = list(SUBJECTS)
    return [
        Paper(
            title=f"{names[number % len(names)]} study {number}",
            abstract=f"{SUBJECTS[names[number % len(names)]]}, case {number} of {number % 7}.",
            authors=(f"Author {number % 6}",),
            upvotes=number * 7 % 23,
        )
        for number in range(since, since + count)
    ]


class Settler:
    """Settles one reader after the other, each with a twin who is the same in all but the number."""

    def __init__(self, session: AsyncSession, chance: random.Random) -> None:
        self.session = session
        self.chance = chance
        self.paper_ids = range(1, OLD + RECENT + 1)

    async def settle(self, chat_id: int) -> None:
        script = self.chance.getrandbits(64)
        for each in (chat_id, chat_id + TWIN):
            self.chance.seed(script)
            await self._subscribe(each)
            await self._vote(each)
            await self._state(each)
            await self._rule(each)
            await self._remember(each)

    async def _subscribe(self, chat_id: int) -> None:
        choose = self.chance.choice
        reader, _ = await readers.subscribe(self.session, chat_id, "private", NOW)
        chosen = replace(
            reader,
            hour=choose([7, 8]),
            timezone=choose(["UTC", "UTC", "Europe/Berlin", "Asia/Kathmandu"]),
            picks=choose([1, 2, 3, 3, 5]),
            tell_empty=choose([True, False]),
            days=choose([127, 127, 1]),
            on_arrival=choose([False] * 4 + [True]),
            layout=choose([Layout.LIST, Layout.CARDS]),
            percentile=choose([None, None, 0, 60, 99]),
            topic_id=choose([None, 3]),
            next_due_at=NOW - choose([timedelta(), timedelta(), timedelta(minutes=30), *OVERSLEPT]),
        )
        await readers.save(self.session, chosen)

    async def _vote(self, chat_id: int) -> None:
        for person in range(self.chance.choice([0, 1, 1, 2])):
            liked = self.chance.sample(self.paper_ids, self.chance.choice([0, 1, 5, 20]))
            for place, paper_id in enumerate(liked):
                at = NOW - timedelta(minutes=place // 2)
                up = self.chance.random() < 0.7
                await votes.put(self.session, chat_id, person, paper_id, up, at)

    async def _state(self, chat_id: int) -> None:
        if self.chance.random() < 0.3:
            said = state(read_interests(self.chance.choice(["bees and honey", "keel, not chess", "zzzz"])))
            await interests.put(self.session, chat_id, said, NOW)
        if self.chance.random() < 0.2:
            brought = [state_paper("Of rooks and pawns", "Endgames and openings.", wanted=False)]
            await interests.put(self.session, chat_id, brought, NOW)

    async def _rule(self, chat_id: int) -> None:
        kept = [
            Rule(RuleKind.MUTE, "glaciers"),
            Rule(RuleKind.BOOST, "honey"),
            Rule(RuleKind.FOLLOW, "Author 3", Field.AUTHOR),
        ]
        for rule in kept:
            if self.chance.random() < 0.2:
                await rules.put(self.session, chat_id, rule, NOW)

    async def _remember(self, chat_id: int) -> None:
        """Have digests stand in the ledger: one that was asked for, nearly all there is, or today's."""
        given = self.chance.choice([0, 0, 3, RECENT - 4, RECENT])
        await self._give(chat_id, range(OLD + 1, OLD + 1 + given), NOW - timedelta(hours=3))
        given = self.chance.choice([0, 2, OLD - 2, OLD])
        await self._give(chat_id, range(OLD, OLD - given, -1), NOW - timedelta(days=20))
        if self.chance.random() < 0.1:
            await ledger.skip(self.session, chat_id, NOW.date(), "nothing new", NOW - timedelta(hours=3))
        if self.chance.random() < 0.2:
            await self._send_daily(chat_id, NOW - timedelta(hours=self.chance.choice([1, 30])))

    async def _give(self, chat_id: int, paper_ids: Sequence[int], at: datetime) -> None:
        told = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in paper_ids]
        await ledger.plan(self.session, chat_id, Kind.ASKED, told, at)

    async def _send_daily(self, chat_id: int, at: datetime) -> None:
        """Have a digest of a day long ago sent, as where a clock was set back."""
        day = NOW.date() - timedelta(days=90)
        lead_id = await ledger.plan(
            self.session, chat_id, Kind.DAILY, [], at, local_day=day, lack=ledger.Lack.NEW
        )
        assert await ledger.claim(self.session, at, timedelta(minutes=5), 1, digest_id=lead_id)
        await settled.sent(self.session, lead_id or 0, 1, at)


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    yield database
    await database.close()


def plan_with(
    database: Database, folder: Path, draw: float = 0.999, model: TwoSubjects | None = None
) -> Planner:
    ranker = Ranker(database, Meanings(database, lambda: model), SpaceFolder(folder / "space"))
    strength = Strength(database, percentile=50)
    return Planner(database, ranker, Rulebooks(), strength, WINDOW, timedelta(hours=12), lambda: draw)


async def settle(
    database: Database, chance: random.Random, chats: Sequence[int], came: timedelta = timedelta(days=2)
) -> None:
    """Store papers, of which the last came so long ago, and settle readers."""
    async with database.writing() as session:
        third = OLD // len(OLD_CAME)
        for place, days in enumerate(OLD_CAME):
            await papers.upsert(session, listed(third, place * third), NOW - timedelta(days=days))
        await papers.upsert(session, listed(RECENT, OLD), NOW - came)
        settler = Settler(session, chance)
        for chat_id in chats:
            await settler.settle(chat_id)


async def what_became_of(database: Database, chat_id: int) -> tuple[Reader | None, list[Digest]]:
    """Read a reader and their ledger, less what tells twins apart."""
    async with database.reading() as session:
        reader = await readers.get(session, chat_id)
        found = await digests.read(session, DIGESTS.c.chat_id == chat_id)
    place = {digest.id: number for number, digest in enumerate(found)}
    return reader and replace(reader, chat_id=0), [
        replace(
            digest,
            id=place[digest.id],
            chat_id=0,
            lead_id=digest.lead_id and place[digest.lead_id],
            picks=tuple(replace(pick, score=round(pick.score, 6)) for pick in digest.picks),
        )
        for digest in found
    ]


@pytest.mark.parametrize(
    ("seed", "draw", "came"), [(1, 0.01, 2), (2, 0.4, 2), (3, 0.999, 2), (4, 0.01, 10), (5, 0.4, 10)]
)
async def test_in_a_crowd_each_gets_what_they_would_alone(
    database: Database, tmp_path: Path, seed: int, draw: float, came: int
) -> None:
    """The same papers, scores, reasons and terms, the same row for the day, and the next one as early.

    Where no paper is recent, as where many are.
    """
    chats = range(1, 40)
    dice = random.Random(seed)  # noqa: S311 - nobody is to be kept from guessing
    await settle(database, dice, chats, timedelta(days=came))
    planner = plan_with(database, tmp_path, draw)
    planned = await planner.plan_range(chats[0] + TWIN, chats[-1] + TWIN, NOW)
    assert (planned.readers, planned.failed) == (len(chats), 0)
    assert planned.alone < len(chats) / 4, "the crowd is what is tested here"
    await assert_alike_alone(planner, chats)


async def test_where_there_are_no_papers_at_all_each_is_told_as_they_would_be_alone(
    database: Database, tmp_path: Path
) -> None:
    """Who wants to hear of it is told that nothing is new; for the others the day is skipped."""
    async with database.writing() as session:
        for chat_id in range(1, 4):
            for each in (chat_id, chat_id + TWIN):
                await subscribe(session, each, tell_empty=chat_id == 1, on_arrival=chat_id == 2)
    planner = plan_with(database, tmp_path)
    assert (await planner.plan_range(TWIN, 2 * TWIN, NOW)).alone == 0
    await assert_alike_alone(planner, range(1, 4))
    _, [told] = await what_became_of(database, 1 + TWIN)
    assert (told.lack, told.why) == (ledger.Lack.NEW, None)


async def test_while_the_sources_are_down_nobody_is_planned_for_alone(
    database: Database, tmp_path: Path
) -> None:
    """A million at 20 ms each would wait for hours. What each was given before today is not theirs again."""
    chats = range(1, 20)
    await settle(database, random.Random(), [], WINDOW + timedelta(days=3))  # noqa: S311 - the same
    async with database.writing() as session:
        for chat_id in chats:
            for each in (chat_id, chat_id + TWIN):
                await subscribe(session, each)
                told = [Pick(OLD + place, 0.5, Slot.TASTE) for place in range(1, 2 * chat_id)]
                await ledger.plan(session, each, Kind.ASKED, told, NOW - timedelta(days=9))
    planner = plan_with(database, tmp_path)
    planned = await planner.plan_range(TWIN, 2 * TWIN, NOW)
    assert (planned.readers, planned.failed, planned.alone) == (len(chats), 0, 0)
    await assert_alike_alone(planner, chats[::6])


@pytest.mark.usefixtures("any_database")
async def test_who_had_nearly_all_older_papers_is_planned_for_alone(
    database: Database, tmp_path: Path
) -> None:
    """For them alone no more papers are looked through; who had half of them needs no other way."""
    deepest = DEPTHS[-1]
    async with database.writing() as session:
        await papers.upsert(
            session, [Paper(title=f"Study {number}") for number in range(deepest + 9)], NOW - 2 * WINDOW
        )
        for chat_id, had in ((1, deepest), (2, deepest // 2)):
            for each in (chat_id, chat_id + TWIN):
                await subscribe(session, each)
                told = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in range(1, 1 + had)]
                await ledger.plan(session, each, Kind.ASKED, told, NOW - WINDOW)
    planner = plan_with(database, tmp_path)
    assert (await planner.plan_range(TWIN, 2 * TWIN, NOW)).alone == 1
    await assert_alike_alone(planner, (1, 2))


async def test_what_changed_since_the_last_job_counts(database: Database, tmp_path: Path) -> None:
    """New papers, what the model has read since, and how many like a paper."""
    await settle(database, random.Random(7), range(1, 41))  # noqa: S311 - the same
    planner = plan_with(database, tmp_path, model=TwoSubjects())
    await planner.plan_range(1 + TWIN, 10 + TWIN, NOW)
    for first in (11, 21, 31):
        await planner.ranker.read_unread()
        await planner.plan_range(first + TWIN, first + 4 + TWIN, NOW)
        await assert_alike_alone(planner, range(first, first + 5))
        news = [replace(paper, upvotes=first * 40) for paper in listed(5, OLD + RECENT + first)]
        liked = replace(listed(1, OLD + first % 7)[0], upvotes=10_000 + first)
        async with database.writing() as session:
            await papers.upsert(session, [*news, liked], NOW - timedelta(hours=1))
        await planner.ranker.renew()
        planner.rulebooks.forget()
        await planner.plan_range(first + 5 + TWIN, first + 9 + TWIN, NOW)
        await assert_alike_alone(planner, range(first + 5, first + 10))


async def test_after_days_of_sleep_nobody_is_planned_for_alone(database: Database, tmp_path: Path) -> None:
    """A million at 25 ms each would wait for hours; all days that they missed are written down."""
    await settle(database, random.Random(), [])  # noqa: S311 - the same
    async with database.writing() as session:
        for chat_id in range(1, 20):
            await subscribe(session, chat_id, next_due_at=NOW - timedelta(days=3))
            await subscribe(session, chat_id + TWIN, next_due_at=NOW - timedelta(hours=13), hour=19)
    planned = await plan_with(database, tmp_path).plan_range(1, 2 * TWIN, NOW)
    assert (planned.readers, planned.failed, planned.alone) == (38, 0, 0)
    async with database.reading() as session:
        counts = await ledger.counts(session, NOW)
    assert (counts[ledger.State.PLANNED], counts[ledger.State.SKIPPED]) == (19, 3 * 19 + 19)


async def test_the_second_list_of_a_day_is_passed_over_together(database: Database, tmp_path: Path) -> None:
    """By those who wait for lists and have had one, and those to whom it brings nothing strong."""
    await settle(database, random.Random(), [])  # noqa: S311 - the same
    planner = plan_with(database, tmp_path)
    async with database.writing() as session:
        for chat_id in range(1, 20):
            await subscribe(session, chat_id, on_arrival=True)
        await ledger.skip(session, 1, NOW.date() + timedelta(days=1), "by a clock that was ahead", NOW)
    assert (await planner.plan_range(1, TWIN, NOW)).alone == 0
    later = NOW + timedelta(hours=1)
    await planner.welcome_list(later)
    planned = await planner.plan_range(1, TWIN, later)
    assert (planned.readers, planned.alone) == (19, 0)
    assert not (await planner.due_ids(later)).size
    _, [only_one] = await what_became_of(database, 1)
    assert only_one.why == "by a clock that was ahead"


async def subscribe(session: AsyncSession, chat_id: int, **wishes: Any) -> None:
    reader, _ = await readers.subscribe(session, chat_id, "private", NOW)
    chosen: dict[str, Any] = {"hour": 8, "timezone": "UTC", "next_due_at": NOW} | wishes
    await readers.save(session, replace(reader, **chosen))


async def assert_alike_alone(planner: Planner, chats: Sequence[int]) -> None:
    """Plan for the twins of those that a crowd was planned for with, one by one, and compare."""
    wishes = await planner.wish_strong(NOW)
    for chat_id in chats:
        async with planner.database.reading() as session:
            reader = await readers.get(session, chat_id)
        assert reader
        await one_reader.plan_daily(planner, reader, NOW, wishes)
        became = await what_became_of(planner.database, chat_id + TWIN)
        assert became == await what_became_of(planner.database, chat_id)
