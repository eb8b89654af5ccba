"""How many jobs of planning are open, read from the queue's own table without taking part in it."""

from __future__ import annotations

from sqlalchemy import Text, cast, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from bot.queueing.schema import schema_name

_TABLE = "procrastinate_jobs"
_OPEN = ("todo", "doing")


async def count_open(session: AsyncSession) -> dict[str, int]:
    """Count the jobs that wait and those that are being done; empty where there is no queue yet.

    Those that are done are removed, so the table is as small as what is open.
    """
    found = await session.execute(select(func.to_regclass(f"{schema_name()}.{_TABLE}").is_not(None)))
    if not found.scalar_one():
        return {}
    jobs = table(_TABLE, column("status"), schema=schema_name())
    status = cast(jobs.c.status, Text)
    counted = await session.execute(select(status, func.count()).where(status.in_(_OPEN)).group_by(status))
    return dict.fromkeys(_OPEN, 0) | {state: number for state, number in counted}  # noqa: C416 - rows are no pairs to mypy
