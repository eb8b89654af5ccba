"""The planner: who is due, and which picks the ledger promises them. It sends nothing.

Readers are planned for by the thousand (`bot.planning.crowd`), and one by one where anything is unusual.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from bot.planning import one_reader
from bot.planning.crowd import plan_crowd
from bot.planning.means import Means
from bot.planning.outcome import Planned, Step, Stopwatch
from bot.planning.patience import Patience
from bot.telling.observations import PlanningTimes
from bot.telling.strides import Strides
from bot.timetable.mending import ClockWatch, mend
from recommender.wishes import Wishes
from storage import papers, readers
from storage.errors import StorageError
from storage.readers import Reader, ReaderState

log = logging.getLogger(__name__)

BATCH = 2_000
BATCH_ALONE = 250  # of a process that does all of the work, and answers readers meanwhile
FEW = 50  # one of whom is at fault: all are planned for alone, in a second or two
EVERYBODY = (np.iinfo(np.int64).min, np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Planner(Means):
    """Turns what is due into rows of the ledger."""

    watch: ClockWatch = field(default_factory=ClockWatch)
    times: PlanningTimes = field(default_factory=PlanningTimes)
    strides: Strides = field(default_factory=Strides)
    patience: Patience = field(default_factory=Patience)

    async def welcome_list(self, now: datetime) -> None:
        """Make the readers due who want their digest as soon as a new list is out."""
        async with self.database.writing() as session:
            await readers.awaken(session, now)

    async def get_ready(self, now: datetime) -> None:
        """Work out ahead what is the same for all readers, so that nobody waits for it when all are due."""
        async with self.database.reading() as session:
            recent = await papers.recent(session, now - self.window)
        if heard := await self.ranker.hear_ahead(recent):
            log.info("ready to plan: heard what %d papers say of %d recent ones", heard, len(recent))

    async def plan_asked(
        self, reader: Reader, update_id: int, now: datetime, topic_id: int | None = None
    ) -> list[int]:
        """Plan a digest that a reader asked for by an update, in the topic that they asked in.

        Returns:
            The digest, or its cards in their order; none where no paper is left to pick.

        Raises:
            RepeatedUpdateError: The update was carried out before a crash, and came again.
        """
        return await one_reader.plan_asked(self, reader, update_id, now, topic_id)

    async def mend_if_set_back(self, now: datetime) -> None:
        """Mend the time table at the first call, and where the clock was set back; for one process to do."""
        if not self.watch.is_set_back(now):
            return
        try:
            await mend(self.database, now)
        except StorageError:
            raise
        except Exception:  # a bug in mending must not keep those who are due from their digests
            log.exception("the time table could not be mended; it is tried again with the next round")
        else:
            self.watch.latest = now

    async def plan_due(self, now: datetime) -> int:
        """Mend, and plan the digest of every reader who is due; tell how many readers that were.

        This is for a process that is alone; where there are more, a queue calls the parts of it.
        """
        await self.mend_if_set_back(now)
        return (await self.plan_range(*EVERYBODY, now)).readers

    async def due_ids(self, now: datetime) -> npt.NDArray[np.int64]:
        """Name the chats of all readers who are due, ascending, less those that this process leaves alone."""
        async with self.database.reading() as session:
            due = await readers.due_ids(session, now)
        return due[~np.isin(due, self.patience.resting(now))]

    async def plan_range(self, first: int, last: int, now: datetime) -> Planned:
        """Plan the digest of every reader who is due from one chat to another, both among them.

        A reader whose plan fails stays due and holds up nobody else; this process tries again ever more
        seldom, within an hour at most. Run twice, or twice at once, it plans for each once.

        Raises:
            StorageError: The database cannot be used; what was planned by then stays.
        """
        planned = Planned()
        with self.strides.walk() as step:
            while due := await self._due(first, last, now):
                if ready := [reader for reader in due if not self.patience.rests(reader.chat_id, now)]:
                    planned += await self._plan_batch(ready, now)
                first = due[-1].chat_id + 1
                step()
        if planned != Planned():
            log.info("planned for %s", planned)
            self.times.note(planned.readers, planned.failed, planned.seconds)
        return planned

    async def _due(self, first: int, last: int, now: datetime) -> list[Reader]:
        if first > last:
            return []
        async with self.database.reading() as session:
            most = BATCH if self.database.is_shared else BATCH_ALONE
            return await readers.due_between(session, first, last, now, most)

    async def _plan_batch(self, due: Sequence[Reader], now: datetime) -> Planned:
        watch = Stopwatch()
        wishes = await self.wish_strong(now)
        together = await self._plan_together(due, now, wishes, watch)
        with watch.timed(Step.ALONE):
            left = await self._still_due([reader for reader in due if reader.chat_id not in together], now)
            worked = [await self._try_to_plan(reader, now, wishes) for reader in left]
        return Planned(
            readers=len(together) + sum(worked),
            failed=len(left) - sum(worked),
            alone=sum(worked),
            seconds=watch.seconds,
        )

    async def _plan_together(
        self, due: Sequence[Reader], now: datetime, wishes: Wishes, watch: Stopwatch
    ) -> set[int]:
        """Plan for readers at once: for those who failed before apart from the others, if they are many."""
        sound = [reader for reader in due if reader.chat_id not in self.patience]
        failed = [reader for reader in due if reader.chat_id in self.patience]
        planned: set[int] = set()
        if sound:
            planned |= await self._try_to_plan_together(sound, now, wishes, watch)
        if len(failed) > FEW:  # so many that it may have been a fault of none of them
            planned |= await self._try_to_plan_together(failed, now, wishes, watch)
        for chat_id in planned:
            self.patience.forget(chat_id)
        return planned

    async def _try_to_plan_together(
        self, due: Sequence[Reader], now: datetime, wishes: Wishes, watch: Stopwatch
    ) -> set[int]:
        """Plan for readers at once; where that fails in halves, so that a fault of one is parted off."""
        try:
            return await plan_crowd(self, due, now, wishes, watch)
        except StorageError:
            raise
        except Exception as bug:
            if len(due) <= FEW:
                log.exception("planning for %d readers at once failed; each is planned for alone", len(due))
                return set()
            log.warning("planning for %d at once failed: %s; halves are tried", len(due), type(bug).__name__)
        half = len(due) // 2
        first = await self._try_to_plan_together(due[:half], now, wishes, watch)
        return first | await self._try_to_plan_together(due[half:], now, wishes, watch)

    async def _still_due(self, left: Sequence[Reader], now: datetime) -> list[Reader]:
        """Read those anew who were left out: some may have changed, or been planned for by another."""
        async with self.database.reading() as session:
            current = await readers.of_chats(session, [reader.chat_id for reader in left])
        return [
            reader
            for reader in current.values()
            if reader.state is ReaderState.ACTIVE and reader.next_due_at and reader.next_due_at <= now
        ]

    async def _try_to_plan(self, reader: Reader, now: datetime, wishes: Wishes) -> bool:
        try:
            await one_reader.plan_daily(self, reader, now, wishes)
        except StorageError:  # it would fail for all others too, each after a while: the next round is soon
            raise
        except Exception as bug:  # noqa: BLE001 - a fault of any kind must not stop the others; it is told of
            self._be_patient(reader.chat_id, bug, now)
            return False
        self.patience.forget(reader.chat_id)
        return True

    def _be_patient(self, chat_id: int, bug: Exception, now: datetime) -> None:
        """Leave a reader alone for a while, and tell of it: where from, the first time only."""
        again = chat_id in self.patience
        rest = self.patience.note(chat_id, now)
        words = "planning for reader %s failed: %s; the next try is in %s"
        log.error(words, chat_id, type(bug).__name__, rest, exc_info=None if again else bug)
