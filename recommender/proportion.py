"""How much a share tells that was counted in few."""

from __future__ import annotations

from math import sqrt

_CONFIDENT = 1.96  # standard deviations: 95 of 100 such intervals hold the true share


def interval(hits: int, tries: int) -> tuple[float, float]:
    """Bound the share that ``hits`` of ``tries`` speak for, at 95 %; no tries leave it anywhere from 0 to 1.

    The score interval of Wilson 1927, "Probable inference, the law of succession, and statistical inference":
    sound also for three tries, and for none or all of them hits.
    """
    if not tries:
        return 0.0, 1.0
    share, doubt = hits / tries, _CONFIDENT**2 / tries
    middle = (share + doubt / 2) / (1 + doubt)
    reach = sqrt(share * (1 - share) * doubt + doubt**2 / 4) / (1 + doubt)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
