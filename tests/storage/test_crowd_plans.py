from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import settled
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from recommender.values import Paper, Pick, Reason, Slot
from storage import joining, ledger, readers
from storage.crowd_plans import Plan, enter
from storage.database import Database
from storage.digests import read
from storage.ledger import Digest, Kind, Lack, State
from storage.readers import Layout, Reader, ReaderState
from storage.tables import DIGESTS

HERE, THERE = -1_001_234_567_890, 2**40
TODAY, TOMORROW = date(2026, 1, 31), date(2026, 2, 1)
NEXT = datetime(2026, 2, 1, 7, tzinfo=UTC)
DAY = timedelta(days=1)
LEASE = timedelta(minutes=2)
PICKS = (
    Pick(2, 0.75, Slot.TASTE, Reason(1, ("graph", "naïve", '"')), rule=Rule(RuleKind.BOOST, "a", Field.ANY)),
    Pick(1, -0.1, Slot.EXPLORE, propensity=0.0125),
    Pick(3, 1 / 3, Slot.TASTE, Reason(-(2**62), ())),
)

DECISIVE: Sequence[dict[str, Any]] = (
    {"state": ReaderState.PAUSED},
    {"next_due_at": NEXT},
    {"hour": 9},
    {"timezone": "Asia/Kathmandu"},
    {"picks": 5},
    {"tell_empty": False},
    {"days": 1},
    {"quiet_until": TOMORROW},
    {"on_arrival": True},
    {"layout": Layout.CARDS},
    {"percentile": 90},
    {"topic_id": 7},
)


async def due(session: AsyncSession, now: datetime, chat_id: int, **wishes: Any) -> Reader:
    """Have a reader who is due."""
    chosen: dict[str, Any] = {"kind": "private", "hour": 7, "timezone": "UTC", "next_due_at": now} | wishes
    reader = Reader(chat_id=chat_id, **chosen)
    await readers.subscribe(session, chat_id, reader.kind, now)
    await readers.save(session, reader)
    return reader


def plan(reader: Reader, picks: Sequence[Pick] = PICKS, **given: Any) -> Plan:
    return Plan(reader=reader, local_day=TODAY, next_due_at=NEXT, picks=picks, **given)


async def enter_all(session: AsyncSession, now: datetime, *plans: Plan) -> set[int]:
    return await enter(session, plans, now, since=now - 7 * DAY)


async def messages(session: AsyncSession, chat_id: int) -> list[Digest]:
    """Read all that the ledger holds for a chat, in order."""
    return await read(session, DIGESTS.c.chat_id == chat_id)


def from_first(digests: Sequence[Digest]) -> list[Digest]:
    """Number rows from the first one on, without gaps, and forget whose they are."""
    numbers = {digest.id: number for number, digest in enumerate(digests)}
    return [
        replace(digest, chat_id=0, id=numbers[digest.id], lead_id=digest.lead_id and numbers[digest.lead_id])
        for digest in digests
    ]


