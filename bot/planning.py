"""Planning: who is due, and which picks the ledger promises them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError
from bot.mending import ClockWatch, mend
from bot.ranking.ranker import Ranker
from bot.ranking.strength import Strength
from bot.rhythm import DaysDue, days_due, move_on, reschedule, wants
from bot.rulebooks import Rulebooks
from recommender.threshold import Percentile
from recommender.values import Pick
from recommender.wishes import NO_WISHES, Wishes
from storage import aliases, history, interests, ledger, misdated, papers, readers, receipts, votes
from storage.database import Database
from storage.errors import StorageError
from storage.ledger import Kind, Lack
from storage.readers import Reader

__all__ = ["Planner", "RepeatedUpdateError", "reschedule", "wants"]

log = logging.getLogger(__name__)

BATCH = 500
LATE = "late"
HAD = "this day's digest came before the clock was set back"


class RepeatedUpdateError(BotError):
    """An update that was carried out already."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns what is due into rows of the ledger. Sends nothing.

    Only daily digests have a threshold: who asks is not sent away. ``draw`` gives numbers from 0 up to 1 by
    chance, for exploring.
    """

    database: Database
    ranker: Ranker
    rulebooks: Rulebooks
    strength: Strength
    window: timedelta
    max_late: timedelta
    draw: Callable[[], float]
    watch: ClockWatch = field(default_factory=ClockWatch)

    async def welcome_list(self, now: datetime) -> None:
        """Make the readers due who want their digest as soon as a new list is out."""
        async with self.database.writing() as session:
            await readers.awaken(session, now)

    async def plan_due(self, now: datetime) -> int:
        """Plan the digest of every reader who is due; tell how many readers that were.

        A reader whose plan fails stays due and holds up nobody else.
        """
        await self._mend_if_set_back(now)
        planned = 0
        failed: set[int] = set()
        while due := await self._due(now, failed):
            wishes = await self._wish_strong(now)
            for reader in due:
                if await self._try_to_plan(reader, now, wishes):
                    planned += 1
                else:
                    failed.add(reader.chat_id)
        return planned

    async def _mend_if_set_back(self, now: datetime) -> None:
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

    async def _try_to_plan(self, reader: Reader, now: datetime, wishes: Wishes) -> bool:
        try:
            await self._plan_daily(reader, now, wishes)
        except StorageError:  # it would fail for all others too, each after a while: the next round is soon
            raise
        except Exception:  # a fault of any kind must not stop the others; this reader stays due
            log.exception("planning for reader %s failed", reader.chat_id)
            return False
        return True

    async def _due(self, now: datetime, failed: set[int]) -> list[Reader]:
        async with self.database.reading() as session:
            due = await readers.due(session, now, BATCH + len(failed))
        return [reader for reader in due if reader.chat_id not in failed]

    async def plan_asked(
        self, reader: Reader, update_id: int, now: datetime, topic_id: int | None = None
    ) -> list[int]:
        """Plan a digest that a reader asked for by an update, in the topic that they asked in.

        Returns:
            The digest, or its cards in their order; none where no paper is left to pick.

        Raises:
            RepeatedUpdateError: The update was carried out before a crash, and came again.
        """
        picks, _ = await self._pick(reader, now, NO_WISHES)
        if not picks:
            return []
        async with self.database.writing() as session:
            if not await receipts.take(session, update_id, now):
                raise RepeatedUpdateError
            picks = await _still_new(session, reader.chat_id, picks)
            if not picks:
                return []
            lead_id = await ledger.plan(
                session, reader.chat_id, Kind.ASKED, picks, now, layout=reader.layout, topic_id=topic_id
            )
            return await ledger.cards(session, reader.chat_id, lead_id) if lead_id else []

    async def _wish_strong(self, now: datetime) -> Wishes:
        """Wish for strong picks: the same for all readers, so that it is read once for many."""
        async with self.database.reading() as session:
            recent = await papers.recent(session, now - self.window)
        return Wishes(threshold=await self.strength.threshold(now), recent=recent)

    async def _plan_daily(self, reader: Reader, now: datetime, wishes: Wishes) -> None:
        picks: list[Pick] = []
        lack = Lack.NEW
        if await self._has_open_day(reader, now):
            picks, lack = await self._pick(reader, now, _own_strength(reader, wishes))
        async with self.database.writing() as session:
            current = await readers.get(session, reader.chat_id)
            if current is None:
                return  # the chat was forgotten meanwhile
            due = days_due(current, now, self.max_late)  # none that another process has settled meanwhile
            await ledger.skip_days(session, current.chat_id, due.late, LATE, now)
            await _settle_open(session, current, due, picks, lack, now)
            last_day = await ledger.last_day(session, current.chat_id)
            await readers.save(session, move_on(current, now, last_day))

    async def _has_open_day(self, reader: Reader, now: datetime) -> bool:
        """Tell whether picks are needed: not so for days too late, nor a second list of a day."""
        day = days_due(reader, now, self.max_late).open
        if day is None or not reader.on_arrival:
            return day is not None
        async with self.database.reading() as session:
            last_day = await ledger.last_day(session, reader.chat_id)
        return last_day is None or day > last_day

    async def _pick(self, reader: Reader, now: datetime, wishes: Wishes) -> tuple[list[Pick], Lack]:
        """Pick for a reader; tell also what it is that lacks where no picks come of it."""
        async with self.database.reading() as session:
            votes_cast = await votes.of_chat(session, reader.chat_id)
            stated = await interests.of_chat(session, reader.chat_id)
            candidates = await papers.candidates(
                session, reader.chat_id, since=now - self.window, at_least=reader.picks
            )
            met = [candidate.paper_id for candidate in (*candidates, *wishes.recent)]
            rules = await self.rulebooks.rulebook_of(session, reader.chat_id, met)
        wishes = replace(wishes, rules=rules, draw=self.draw())
        picks = await self.ranker.pick(votes_cast, candidates, reader.picks, wishes, stated)
        return picks, Lack.STRONG if candidates and not picks else Lack.NEW


async def _settle_open(  # noqa: PLR0913, PLR0917 - a day's worth
    session: AsyncSession, reader: Reader, due: DaysDue, picks: Sequence[Pick], lack: Lack, now: datetime
) -> None:
    """Give the day that is open its row in the ledger."""
    if due.open is None or due.since is None:
        return
    if due.late and await misdated.was_sent(session, reader.chat_id, due.since, now):
        await ledger.skip(session, reader.chat_id, due.open, HAD, now)
    elif picks := await _still_new(session, reader.chat_id, picks):
        await _promise(session, reader, picks, due.open, now)
    elif reader.on_arrival:
        pass  # the next list of the day may bring something
    elif reader.tell_empty:
        await _promise(session, reader, [], due.open, now, lack)
    else:
        await ledger.skip(session, reader.chat_id, due.open, lack, now)


async def _still_new(session: AsyncSession, chat_id: int, picks: Sequence[Pick]) -> list[Pick]:
    """Leave out what another digest, planned since these picks were made, has promised already.

    Papers that became one since they were picked are picked as that one, once.
    """
    named = {pick.paper_id for pick in picks} | {pick.reason.paper_id for pick in picks if pick.reason}
    now = await aliases.current_of(session, named)
    current: dict[int, Pick] = {}
    for pick in picks:
        current.setdefault(now[pick.paper_id], _renamed(pick, now))
    given = await history.given(session, chat_id, current)
    return [pick for paper_id, pick in current.items() if paper_id not in given]


def _renamed(pick: Pick, now: Mapping[int, int]) -> Pick:
    reason = pick.reason and replace(pick.reason, paper_id=now[pick.reason.paper_id])
    return replace(pick, paper_id=now[pick.paper_id], reason=reason)


async def _promise(  # noqa: PLR0913, PLR0917 - a digest's worth
    session: AsyncSession,
    reader: Reader,
    picks: Sequence[Pick],
    day: date,
    now: datetime,
    lack: Lack | None = None,
) -> None:
    await ledger.plan(
        session,
        reader.chat_id,
        Kind.DAILY,
        picks,
        now,
        local_day=day,
        lack=lack,
        layout=reader.layout,
        topic_id=reader.topic_id,
    )


def _own_strength(reader: Reader, wishes: Wishes) -> Wishes:
    """Put the strength that a reader chose in the place of the owner's."""
    if reader.percentile is None:
        return wishes
    return replace(wishes, threshold=Percentile(reader.percentile) if reader.percentile else None)
