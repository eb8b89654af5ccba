from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import settled
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from recommender.values import Interest, Paper, Pick, Slot, Vote
from storage import interests, ledger, readers, rules, saved, votes
from storage.database import Database, StorageError
from storage.ledger import Kind, State
from storage.readers import Reader, ReaderState
from storage.states import Layout
from storage.tables import metadata

OLD, NEW = -123, -1_001_234_567_890
MESSAGE = 5
BIRDS, FISH = Interest(-2, "birds"), Interest(-1, "fish", wanted=False)
MUTE, FOLLOW = Rule(RuleKind.MUTE, "fish"), Rule(RuleKind.FOLLOW, "Ada", Field.AUTHOR)
HOUR = timedelta(hours=1)
TODAY, TOMORROW = date(2026, 1, 31), date(2026, 2, 1)


@pytest.fixture
async def session(database: Database, store: Callable[..., Awaitable[object]]) -> AsyncIterator[AsyncSession]:
    """Open a transaction on a database with the papers 1 and 2."""
    await store(Paper(title="A"), Paper(title="B"))
    async with database.writing() as session:
        yield session


async def subscribed(session: AsyncSession, chat_id: int, now: datetime, **settings: object) -> Reader:
    """Make a reader with some settings."""
    reader, _ = await readers.subscribe(session, chat_id, "group", now)
    reader = replace(reader, **settings)
    await readers.save(session, reader)
    return reader


async def daily(session: AsyncSession, chat_id: int, now: datetime, day: date, state: State) -> int:
    """Write a daily digest that got as far as ``state``."""
    digest_id = await ledger.plan(
        session, chat_id, Kind.DAILY, [Pick(1, 0.5, Slot.TRENDING)], now, local_day=day
    )
    assert digest_id is not None
    if state in {State.SENDING, State.SENT}:
        await ledger.claim(session, now, HOUR, 1, digest_id=digest_id)
    if state is State.SENT:
        await settled.sent(session, digest_id, MESSAGE, now)
    return digest_id


async def state_of(session: AsyncSession, digest_id: int) -> tuple[date | None, State]:
    """Read the day and the state of a digest that is the new chat's."""
    digest = await ledger.get(session, NEW, digest_id)
    assert digest is not None
    return digest.local_day, digest.state


async def count_rows(session: AsyncSession, chat_id: int) -> list[int]:
    """Count what names a chat, in every table that names chats."""
    tables = [table for table in metadata.tables.values() if "chat_id" in table.c]
    counts = [select(func.count()).where(table.c.chat_id == chat_id) for table in tables]
    return [(await session.execute(count)).scalar_one() for count in counts]


class TestSubscribing:
    async def test_a_new_reader_has_the_defaults(self, session: AsyncSession, now: datetime) -> None:
        """Three picks, no hour, active; and it is said to be new."""
        assert await readers.subscribe(session, NEW, "group", now) == (
            Reader(chat_id=NEW, kind="group", picks=3, hour=None, state=ReaderState.ACTIVE),
            True,
        )

    async def test_a_reader_comes_back_with_their_settings(
        self, session: AsyncSession, now: datetime
    ) -> None:
        """Subscribing again wakes a reader and keeps what was chosen."""
        await subscribed(session, NEW, now, hour=7, state=ReaderState.BLOCKED, misses=2)
        again, new = await readers.subscribe(session, NEW, "group", now)
        assert not new
        assert (again.hour, again.state, again.misses) == (7, ReaderState.ACTIVE, 0)
        assert await readers.get(session, NEW) == again

    async def test_all_settings_are_saved(self, session: AsyncSession, now: datetime) -> None:
        """Every setting comes back as it was saved, the due time in UTC."""
        saved = await subscribed(
            session,
            NEW,
            now,
            hour=0,
            timezone="Asia/Kathmandu",
            picks=5,
            tell_empty=False,
            state=ReaderState.PAUSED,
            next_due_at=now,
            asking="note:123",
            misses=1,
            days=0b0011111,
            quiet_until=TODAY,
            on_arrival=True,
            layout=Layout.CARDS,
            percentile=90,
            language="zh-hans",
            topic_id=2**40,
        )
        assert await readers.get(session, NEW) == saved

    async def test_a_stranger_cannot_be_saved(self, session: AsyncSession) -> None:
        """Saving a chat that never subscribed is told as an error; reading one gives None."""
        with pytest.raises(StorageError, match="is no reader"):
            await readers.save(session, Reader(chat_id=9, kind="private"))
        assert await readers.get(session, 9) is None


