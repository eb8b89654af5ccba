from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Paper
from storage import papers, saved
from storage.saved import Saved

HERE, THERE = -1_001_234_567_890, 5
HOUR = timedelta(hours=1)
LONG = "We present a method that finds the papers a reader would have picked. " * 5


async def test_the_paper_saved_last_is_first(session: AsyncSession, now: datetime) -> None:
    """A page goes on where the one before it ended; another chat's papers are not there."""
    await saved.put(session, HERE, 2, now)
    await saved.put(session, HERE, 1, now + HOUR)
    await saved.put(session, THERE, 3, now)
    first, second = (
        Saved(1, Paper(title="A"), None, now + HOUR),
        Saved(2, Paper(title="B"), None, now),
    )
    assert await saved.of_chat(session, HERE, limit=9) == [first, second]
    assert await saved.of_chat(session, HERE, limit=1, offset=1) == [second]
    assert await saved.count(session, HERE) == 2


async def test_a_paper_saved_again_stays_as_it_is(session: AsyncSession, now: datetime) -> None:
    """Its note and its place are kept."""
    await saved.put(session, HERE, 1, now)
    await saved.annotate(session, HERE, 1, "mine")
    await saved.put(session, HERE, 1, now + HOUR)
    assert await saved.get(session, HERE, 1) == Saved(1, Paper(title="A"), "mine", now)


async def test_a_note_is_written_on_what_is_saved(session: AsyncSession, now: datetime) -> None:
    """It can be rewritten and removed; on a paper that the chat has not saved there is none."""
    await saved.put(session, HERE, 1, now)
    for note in ("one", "two", None):
        assert await saved.annotate(session, HERE, 1, note)
        kept = await saved.get(session, HERE, 1)
        assert kept is not None
        assert kept.note == note
    assert not await saved.annotate(session, HERE, 2, "x")
    assert not await saved.annotate(session, THERE, 1, "x")
    assert await saved.get(session, THERE, 1) is None


async def test_a_paper_can_be_taken_out(session: AsyncSession, now: datetime) -> None:
    """It is told whether it was saved; saved anew, it has no note any more."""
    await saved.put(session, HERE, 1, now)
    await saved.annotate(session, HERE, 1, "mine")
    assert await saved.take_out(session, HERE, 1)
    assert not await saved.take_out(session, HERE, 1)
    await saved.put(session, HERE, 1, now)
    assert await saved.get(session, HERE, 1) == Saved(1, Paper(title="A"), None, now)


async def test_of_many_papers_the_saved_are_told(session: AsyncSession, now: datetime) -> None:
    """More may be asked about than a statement takes."""
    await saved.put(session, HERE, 2, now)
    await saved.put(session, THERE, 3, now)
    assert await saved.among(session, HERE, range(40_000)) == {2}


async def test_many_are_saved_at_once_and_what_was_there_stands(session: AsyncSession, now: datetime) -> None:
    """One saved before keeps its moment and its note; where it has none it takes the new one."""
    for paper_id in (1, 2):
        await saved.put(session, HERE, paper_id, now)
    await saved.annotate(session, HERE, 1, "mine")
    later = now + HOUR
    await saved.put_all(session, HERE, {1: ("theirs", later), 2: ("new", later), 3: (None, later)})
    kept = await saved.of_chat(session, HERE, limit=9)
    assert [(one.paper_id, one.note, one.at) for one in kept] == [
        (3, None, later),
        (2, "new", now),
        (1, "mine", now),
    ]


class TestPapersThatBecomeOne:
    @pytest.fixture
    async def pair(self, session: AsyncSession, now: datetime) -> Sequence[int]:
        """Store a paper twice: by its text, and by its id alone. The first is to stay."""
        twice = [Paper(title="D", abstract=LONG), Paper(title="x", arxiv_id="1")]
        return (await papers.upsert(session, twice, now)).added

    async def left(self, session: AsyncSession, now: datetime) -> Saved:
        """Tell that the two are one, and read what is saved then."""
        await papers.upsert(session, [Paper(title="D", abstract=LONG, arxiv_id="1")], now)
        [left] = await saved.of_chat(session, HERE, limit=9)
        return left

    async def test_the_paper_stays_saved(
        self, session: AsyncSession, pair: Sequence[int], now: datetime
    ) -> None:
        """With its note, and when it was saved."""
        kept, gone = pair
        await saved.put(session, HERE, gone, now - HOUR)
        await saved.annotate(session, HERE, gone, "mine")
        left = await self.left(session, now)
        assert (left.paper_id, left.note, left.at) == (kept, "mine", now - HOUR)

    @pytest.mark.parametrize(
        ("notes", "left"),
        [((None, None), None), (("one", None), "one"), ((None, "two"), "two"), (("one", "two"), "one\ntwo")],
    )
    async def test_no_note_is_lost(
        self,
        session: AsyncSession,
        pair: Sequence[int],
        now: datetime,
        *,
        notes: tuple[str | None, str | None],
        left: str | None,
    ) -> None:
        """Where a chat saved both, it has one, with what it wrote on either."""
        for paper_id, note in zip(pair, notes, strict=True):
            await saved.put(session, HERE, paper_id, now)
            await saved.annotate(session, HERE, paper_id, note)
        assert (await self.left(session, now)).note == left
