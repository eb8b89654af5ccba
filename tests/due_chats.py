"""Who is due, kept in memory, and in which ranges they were planned for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

NOW = datetime(2026, 1, 31, 7, tzinfo=UTC)


class DueChats:
    """Those who are due are so until they are planned for."""

    def __init__(self, due: Iterable[int]) -> None:
        self.due = set(due)
        self.planned: Counter[int] = Counter()
        self.jobs: list[tuple[int, int]] = []
        self.troubles: list[Exception] = []
        self._gate = asyncio.Event()
        self._gate.set()
        self._entered = asyncio.Event()
        self._all_planned = asyncio.Event()

    def fall_due(self, *chat_ids: int) -> None:
        self.due.update(chat_ids)
        self._all_planned.clear()

    def hold_up(self) -> None:
        """Have every job wait, from now on."""
        self._gate.clear()

    def let_go(self) -> None:
        self._gate.set()

    def fail_once_with(self, *troubles: Exception) -> None:
        """Have as many jobs fail."""
        self.troubles = [*troubles]

    async def until_a_job_began(self) -> None:
        await self._entered.wait()

    async def until_nobody_is_due(self) -> None:
        await self._all_planned.wait()

    async def due_ids(self, now: datetime) -> npt.NDArray[np.int64]:
        assert now == NOW
        return np.array(sorted(self.due), dtype=np.int64)

    async def plan_range(self, first: int, last: int, now: datetime) -> None:
        assert now == NOW
        self._entered.set()
        await self._gate.wait()
        if self.troubles:
            raise self.troubles.pop()
        self.jobs.append((first, last))
        found = {chat_id for chat_id in self.due if first <= chat_id <= last}
        self.planned.update(found)
        self.due -= found
        if not self.due:
            self._all_planned.set()