class TestDue:
    async def test_longest_due_first(self, session: AsyncSession, now: datetime) -> None:
        """Who is due by now is found, whoever waits longest first, no more than asked for."""
        await subscribed(session, 1, now, next_due_at=now)
        await subscribed(session, 2, now, next_due_at=now - HOUR)
        await subscribed(session, 3, now, next_due_at=now + HOUR)
        await subscribed(session, 4, now)
        assert [reader.chat_id for reader in await readers.due(session, now)] == [2, 1]
        assert [reader.chat_id for reader in await readers.due(session, now, limit=1)] == [2]

    @pytest.mark.parametrize("state", [ReaderState.PAUSED, ReaderState.BLOCKED, ReaderState.GONE])
    async def test_only_active_readers_are_due(
        self, session: AsyncSession, now: datetime, state: ReaderState
    ) -> None:
        """A reader who is not active is never due."""
        await subscribed(session, 1, now, next_due_at=now, state=state)
        assert await readers.due(session, now) == []

    async def test_who_waits_for_the_list_is_awakened(self, session: AsyncSession, now: datetime) -> None:
        """Whoever wants their digest on arrival is due now, not later than they were, and nobody else."""
        waiting = {"on_arrival": True, "timezone": "Asia/Kathmandu"}
        await subscribed(session, 1, now, **waiting)
        await subscribed(session, 2, now, **waiting, next_due_at=now - HOUR)
        await subscribed(session, 3, now, **waiting, state=ReaderState.PAUSED)
        await subscribed(session, 4, now, timezone="Asia/Kathmandu", hour=7)
        await subscribed(session, 5, now, on_arrival=True)
        await readers.awaken(session, now)
        due = await readers.due(session, now)
        assert [(reader.chat_id, reader.next_due_at) for reader in due] == [(2, now - HOUR), (1, now)]

    async def test_readers_are_counted_by_state(self, session: AsyncSession, now: datetime) -> None:
        """Each state has its count, also where it is nought."""
        await subscribed(session, 1, now)
        await subscribed(session, 2, now, state=ReaderState.PAUSED)
        counted = await readers.count(session)
        assert counted == {
            ReaderState.ACTIVE: 1,
            ReaderState.PAUSED: 1,
            ReaderState.BLOCKED: 0,
            ReaderState.GONE: 0,
        }


