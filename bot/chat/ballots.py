"""The ballot box: thumbs that are pressed at the same time are counted in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.desk import Desk
from bot.grouped import Grouped
from storage import ballots
from storage.ballots import Ballot, Outcome


class BallotBox:
    """Takes ballots; one that is returned is committed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._grouped = Grouped(self._count)

    async def cast(self, ballot: Ballot) -> Outcome:
        """Cast a ballot, and tell what became of it."""
        return await self._grouped.do(ballot)

    async def _count(self, cast: Sequence[Ballot]) -> Sequence[Outcome]:
        async with self._desk.database.writing() as session:
            return await ballots.cast(session, cast, self._desk.clock())
