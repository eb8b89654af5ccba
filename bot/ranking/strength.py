"""How strong a daily pick must be: a percentile first, a chance of a like once enough picks were voted on."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from recommender.calibration import Likely
from recommender.threshold import Percentile, Threshold
from storage import verdicts
from storage.database import Database

LEARN_EVERY = timedelta(days=1)
LEARN_FROM = timedelta(days=180)
MOST_VERDICTS = 10_000


class Strength:
    """Gives the threshold, learned anew at most once a day: one morning's votes change little.

    ``percentile`` is what the owner asks for before there is anything to learn from; 0 is no threshold, ever.
    """

    def __init__(self, database: Database, percentile: int) -> None:
        self._database = database
        self._percentile = percentile
        self._learned: Likely | None = None
        self._learned_at: datetime | None = None

    async def threshold(self, now: datetime) -> Threshold | None:
        """Tell what a pick must reach; None where anything will do."""
        if not self._percentile:
            return None
        if self._learned_at is None or abs(now - self._learned_at) >= LEARN_EVERY:  # a clock may go back
            self._learned, self._learned_at = await self._learn(now), now
        return self._learned or Percentile(self._percentile)

    async def _learn(self, now: datetime) -> Likely | None:
        async with self._database.reading() as session:
            said = await verdicts.on_taste(session, now - LEARN_FROM, MOST_VERDICTS)
        scores = np.array([verdict.score for verdict in said], dtype=np.float64)
        return Likely.learned(scores, np.array([verdict.liked for verdict in said], dtype=np.bool_))
