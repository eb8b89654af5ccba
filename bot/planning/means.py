"""What planning works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ranking.ranker import Ranker
from bot.ranking.rulebooks import Rulebooks
from bot.ranking.strength import Strength
from recommender.wishes import Wishes
from storage import papers
from storage.database import Database

LATE = "late"  # why a day has no digest whose hour was too long ago


@dataclass(frozen=True, slots=True)
class Means:
    """All that a digest is made with.

    Attributes:
        window: How long a paper counts as new.
        max_late: How long after its hour a daily digest is still of use.
        draw: Gives numbers from 0 up to 1 by chance, for exploring.
    """

    database: Database
    ranker: Ranker
    rulebooks: Rulebooks
    strength: Strength
    window: timedelta
    max_late: timedelta
    draw: Callable[[], float]

    async def wish_strong(self, now: datetime) -> Wishes:
        """Wish for strong picks: the same for all readers, so that it is read once for many.

        Only daily digests have a threshold: who asks is not sent away.
        """
        async with self.database.reading() as session:
            recent = await papers.recent(session, now - self.window)
        return Wishes(threshold=await self.strength.threshold(now), recent=recent)
