"""What many chats are shown together is what each alone would be shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from recommender.values import Interest, Paper
from storage import interests, readers, saved, showing, votes
from storage.database import Database


async def test_many_chats_are_read_as_each_alone(
    database: Database, store: Callable[..., Awaitable[object]], now: datetime
) -> None:
    """Votes, saved papers and interests of one chat are never taken for another's."""
    await store(*(Paper(title=f"{number}") for number in range(3)))
    chats, papers = (5, 6, 7), (1, 2, 3)
    async with database.writing() as session:
        for chat_id, person_id, paper_id, up in [
            (5, 5, 1, True),
            (6, 1, 1, False),
            (6, 2, 1, True),
            (6, 1, 2, False),
        ]:
            await votes.put(session, chat_id, person_id, paper_id, up, now)
        await saved.put(session, 5, 2, now)
        await saved.put(session, 7, 1, now)
        await interests.put(session, 5, [Interest(-1, "kites")], now)
        await interests.put(session, 6, [Interest(-1, "ropes"), Interest(-2, "knots")], now)
        pairs = [(chat_id, paper_id) for chat_id in chats for paper_id in papers]
        tallies, kept = await showing.tallies(session, pairs), await showing.saved(session, pairs)
        stated = await showing.interests(session, [(chat_id, id_) for chat_id in chats for id_ in (-1, -2)])
        for chat_id in chats:
            alone = await votes.tally(session, chat_id, papers)
            assert {paper: tallies.get((chat_id, paper), (0, 0)) for paper in papers} == alone
            assert {paper for chat, paper in kept if chat == chat_id} == await saved.among(
                session, chat_id, papers
            )
            own = {id_: said for (chat, id_), said in stated.items() if chat == chat_id}
            assert own == await interests.get(session, chat_id, [-1, -2])


async def test_pairs_that_were_not_asked_for_are_left_out(session: AsyncSession, now: datetime) -> None:
    """Of two chats and two papers, two pairs are not four."""
    for chat_id in (5, 6):
        for paper_id in (1, 2):
            await votes.put(session, chat_id, chat_id, paper_id, True, now)  # noqa: FBT003 - a thumb up
    assert await showing.tallies(session, [(5, 1), (6, 2)]) == {(5, 1): (1, 0), (6, 2): (1, 0)}
    assert await showing.tallies(session, []) == {}


async def test_taste_is_known_of_whoever_liked_or_stated_anything(
    session: AsyncSession, now: datetime
) -> None:
    """A thumb down alone is none."""
    for chat_id in (5, 6, 7, 8):
        await readers.subscribe(session, chat_id, "private", now)
    await votes.put(session, 5, 5, 1, True, now)  # noqa: FBT003 - a thumb up
    await votes.put(session, 6, 6, 1, False, now)  # noqa: FBT003 - a thumb down
    await interests.put(session, 7, [Interest(-1, "kites")], now)
    assert await showing.with_taste(session, [5, 6, 7, 8]) == {5, 7}
    assert await showing.with_taste(session, [6, 8]) == set()
