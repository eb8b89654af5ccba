"""How sure a mean over users is: the percentile bootstrap (Efron 1979), users drawn with replacement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.metrics import Floats, Metrics

DRAWS = 4_000
COVERAGE = 0.95


def resample(by_user: Sequence[Metrics], seed: int = 0) -> Floats:
    """Draw the users again, many times, and average: (DRAWS, measures).

    As many users in the same order are drawn alike, so two rankers on one set can be compared draw by draw.
    A measure without a value is left out of its mean.
    """
    values = np.array(by_user, dtype=np.float64).reshape(-1, len(Metrics._fields))
    users = len(values)
    times = np.random.default_rng(seed).multinomial(users, np.full(users, 1 / users), size=DRAWS)
    defined = ~np.isnan(values)
    counts = (times @ defined).astype(np.float64)
    sums = times @ np.where(defined, values, 0.0)
    return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)


def interval(draws: npt.ArrayLike) -> tuple[float, float]:
    """Give the bounds of the middle 95 % of draws, (DRAWS,)."""
    tail = (1 - COVERAGE) / 2
    low, high = np.nanquantile(np.asarray(draws, dtype=np.float64), [tail, 1 - tail])
    return float(low), float(high)
