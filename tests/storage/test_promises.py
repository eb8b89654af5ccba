"""What becomes of planned digests when two papers turn out to be one, or one is withdrawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
import settled

from recommender.values import Paper, Pick, Reason, Slot
from storage import ledger, promises
from storage.database import Database
from storage.digests import Digest
from storage.ledger import Kind, State
from storage.papers import Upserted
from storage.states import Layout

Store = Callable[..., Awaitable[Upserted]]

LONG = "We present a method that finds the papers a reader would have picked. " * 10
LEASE = timedelta(minutes=2)
TODAY = date(2026, 1, 31)
TEXT, NAMED, THIRD = 1, 2, 3  # the rows of a text, of a paper with an id, which are one, and of another


@pytest.fixture(autouse=True)
async def _stored(store: Store) -> None:
    await store(Paper(title="Text", abstract=LONG), Paper(title="Named", arxiv_id="1"), Paper(title="Third"))


@pytest.fixture
def join(store: Store) -> Callable[[], Awaitable[Upserted]]:
    """Give a function that has a dump show the first two papers to be one."""
    return lambda: store(Paper(title="Text", abstract=LONG, arxiv_id="1"))


@pytest.fixture
def withdraw(store: Store) -> Callable[[], Awaitable[Upserted]]:
    """Give a function that has a dump tell that the paper with the id was withdrawn."""
    return lambda: store(Paper(title="Named", arxiv_id="1", version=2, withdrawn=True))


Act = Callable[[], Awaitable[Upserted]]


class Book:
    """The ledger as one chat's planner and its deliverer write in it."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.now = now

    async def plan(self, *paper_ids: int, chat_id: int = 5, layout: Layout = Layout.LIST) -> int:
        picks = [Pick(paper_id, 0.5, Slot.TASTE) for paper_id in paper_ids]
        async with self.database.writing() as session:
            planned = await ledger.plan(session, chat_id, Kind.ASKED, picks, self.now, layout=layout)
        assert planned is not None
        return planned

    async def claim(self, digest_id: int) -> list[int]:
        async with self.database.writing() as session:
            claimed = await ledger.claim(session, self.now, LEASE, 9, digest_id=digest_id)
        return [digest.id for digest in claimed]

    async def send(self, digest_id: int) -> None:
        await self.claim(digest_id)
        async with self.database.writing() as session:
            await settled.sent(session, digest_id, 70 + digest_id, self.now)

    async def read(self, digest_id: int, chat_id: int = 5) -> Digest:
        async with self.database.reading() as session:
            digest = await ledger.get(session, chat_id, digest_id)
        assert digest is not None
        return digest

    async def papers(self, digest_id: int, chat_id: int = 5) -> list[int]:
        return [pick.paper_id for pick in (await self.read(digest_id, chat_id)).picks]


@pytest.fixture
def book(database: Database, now: datetime) -> Book:
    return Book(database, now)


async def test_what_was_sent_is_not_sent_again_under_its_other_id(book: Book, join: Act) -> None:
    """A planned digest leaves out what the chat has had, and keeps what it has not."""
    await book.send(await book.plan(NAMED))
    planned = await book.plan(TEXT, THIRD)
    await join()
    assert await book.papers(planned) == [THIRD]
    assert await book.claim(planned) == [planned]


async def test_a_digest_that_is_left_without_picks_is_skipped_in_words(book: Book, join: Act) -> None:
    """It is never sent, and the ledger says why."""
    await book.send(await book.plan(NAMED))
    planned = await book.plan(TEXT)
    await join()
    digest = await book.read(planned)
    assert (digest.state, digest.picks, digest.why) == (State.SKIPPED, (), promises.HAD)
    assert await book.claim(planned) == []


async def test_a_daily_digest_that_is_skipped_keeps_its_day(
    database: Database, book: Book, join: Act
) -> None:
    """The day has its row: nothing is planned for it a second time."""
    await book.send(await book.plan(NAMED))
    picks = [Pick(TEXT, 0.5, Slot.TASTE)]
    async with database.writing() as session:
        planned = await ledger.plan(session, 5, Kind.DAILY, picks, book.now, local_day=TODAY)
    await join()
    assert planned is not None
    assert (await book.read(planned)).state is State.SKIPPED
    async with database.writing() as session:
        assert await ledger.plan(session, 5, Kind.DAILY, picks, book.now, local_day=TODAY) is None


