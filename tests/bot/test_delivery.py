"""Delivery: what is due goes out side by side, once, and the ledger says what became of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from benchmarks.postoffice import (
    Cut,
    Late,
    PostOffice,
    Refused,
    Trouble,
    flooded,
    moved,
    opened,
    server_error,
)
from bot.chat.application import TelegramAccess, build_application
from bot.delivering.delivery import PLACES, SETTLE_SECONDS, Deliverer
from bot.delivering.in_hand import LEASE
from bot.pacing.limits import NO_LIMITS
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, readers
from storage.database import Database
from storage.ledger import Digest, Kind, State

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)
MAX_LATE = timedelta(hours=12)
TOKEN = "4242424242:a-token-that-opens-a-post-office"
FOREVER = Late(60.0)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Troubles:
    """What goes wrong with the messages to a chat, one after the other; ``before`` is called at each."""

    of: dict[int, list[Trouble | None]] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None

    def __call__(self, method: str, parameters: dict[str, str]) -> Trouble | None:
        if method != "sendmessage":
            return None
        self.before()
        ahead = self.of.get(int(parameters["chat_id"]))
        return ahead.pop(0) if ahead else None


@dataclass
class Mailroom:
    """A deliverer with a real database, and a post office over real HTTP."""

    file: Path
    database: Database
    deliverer: Deliverer
    office: PostOffice
    troubles: Troubles
    clock: Clock
    another: Callable[..., Deliverer]

    async def plan(self, *chat_ids: int, kind: str = "private", paper_id: int = 1) -> list[int]:
        """Plan a digest for each of the chats, which become readers."""
        planned = []
        async with self.database.writing() as session:
            for chat_id in chat_ids:
                await readers.subscribe(session, chat_id, kind, NOW)
                picks = [Pick(paper_id, 0.5, Slot.TRENDING)]
                planned.append(await ledger.plan(session, chat_id, Kind.ASKED, picks, NOW) or 0)
        return planned

    async def read(self, chat_id: int, digest_id: int) -> Digest:
        async with self.database.reading() as session:
            digest = await ledger.get(session, chat_id, digest_id)
        assert digest
        return digest

    async def count(self, state: State) -> int:
        async with self.database.reading() as session:
            return (await ledger.counts(session, NOW - timedelta(days=9)))[state]

    def letters(self) -> Counter[int]:
        """Count what each chat got."""
        return Counter(letter.chat_id for letter in self.office.letters)


@asynccontextmanager
async def open_mailroom(file: Path) -> AsyncIterator[Mailroom]:
    clock, troubles = Clock(), Troubles()
    office = PostOffice(troubles)
    database = Database(f"sqlite:///{file}", patience=timedelta(milliseconds=50))
    await database.open()
    async with opened(office) as url:
        async with database.writing() as session:
            await papers.upsert(session, [Paper(title=f"Kites {number}") for number in range(9)], NOW)
        application = build_application(TelegramAccess(TOKEN, url, NO_LIMITS))

        def deliverer(patience: float = SETTLE_SECONDS) -> Deliverer:
            return Deliverer(database, application.bot, clock, MAX_LATE, lambda: 0.0, patience=patience)

        await application.initialize()
        try:
            yield Mailroom(file, database, deliverer(), office, troubles, clock, deliverer)
        finally:
            await application.shutdown()
            await database.close()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Mailroom]:
    async with open_mailroom(tmp_path / "paperboy.db") as room:
        yield room


@asynccontextmanager
async def under_way(round_: Awaitable[None]) -> AsyncIterator[asyncio.Future[None]]:
    """Have a round go on meanwhile, and break it off at the end."""
    task = asyncio.ensure_future(round_)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await look():  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.02)


async def test_all_that_is_due_arrives_once_and_the_ledger_knows_where(room: Mailroom) -> None:
    chats = range(1, 2 * PLACES + 10)
    planned = await room.plan(*chats)
    await room.deliverer.deliver_due()
    assert room.letters() == dict.fromkeys(chats, 1)
    told = {letter.chat_id: letter.message_id for letter in room.office.letters}
    for chat_id, digest_id in zip(chats, planned, strict=True):
        digest = await room.read(chat_id, digest_id)
        assert (digest.state, digest.message_id, digest.attempts) == (State.SENT, told[chat_id], 0)


async def test_a_chat_that_does_not_answer_takes_one_place_and_delays_nobody(room: Mailroom) -> None:
    chats = range(1, 2 * PLACES)
    await room.plan(*chats)
    room.troubles.of[1] = [FOREVER]

    async def others_served() -> bool:
        return await room.count(State.SENT) == len(chats) - 1

    async with under_way(room.deliverer.deliver_due()) as round_:
        await until(others_served)
        assert not round_.done()


async def test_what_falls_due_while_a_chat_does_not_answer_waits_for_nobody(room: Mailroom) -> None:
    await room.plan(1)
    room.troubles.of[1] = [FOREVER]

    async def one_served() -> bool:
        return await room.count(State.SENT) == 1

    async with under_way(room.deliverer.deliver_due()):
        while not room.office.letters:  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.02)
        await room.plan(2)
        async with asyncio.timeout(20):
            await until(one_served)


async def test_who_asks_does_not_wait_for_a_push(room: Mailroom) -> None:
    """Though all places are taken by chats that do not answer."""
    waiting = range(1, PLACES + 9)
    await room.plan(*waiting)
    room.troubles.of = {chat_id: [FOREVER] for chat_id in waiting}

    async def all_taken() -> bool:
        return len(room.office.letters) >= PLACES

    async with under_way(room.deliverer.deliver_due()):
        await until(all_taken)
        [asked] = await room.plan(500)
        await room.deliverer.deliver(asked)
        assert (await room.read(500, asked)).state is State.SENT
        assert await room.count(State.SENDING) == PLACES


async def test_a_halt_takes_up_nothing_more_and_leaves_nothing_half_done(room: Mailroom) -> None:
    room.troubles.before = room.deliverer.halt
    await room.plan(*range(1, 3 * PLACES))
    await room.deliverer.deliver_due()
    await room.deliverer.deliver_due()
    sent = await room.count(State.SENT)
    assert PLACES <= sent == len(room.office.letters) < 3 * PLACES - 1
    assert (await room.count(State.SENDING), await room.count(State.PLANNED)) == (0, 3 * PLACES - 1 - sent)


async def test_floods_stop_the_claims_and_count_as_no_attempts(room: Mailroom) -> None:
    """Two chats ask for patience, so all wait; what was not in hand by then was not even taken up."""
    chats = range(1, 4 * PLACES)
    planned = await room.plan(*chats)
    room.troubles.of = {chat_id: [flooded(600)] for chat_id in chats}
    await room.deliverer.deliver_due()
    digests = [await room.read(chat, digest) for chat, digest in zip(chats, planned, strict=True)]
    assert {(digest.state, digest.attempts, digest.unanswered) for digest in digests} == {
        (State.PLANNED, 0, 0)
    }
    assert 2 <= sum(digest.why == "flood control" for digest in digests) <= 2 * PLACES


async def test_faults_of_telegram_do_not_use_up_the_tries_of_a_silence(room: Mailroom) -> None:
    """Only a second request without an answer is one too many: it may have arrived."""
    [digest_id] = await room.plan(5)
    taken = Cut(carried_out=True)
    room.troubles.of[5] = [server_error(), server_error(), taken, server_error(), taken, None]
    seen = []
    for _ in range(6):
        await room.deliverer.deliver_due()
        digest = await room.read(5, digest_id)
        seen.append((digest.state, digest.attempts, digest.unanswered))
        room.clock.now += timedelta(minutes=15)
    assert seen[3:] == [(State.PLANNED, 4, 1), (State.FAILED, 4, 1), (State.FAILED, 4, 1)]
    assert room.letters()[5] == 2


async def test_what_arrived_is_written_down_once_the_database_can_be_written(
    room: Mailroom, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not sent again meanwhile; the log says in words what hinders it."""
    await room.plan(5)
    locker = sqlite3.connect(tmp_path / "paperboy.db", isolation_level=None)
    room.troubles.before = lambda: _lock(locker)

    async def told() -> bool:
        return "cannot be written yet" in caplog.text

    async with under_way(room.deliverer.deliver_due()) as round_:
        await until(told)
        room.clock.now += 2 * LEASE
        await room.another().deliver_due()
        locker.execute("ROLLBACK")
        await round_
    locker.close()
    await room.deliverer.deliver_due()
    assert (room.letters()[5], await room.count(State.SENT)) == (1, 1)
    assert "locked" in caplog.text
    assert not any(record.exc_info for record in caplog.records)


