from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import settled

from bot.ranking.strength import LEARN_EVERY, LEARN_FROM, Strength
from recommender.calibration import MIN_VOTES, Likely
from recommender.threshold import Percentile
from recommender.values import Paper, Pick, Slot
from storage import ledger, papers, votes
from storage.database import Database
from storage.ledger import Kind

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LIKED_SHARE = 0.5


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/paperboy.db")
    await database.open()
    yield database
    await database.close()


async def vote_on_picks(database: Database, number: int, now: datetime) -> None:
    """Show a chat so many picks; the better half of them is liked, the other disliked."""
    async with database.writing() as session:
        found = await papers.upsert(session, [Paper(title=f"paper {place}") for place in range(number)], now)
        picks = [Pick(paper_id, place / number, Slot.TASTE) for place, paper_id in enumerate(found.added)]
        digest_id = await ledger.plan(session, 5, Kind.ASKED, picks, now)
        assert digest_id is not None
        await ledger.claim(session, now, LEARN_EVERY, 1)
        await settled.sent(session, digest_id, 1, now)
        for pick in picks:
            await votes.put(session, 5, 1, pick.paper_id, up=pick.score >= 1 - LIKED_SHARE, now=now)


async def test_no_threshold_is_asked_for(database: Database) -> None:
    """Zero percent is none, whatever could be learned."""
    await vote_on_picks(database, MIN_VOTES, NOW)
    assert await Strength(database, 0).threshold(NOW) is None


async def test_few_votes_leave_it_at_the_percentile(database: Database) -> None:
    """Until there are enough, and where they are too old to count, the owner's own setting holds."""
    await vote_on_picks(database, MIN_VOTES - 1, NOW)
    assert await Strength(database, 70).threshold(NOW) == Percentile(70)
    await vote_on_picks(database, MIN_VOTES, NOW - LEARN_FROM - LEARN_EVERY)
    assert await Strength(database, 70).threshold(NOW) == Percentile(70)


async def test_enough_votes_make_it_a_chance(database: Database) -> None:
    """Half as likely as usual is the least."""
    await vote_on_picks(database, MIN_VOTES, NOW)
    threshold = await Strength(database, 70).threshold(NOW)
    assert isinstance(threshold, Likely)
    assert threshold.least == pytest.approx(LIKED_SHARE / 2)


async def test_it_is_learned_once_a_day(database: Database) -> None:
    """Votes cast meanwhile count from the next day on."""
    strength = Strength(database, 70)
    assert await strength.threshold(NOW) == Percentile(70)
    await vote_on_picks(database, MIN_VOTES, NOW)
    assert await strength.threshold(NOW + LEARN_EVERY - timedelta(seconds=1)) == Percentile(70)
    assert isinstance(await strength.threshold(NOW + LEARN_EVERY), Likely)