class TestWhatIsEntered:
    @pytest.mark.parametrize("layout", Layout)
    @pytest.mark.parametrize("picks", [PICKS, PICKS[:1]])
    async def test_picks_are_promised_as_to_one_reader(
        self, session: AsyncSession, now: datetime, layout: Layout, picks: Sequence[Pick]
    ) -> None:
        """In a list or in cards: the same rows, picks, places and times as `ledger.plan` writes."""
        many = [await due(session, now, chat, layout=layout, topic_id=chat % 3) for chat in (HERE, 3, THERE)]
        assert await enter_all(session, now, *(plan(reader, picks) for reader in many)) == {HERE, 3, THERE}
        await ledger.plan(
            session, 9, Kind.DAILY, picks, now, local_day=TODAY, layout=layout, topic_id=HERE % 3
        )
        alone = from_first(await messages(session, 9))
        for reader in many:
            here = from_first(await messages(session, reader.chat_id))
            assert here == [replace(digest, topic_id=reader.topic_id) for digest in alone]

    async def test_they_are_sent_as_those_of_one_reader(self, session: AsyncSession, now: datetime) -> None:
        """From now on, and a card only once the one before it is settled."""
        await enter_all(session, now, plan(await due(session, now, HERE, layout=Layout.CARDS)))
        assert await ledger.claim(session, now - timedelta.resolution, LEASE, 9) == []
        for pick in PICKS:
            [card] = await ledger.claim(session, now, LEASE, 9)
            assert card.picks == (pick,)
            await settled.sent(session, card.id, card.id, now)
        assert await ledger.claim(session, now, LEASE, 9) == []

    @pytest.mark.parametrize("layout", Layout)
    async def test_what_lacks_is_told(self, session: AsyncSession, now: datetime, layout: Layout) -> None:
        """In one message without picks."""
        await enter_all(
            session, now, plan(await due(session, now, HERE, layout=layout), (), lack=Lack.STRONG)
        )
        await ledger.plan(session, 9, Kind.DAILY, [], now, local_day=TODAY, lack=Lack.STRONG, layout=layout)
        assert from_first(await messages(session, HERE)) == from_first(await messages(session, 9))

    async def test_a_skipped_day_is_written_down(self, session: AsyncSession, now: datetime) -> None:
        """And never sent."""
        reader = await due(session, now, HERE, layout=Layout.CARDS, topic_id=7)
        await enter_all(session, now, plan(reader, (), skipped="nothing new"))
        await ledger.skip(session, 9, TODAY, "nothing new", now)
        assert from_first(await messages(session, HERE)) == from_first(await messages(session, 9))
        assert await ledger.claim(session, now + DAY, LEASE, 9) == []

    async def test_missed_days_are_written_down_before_it(self, session: AsyncSession, now: datetime) -> None:
        """Each with its reason, as by `ledger.skip`; a day that has a row keeps that."""
        reader, other = [await due(session, now, chat_id) for chat_id in (HERE, THERE)]
        missed = {TODAY - 2 * DAY: "late", TODAY - DAY: "very late"}
        for chat_id in (HERE, 9):
            await ledger.skip(session, chat_id, TODAY - 2 * DAY, "nothing new", now)
        await enter_all(session, now, plan(other), plan(reader, missed=missed))
        await ledger.skip(session, 9, TODAY - DAY, "very late", now)
        await ledger.plan(session, 9, Kind.DAILY, PICKS, now, local_day=TODAY)
        assert from_first(await messages(session, HERE)) == from_first(await messages(session, 9))
        assert len(await messages(session, THERE)) == 1

    async def test_where_no_day_is_open_only_missed_ones_get_rows(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """And readers move on, also those who missed none."""
        reader, other = [await due(session, now, chat_id) for chat_id in (HERE, THERE)]
        missed = {TODAY - DAY: "late"}
        plans = [
            Plan(reader=reader, local_day=None, next_due_at=NEXT, missed=missed),
            Plan(reader=other, local_day=None, next_due_at=None),
        ]
        assert await enter_all(session, now, *plans) == {HERE, THERE}
        [row] = await messages(session, HERE)
        assert (row.local_day, row.state, row.why) == (TODAY - DAY, State.SKIPPED, "late")
        assert await messages(session, THERE) == []
        assert await readers.get(session, THERE) == replace(other, next_due_at=None)

    async def test_all_kinds_may_be_entered_together(self, session: AsyncSession, now: datetime) -> None:
        listed, carded, lacking, skipped = [
            await due(session, now, chat_id, layout=Layout.CARDS if chat_id == 2 else Layout.LIST)
            for chat_id in (1, 2, 3, 4)
        ]
        plans = [
            plan(listed),
            plan(carded),
            plan(lacking, (), lack=Lack.NEW),
            plan(skipped, (), skipped="no"),
        ]
        assert await enter_all(session, now, *plans) == {1, 2, 3, 4}
        assert [len(await messages(session, chat_id)) for chat_id in (1, 2, 3, 4)] == [1, 3, 1, 1]

    async def test_readers_move_on(self, session: AsyncSession, now: datetime) -> None:
        """Each to a moment of its own, or to none; nothing else of them changes."""
        first, second, other = [await due(session, now, chat_id) for chat_id in (1, 2, 3)]
        await enter_all(session, now, plan(first), replace(plan(second), next_due_at=None))
        assert await readers.of_chats(session, [1, 2, 3]) == {
            1: replace(first, next_due_at=NEXT),
            2: replace(second, next_due_at=None),
            3: other,
        }

    async def test_nothing_planned_is_nothing(self, session: AsyncSession, now: datetime) -> None:
        assert await enter_all(session, now) == set()

    @pytest.mark.parametrize("given", [{}, {"lack": Lack.NEW, "skipped": "no"}])
    def test_a_day_is_one_thing(self, given: dict[str, Any], now: datetime) -> None:
        """A plan of nothing, or of two things, is a bug."""
        with pytest.raises(ValueError, match="a day has picks"):
            plan(Reader(chat_id=1, kind="private", next_due_at=now), (), **given)
        with pytest.raises(ValueError, match="a day has picks"):
            replace(plan(Reader(chat_id=1, kind="private", next_due_at=now)), local_day=None)


class TestWhatIsLeft:
    async def test_readers_who_changed_meanwhile_are_left_as_they_are(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """A plan was made for other wishes, or another process has planned the day; others are planned."""
        as_read = [await due(session, now, chat_id) for chat_id in range(len(DECISIVE))]
        changed = [replace(reader, **change) for reader, change in zip(as_read, DECISIVE, strict=True)]
        for reader in changed:
            await readers.save(session, reader)
        other = await due(session, now, THERE)
        assert await enter_all(session, now, plan(other), *map(plan, as_read)) == {THERE}
        assert [await readers.get(session, reader.chat_id) for reader in changed] == changed
        assert [await messages(session, reader.chat_id) for reader in changed] == [[]] * len(DECISIVE)

    async def test_what_no_plan_depends_on_may_change(self, session: AsyncSession, now: datetime) -> None:
        """And stays as it was changed."""
        reader = await due(session, now, HERE)
        changes: dict[str, Any] = {"asking": "city", "language": "de", "misses": 2, "kind": "group"}
        await readers.save(session, replace(reader, **changes))
        assert await enter_all(session, now, plan(reader)) == {HERE}
        assert await readers.get(session, HERE) == replace(reader, next_due_at=NEXT, **changes)

    async def test_a_chat_that_was_forgotten_gets_nothing(self, session: AsyncSession, now: datetime) -> None:
        forgotten = Reader(chat_id=HERE, kind="private", next_due_at=now)
        assert await enter_all(session, now, plan(forgotten)) == set()
        assert await messages(session, HERE) == []

    async def test_a_day_that_has_a_row_gets_no_second(self, session: AsyncSession, now: datetime) -> None:
        """The reader moves on all the same."""
        reader, other = await due(session, now, HERE), await due(session, now, THERE)
        await ledger.skip(session, HERE, TODAY, "late", now)
        assert await enter_all(session, now, plan(reader), plan(other)) == {HERE, THERE}
        assert [digest.state for digest in await messages(session, HERE)] == [State.SKIPPED]
        assert await readers.get(session, HERE) == replace(reader, next_due_at=NEXT)

    async def test_what_was_promised_meanwhile_is_not_promised_again(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """The reader stays due; others who are to have the same paper are planned."""
        reader, other = await due(session, now, HERE), await due(session, now, THERE)
        await ledger.plan(session, HERE, Kind.ASKED, PICKS[1:2], now)
        assert await enter_all(session, now, plan(reader), plan(other)) == {THERE}
        assert await readers.get(session, HERE) == reader
        assert await messages(session, THERE) != []

    @pytest.mark.parametrize("gone", [1, 2])
    async def test_papers_that_are_no_more_are_not_promised(
        self, session: AsyncSession, now: datetime, gone: int
    ) -> None:
        """Be it the picked one or its reason: the reader stays due, and is picked for anew."""
        reader, other = await due(session, now, HERE), await due(session, now, THERE)
        await joining.join_papers(session, {gone: 3})
        assert await enter_all(session, now, plan(reader, PICKS[:1]), plan(other, PICKS[2:])) == {THERE}
        assert await readers.get(session, HERE) == reader


async def test_two_that_enter_the_same_plans_enter_them_once(
    database: Database, url: str, now: datetime, store: Any
) -> None:
    """In whatever order each has them: who comes second waits, and finds the readers moved on."""
    await store(*(Paper(title=title) for title in "ABC"))
    second = Database(url)
    async with second.writing() as session:  # which has a connection from here on
        plans = [plan(await due(session, now, chat_id)) for chat_id in range(1, 41)]

    async def come_second() -> set[int]:
        async with second.writing() as session:
            return await enter_all(session, now, *plans[::-1])

    async with database.writing() as session:
        assert await enter_all(session, now, *plans) == {*range(1, 41)}
        coming = asyncio.create_task(come_second())
        await asyncio.sleep(0.3)  # so that it has most likely begun
    assert await coming == set()
    await second.close()
    async with database.reading() as session:
        assert [len(await messages(session, chat_id)) for chat_id in range(1, 41)] == [1] * 40