class TestMove:
    async def test_all_that_is_theirs_follows(self, session: AsyncSession, now: datetime) -> None:
        """Settings, votes, wishes and digests of a group are its supergroup's, and nothing is left behind."""
        old = await subscribed(session, OLD, now, hour=7, timezone="Europe/Paris")
        await votes.put(session, OLD, 1, 1, up=True, now=now)
        await interests.put(session, OLD, [BIRDS, FISH], now)
        await saved.put(session, OLD, 1, now)
        await rules.put(session, OLD, MUTE, now)
        digest_id = await daily(session, OLD, now, TODAY, State.SENT)
        await readers.move(session, OLD, NEW)
        assert await interests.of_chat(session, NEW) == [BIRDS, FISH]
        assert [kept.paper_id for kept in await saved.of_chat(session, NEW, limit=9)] == [1]
        assert [kept.rule for kept in await rules.of_chat(session, NEW)] == [MUTE]
        assert await readers.get(session, NEW) == replace(old, chat_id=NEW)
        assert await readers.get(session, OLD) is None
        assert await votes.of_chat(session, NEW) == [Vote(1, up=True, at=now)]
        assert await votes.of_chat(session, OLD) == []
        assert await state_of(session, digest_id) == (TODAY, State.SENT)
        assert not any(await count_rows(session, OLD))

    async def test_messages_stay_behind(self, session: AsyncSession, now: datetime) -> None:
        """A message of the new chat that has the number of an old one is no digest."""
        await subscribed(session, OLD, now)
        await daily(session, OLD, now, TODAY, State.SENT)
        assert await ledger.of_message(session, OLD, MESSAGE) is not None
        await readers.move(session, OLD, NEW)
        assert await ledger.of_message(session, NEW, MESSAGE) is None

    async def test_wishes_of_both_chats_are_kept(self, session: AsyncSession, now: datetime) -> None:
        """What both wished, ruled and saved is there once; of an interest, as the new chat has it."""
        for chat_id, fish in ((OLD, FISH), (NEW, replace(FISH, wanted=True))):
            await interests.put(session, chat_id, [fish], now)
            await rules.put(session, chat_id, MUTE, now)
            await saved.put(session, chat_id, 1, now)
            await saved.annotate(session, chat_id, 1, str(chat_id))
        await interests.put(session, OLD, [BIRDS], now)
        await rules.put(session, OLD, FOLLOW, now)
        await saved.put(session, OLD, 2, now)
        await readers.move(session, OLD, NEW)
        assert {*await interests.of_chat(session, NEW)} == {BIRDS, replace(FISH, wanted=True)}
        assert [kept.rule for kept in await rules.of_chat(session, NEW)] == [MUTE, FOLLOW]
        notes = {kept.paper_id: kept.note for kept in await saved.of_chat(session, NEW, limit=9)}
        assert notes == {1: f"{NEW}\n{OLD}", 2: None}
        assert not any(await count_rows(session, OLD))

    async def test_the_loser_of_a_day_sends_no_card(self, session: AsyncSession, now: datetime) -> None:
        """Of a digest in cards that loses its day all that is only planned is skipped."""
        cards = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.5, Slot.TASTE)]
        lead_id = await ledger.plan(
            session, OLD, Kind.DAILY, cards, now, local_day=TODAY, layout=Layout.CARDS
        )
        assert lead_id is not None
        planned = await ledger.cards(session, OLD, lead_id)
        await daily(session, NEW, now, TODAY, State.SENT)
        await readers.move(session, OLD, NEW)
        assert [await state_of(session, card) for card in planned] == [(None, State.SKIPPED)] * 2

    async def test_two_readers_become_one(self, session: AsyncSession, now: datetime) -> None:
        """A new chat that chose nothing takes over the old one's settings, and is active if either was."""
        await subscribed(session, OLD, now, hour=7, picks=5)
        await subscribed(session, NEW, now, state=ReaderState.PAUSED)
        await readers.move(session, OLD, NEW)
        assert await readers.get(session, NEW) == Reader(chat_id=NEW, kind="group", hour=7, picks=5)
        assert await readers.get(session, OLD) is None

    async def test_what_the_new_chat_chose_stands(self, session: AsyncSession, now: datetime) -> None:
        """A new chat with an hour of its own keeps its settings."""
        await subscribed(session, OLD, now, hour=7)
        await subscribed(session, NEW, now, hour=8)
        await readers.move(session, OLD, NEW)
        reader = await readers.get(session, NEW)
        assert reader is not None
        assert reader.hour == 8

    async def test_what_comes_on_arrival_is_chosen_too(self, session: AsyncSession, now: datetime) -> None:
        """A new chat that wants its digest as soon as the list is out keeps its settings."""
        await subscribed(session, OLD, now, hour=7, next_due_at=now)
        await subscribed(session, NEW, now, on_arrival=True)
        await readers.move(session, OLD, NEW)
        reader = await readers.get(session, NEW)
        assert reader is not None
        assert (reader.on_arrival, reader.hour, reader.next_due_at) == (True, None, None)

    async def test_a_reader_awakened_by_the_move_is_due(self, session: AsyncSession, now: datetime) -> None:
        """Where the chat whose settings stand was away, the digest comes when the other's was due."""
        await subscribed(session, OLD, now, hour=7, next_due_at=now + HOUR)
        await subscribed(session, NEW, now, hour=8, state=ReaderState.BLOCKED)
        await readers.move(session, OLD, NEW)
        reader = await readers.get(session, NEW)
        assert reader is not None
        assert (reader.state, reader.hour, reader.next_due_at) == (ReaderState.ACTIVE, 8, now + HOUR)

    async def test_of_two_votes_the_newer_stands(self, session: AsyncSession, now: datetime) -> None:
        """Votes of both chats are kept; where a person voted on a paper in both, the newer one."""
        await votes.put(session, OLD, 1, 1, up=True, now=now + HOUR)
        await votes.put(session, NEW, 1, 1, up=False, now=now)
        await votes.put(session, OLD, 1, 2, up=True, now=now)
        await votes.put(session, NEW, 1, 2, up=False, now=now + HOUR)
        await votes.put(session, OLD, 2, 1, up=True, now=now)
        await readers.move(session, OLD, NEW)
        assert await votes.of_person(session, NEW, 1, [1, 2]) == {1: True, 2: False}
        assert await votes.of_person(session, NEW, 2, [1]) == {1: True}

    @pytest.mark.parametrize(
        ("of_old", "of_new", "old_keeps_the_day"),
        [
            (State.SENT, State.PLANNED, True),
            (State.PLANNED, State.SENT, False),
            (State.SENDING, State.PLANNED, True),
            (State.PLANNED, State.PLANNED, False),
        ],
    )
    async def test_of_two_days_one_stands(
        self, session: AsyncSession, now: datetime, of_old: State, of_new: State, *, old_keeps_the_day: bool
    ) -> None:
        """Of two daily digests of one day, the one that got further keeps it; a planned loser is not sent."""
        old = await daily(session, OLD, now, TODAY, of_old)
        new = await daily(session, NEW, now, TODAY, of_new)
        await daily(session, OLD, now, TOMORROW, State.PLANNED)
        await readers.move(session, OLD, NEW)
        keeper, loser = (old, new) if old_keeps_the_day else (new, old)
        assert await state_of(session, keeper) == (TODAY, of_old if old_keeps_the_day else of_new)
        assert await state_of(session, loser) == (None, State.SKIPPED)

    async def test_two_that_were_sent_stay_delivered(self, session: AsyncSession, now: datetime) -> None:
        """A sent digest that loses its day is still known as sent."""
        old = await daily(session, OLD, now, TODAY, State.SENT)
        await daily(session, NEW, now, TODAY, State.SENT)
        await readers.move(session, OLD, NEW)
        assert await state_of(session, old) == (None, State.SENT)

    async def test_moving_nowhere_changes_nothing(self, session: AsyncSession, now: datetime) -> None:
        """A chat moved to itself keeps everything."""
        reader = await subscribed(session, NEW, now)
        await votes.put(session, NEW, 1, 1, up=True, now=now)
        await readers.move(session, NEW, NEW)
        assert await readers.get(session, NEW) == reader
        assert len(await votes.of_chat(session, NEW)) == 1
