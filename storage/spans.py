"""Where in the ledger a time stands, and samples of what was planned since: by ids, which follow that order.

An index of all digests by their time would be paid for by each that is planned, and asked a few times a day.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.handed import one_of
from storage.tables import DIGESTS

SLACK = timedelta(hours=1)  # of several that plan side by side, who began first need not write first
PROBES = 64
ROUNDS = 6  # each of them leaves a 64th to search; digests that are gone since are as good as none
RUNS = 200  # neighbours stand on one page, and to fetch it is what a sample costs


async def since(session: AsyncSession, moment: datetime) -> range:
    """Find ids that hold all digests planned since then, and few others; none where there is no digest."""
    first, last = select(func.min(DIGESTS.c.id)), select(func.max(DIGESTS.c.id))
    ends = await session.execute(select(first.scalar_subquery(), last.scalar_subquery()))
    low, high = ends.one()
    if low is None:
        return range(0)
    end = high + 1
    for _ in range(ROUNDS):
        if high - low < PROBES:
            break
        low, high = await _narrow(session, moment - SLACK, low, high)
    return range(low, end)


async def _narrow(session: AsyncSession, moment: datetime, low: int, high: int) -> tuple[int, int]:
    """Find, among ids from one to another, two closer ones between which a time stands."""
    probes = range(low, high, -(-(high - low) // PROBES))
    rows = await session.execute(
        select(DIGESTS.c.id, DIGESTS.c.planned_at)
        .where(one_of(session, DIGESTS.c.id, probes))
        .order_by(DIGESTS.c.id)
    )
    found = [(digest_id, planned_at >= moment) for digest_id, planned_at in rows]
    older = [digest_id for digest_id, _ in takewhile(lambda probe: not probe[1], found)]
    return older[-1] if older else low, next((digest_id for digest_id, is_newer in found if is_newer), high)


def spread(span: range, most: int) -> list[int]:
    """Choose at most so many of the ids, evenly spread in short runs; all of them where they are no more.

    There is a run in each of as many equal stretches, anywhere in it: at equal steps only the first cards of
    digests might be met. The same ids are chosen each time.
    """
    if len(span) <= most:
        return [*span]
    run = max(most // RUNS, 1)
    count = most // run
    edges = pairwise(len(span) * number // count for number in range(count + 1))
    dice = random.Random(0)  # noqa: S311 - a sample is no secret  # nosec B311
    starts = (dice.randint(edge, end - run) for edge, end in edges)
    return [digest_id for start in starts for digest_id in span[start : start + run]]