async def test_of_two_planned_digests_the_first_keeps_the_paper(book: Book, join: Act) -> None:
    """A daily digest and one that was asked for, both still to be sent, do not both bring it."""
    first, second = await book.plan(NAMED, THIRD), await book.plan(TEXT)
    await join()
    assert await book.papers(first) == [TEXT, THIRD]
    assert (await book.read(second)).state is State.SKIPPED


async def test_other_chats_keep_their_picks(book: Book, join: Act) -> None:
    """What one chat has had says nothing of another."""
    await book.send(await book.plan(NAMED))
    planned = await book.plan(TEXT, chat_id=6)
    await join()
    assert await book.papers(planned, chat_id=6) == [TEXT]


async def test_what_is_being_sent_stays_as_it_is(book: Book, join: Act) -> None:
    """A message that may have left already is not changed behind its back."""
    await book.send(await book.plan(NAMED))
    on_its_way = await book.plan(TEXT)
    await book.claim(on_its_way)
    await join()
    assert await book.papers(on_its_way) == [TEXT]
    assert (await book.read(on_its_way)).state is State.SENDING


async def test_what_has_to_be_sent_again_is_looked_over(database: Database, book: Book, join: Act) -> None:
    """A digest that was refused while two papers became one brings nothing twice at the next try."""
    await book.send(await book.plan(NAMED))
    refused = await book.plan(TEXT, THIRD)
    await book.claim(refused)
    await join()
    async with database.writing() as session:
        await settled.put_off(session, refused, book.now, "flood control")
    assert await book.papers(refused) == [THIRD]
    assert (await book.read(refused)).state is State.PLANNED


async def test_two_cards_of_one_digest_become_one(database: Database, book: Book, join: Act) -> None:
    """The second of them is skipped, and the one behind it comes in its turn."""
    lead = await book.plan(NAMED, TEXT, THIRD, layout=Layout.CARDS)
    await join()
    async with database.reading() as session:
        first, second, third = await ledger.cards(session, 5, lead)
    assert [(await book.read(card)).state for card in (first, second, third)] == [
        State.PLANNED,
        State.SKIPPED,
        State.PLANNED,
    ]
    await book.send(first)
    assert await book.claim(second) == []
    assert await book.claim(third) == [third]


async def test_where_the_first_card_goes_the_next_is_due(database: Database, book: Book, join: Act) -> None:
    """A card that nothing is ahead of any more does not wait for ever."""
    await book.send(await book.plan(NAMED))
    lead = await book.plan(TEXT, THIRD, layout=Layout.CARDS)
    await join()
    async with database.reading() as session:
        _, second = await ledger.cards(session, 5, lead)
    assert await book.claim(second) == [second]


async def test_reasons_follow(database: Database, book: Book, join: Act) -> None:
    """A pick that was made for a paper that became another is made for that one."""
    picks = [Pick(THIRD, 0.5, Slot.TASTE, Reason(NAMED, ("x",)))]
    async with database.writing() as session:
        planned = await ledger.plan(session, 5, Kind.ASKED, picks, book.now)
    await join()
    assert planned is not None
    (pick,) = (await book.read(planned)).picks
    assert pick.reason == Reason(TEXT, ("x",))


async def test_a_withdrawn_paper_is_taken_out_of_what_is_planned(book: Book, withdraw: Act) -> None:
    """The rest of the digest comes; one that has no rest is skipped, in words."""
    whole, alone = await book.plan(NAMED, THIRD), await book.plan(NAMED, chat_id=6)
    await withdraw()
    assert await book.papers(whole) == [THIRD]
    digest = await book.read(alone, chat_id=6)
    assert (digest.state, digest.why) == (State.SKIPPED, promises.WITHDRAWN)


async def test_a_withdrawn_paper_that_was_sent_stays_sent(book: Book, withdraw: Act) -> None:
    """The buttons below it still know what they are about."""
    sent = await book.plan(NAMED)
    await book.send(sent)
    await withdraw()
    assert await book.papers(sent) == [NAMED]


async def test_a_plan_for_what_turns_out_to_be_withdrawn_is_taken_back(
    book: Book, join: Act, withdraw: Act
) -> None:
    """Also where it was planned as another paper, which only now is known to be the one."""
    await withdraw()
    planned = await book.plan(TEXT)
    await join()
    assert await book.papers(planned) == []