async def test_a_message_that_telegram_never_answers_stands_still(room: Mailroom) -> None:
    await room.plan(5)
    room.troubles.of[5] = [FOREVER]

    async def stands_still() -> bool:
        return bool(room.letters()[5] and room.deliverer.sending.still)

    async with under_way(room.deliverer.deliver_due()):
        await until(stands_still)


async def test_while_the_database_refuses_what_arrived_nothing_stands_still(
    room: Mailroom, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the process would be begun anew, and nobody would know any more what arrived."""
    await room.plan(5)
    with closing(sqlite3.connect(tmp_path / "paperboy.db", isolation_level=None)) as locker:
        room.troubles.before = lambda: _lock(locker)

        async def is_refused_and_well() -> bool:
            return "cannot be written yet" in caplog.text and not room.deliverer.sending.still

        async with under_way(room.deliverer.deliver_due()) as round_:
            await until(is_refused_and_well)
            locker.execute("ROLLBACK")
            await round_


async def test_who_asked_does_not_wait_for_a_database_that_refuses_what_arrived(
    room: Mailroom, tmp_path: Path
) -> None:
    """It is written down all the same, once that can be done."""
    [asked] = await room.plan(5)

    async def is_written() -> bool:
        return await room.count(State.SENT) == 1

    with closing(sqlite3.connect(tmp_path / "paperboy.db", isolation_level=None)) as locker:
        room.troubles.before = lambda: _lock(locker)
        async with asyncio.timeout(60):
            await room.another(patience=0.1).deliver(asked)
        assert (room.letters()[5], await room.count(State.SENDING)) == (1, 1)
        locker.execute("ROLLBACK")
        await until(is_written)


async def test_a_lease_does_not_run_out_while_its_digest_is_in_hand(room: Mailroom) -> None:
    """Another process finds nothing to send, however long Telegram takes."""
    await room.plan(5)
    room.troubles.of[5] = [FOREVER]

    async def on_its_way() -> bool:
        return bool(room.letters()[5])

    async with under_way(room.deliverer.deliver_due()):
        await until(on_its_way)
        for chat_id in (6, 7, 8):
            room.clock.now += LEASE * 0.9
            await room.deliverer.deliver(*await room.plan(chat_id))
        await room.another().deliver_due()
    assert room.letters() == {5: 1, 6: 1, 7: 1, 8: 1}


async def test_what_a_vanished_process_had_in_hand_goes_out_at_the_next_start(room: Mailroom) -> None:
    """At once, with nothing counted against it."""
    [digest_id] = await room.plan(5)
    async with room.database.writing() as session:
        await ledger.claim(session, NOW, LEASE, 9)
    await room.deliverer.deliver_due()
    assert not room.office.letters
    successor = room.another()
    await successor.recover()
    assert (await room.read(5, digest_id)).attempts == 0
    await successor.deliver_due()
    assert room.letters()[5] == 1


async def test_a_digest_that_cannot_be_read_fails_alone(room: Mailroom) -> None:
    [broken, whole] = await room.plan(5, 6)
    async with room.database.writing() as session:
        await session.execute(text("UPDATE readers SET state = 'odd' WHERE chat_id = 5"))
    await room.deliverer.deliver_due()
    assert (await room.read(5, broken)).state is State.FAILED
    assert (await room.read(6, whole)).state is State.SENT


async def test_a_chat_that_is_forgotten_on_the_way_leaves_the_others_of_its_moment_written(
    room: Mailroom,
) -> None:
    _, kept = await room.plan(5, 6)
    async with room.database.writing() as session:
        claimed = await ledger.claim(session, NOW, LEASE, 9)
        outcomes = [ledger.Outcome(digest_id=d.id, state=State.SENT, message_id=d.id) for d in claimed]
        await session.execute(text("DELETE FROM digests WHERE chat_id = 5"))
        assert await ledger.settle(session, outcomes, NOW) == {claimed[0].id}
    assert (await room.read(6, kept)).state is State.SENT


async def test_a_group_that_moves_is_moved_once_whoever_learns_of_it_first(room: Mailroom) -> None:
    """Telegram's refusal and its update tell of it at the same moment."""
    [digest_id] = await room.plan(-5, kind="group")
    room.troubles.of[-5] = [moved(-1005)]

    async def told_by_update() -> None:
        async with room.database.writing() as session:
            await readers.move(session, -5, -1005)

    await asyncio.gather(room.deliverer.deliver_due(), told_by_update())
    await room.deliverer.deliver_due()
    assert room.letters() == {-1005: 1}
    assert (await room.read(-1005, digest_id)).state is State.SENT
    async with room.database.reading() as session:
        assert await readers.get(session, -5) is None
        assert await readers.get(session, -1005)


async def test_who_was_missed_before_is_found_again(room: Mailroom) -> None:
    await room.plan(5)
    async with room.database.writing() as session:
        reader = await readers.get(session, 5)
        assert reader
        await readers.save(session, replace(reader, misses=2))
    await room.deliverer.deliver_due()
    async with room.database.reading() as session:
        found = await readers.get(session, 5)
    assert found
    assert found.misses == 0


LOST, TAKEN = Cut(carried_out=False), Cut(carried_out=True)
REFUSED = Refused(400, "Bad Request: message is too odd")
WEATHER = st.lists(st.sampled_from([None, LOST, TAKEN, REFUSED, server_error()]), max_size=4)


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.integers(1, 4), WEATHER, min_size=1), st.integers(1, 3))
async def test_whatever_telegram_does_every_digest_ends_in_one_state_and_the_ledger_is_right(
    weather: dict[int, list[Trouble | None]], each: int
) -> None:
    """Sent means that it arrived; more letters than that came only where Telegram took one and was silent."""
    silences = {chat: ahead.count(TAKEN) for chat, ahead in weather.items()}
    with TemporaryDirectory() as folder:
        async with open_mailroom(Path(folder) / "paperboy.db") as room:
            room.troubles.of = weather
            planned = [await room.plan(*weather, paper_id=number + 1) for number in range(each)]
            for _ in range(6):
                await room.deliverer.deliver_due()
                room.clock.now += timedelta(minutes=1)
            for place, chat in enumerate(weather):
                states = [(await room.read(chat, ids[place])).state for ids in planned]
                assert set(states) <= {State.SENT, State.FAILED}
                assert 0 <= room.letters()[chat] - states.count(State.SENT) <= silences[chat]


async def test_one_chat_has_one_message_on_its_way(room: Mailroom) -> None:
    """Its next one leaves when the one before is written down, in the order of planning."""
    planned = [*await room.plan(5), *await room.plan(5, paper_id=2), *await room.plan(5, paper_id=3)]
    sending = []
    room.troubles.before = lambda: sending.append(_being_sent(room.file))
    await room.deliverer.deliver_due()
    assert sending == [[digest_id] for digest_id in planned]


def _being_sent(file: Path) -> list[int]:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT id FROM digests WHERE state = 'sending'").fetchall()
    connection.close()
    return [row[0] for row in rows]


def _lock(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
