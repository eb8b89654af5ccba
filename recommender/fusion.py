"""One ranking out of several whose scores cannot be compared, such as those by words and by meaning."""

from __future__ import annotations

from collections.abc import Sequence

# What the source of the formula found to do well everywhere; how far down a ranking is still heard.
K = 60


def fuse(*rankings: Sequence[int], k: int = K) -> list[int]:
    """Fuse rankings into one: a paper's worth is the sum of 1 / (k + place) over those where it stands.

    Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet
    and individual rank learning methods"). Places count from 1, and a paper that stands twice in one ranking
    is read at the better. Equals come in the order in which they are met: the first ranking's before the
    second's.

    Args:
        rankings: Paper ids, best first; one may be empty.
        k: At least 0; the greater, the less the first places stand out.
    """
    worth: dict[int, float] = {}
    for ranking in rankings:
        for place, paper_id in enumerate(dict.fromkeys(ranking), start=1):
            worth[paper_id] = worth.get(paper_id, 0.0) + 1 / (k + place)
    return sorted(worth, key=lambda paper_id: -worth[paper_id])
