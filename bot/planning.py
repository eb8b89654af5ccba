"""Planning: who is due, and which picks the ledger promises them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError
from bot.ranking.ranker import Ranker
from bot.ranking.strength import Strength
from bot.rulebooks import Rulebooks
from bot.schedule import local_day, next_due
from recommender.threshold import Percentile
from recommender.values import Pick
from recommender.wishes import NO_WISHES, Wishes
from storage import aliases, history, interests, ledger, papers, readers, receipts, votes
from storage.database import Database
from storage.ledger import Kind, Lack
from storage.readers import Reader, ReaderState

log = logging.getLogger(__name__)

BATCH = 500
LATE = "late"


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

    async def welcome_list(self, now: datetime) -> None:
        """Make the readers due who want their digest as soon as a new list is out."""
        async with self.database.writing() as session:
            await readers.awaken(session, now)

    async def plan_due(self, now: datetime) -> int:
        """Plan the digest of every reader who is due; tell how many readers that were.

        A reader whose plan fails stays due and holds up nobody else.
        """
        planned = 0
        failed: set[int] = set()
        while due := await self._due(now, failed):
            wishes = await self._wish_strong(now)
            for reader in due:
                try:
                    await self._plan_daily(reader, now, wishes)
                    planned += 1
                except Exception:  # a fault of any kind must not stop the others; this reader stays due
                    log.exception("planning for reader %s failed", reader.chat_id)
                    failed.add(reader.chat_id)
        return planned

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
            if current is None or current.next_due_at != reader.next_due_at:
                return  # settled by another process, or the reader chose another hour meanwhile
            picks = await _still_new(session, current.chat_id, picks)
            for day, late in self._days_due(current, now):
                if late:
                    await ledger.skip(session, current.chat_id, day, LATE, now)
                elif picks:
                    await _promise(session, current, picks, day, now)
                elif current.on_arrival:
                    pass  # the next list of the day may bring something
                elif current.tell_empty:
                    await _promise(session, current, [], day, now, lack)
                else:
                    await ledger.skip(session, current.chat_id, day, lack, now)
            await readers.save(session, reschedule(current, now))

    async def _has_open_day(self, reader: Reader, now: datetime) -> bool:
        """Tell whether picks are needed: not so for days too late, nor a second list of a day."""
        days = [day for day, late in self._days_due(reader, now) if not late]
        if not reader.on_arrival or not days:
            return bool(days)
        async with self.database.reading() as session:
            last_day = await ledger.last_day(session, reader.chat_id)
        return last_day is None or days[-1] > last_day

    def _days_due(self, reader: Reader, now: datetime) -> list[tuple[date, bool]]:
        """List the local days that are due, each with whether it is too late for it."""
        days: list[tuple[date, bool]] = []
        due = reader.next_due_at
        while due is not None and due <= now and reader.timezone:
            day = local_day(due, reader.timezone)
            if wants(reader, day):
                days.append((day, now - due > self.max_late))
            due = None if reader.hour is None or reader.on_arrival else _next_due(reader, due)
        return days

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


def reschedule(reader: Reader, now: datetime, last_day: date | None = None) -> Reader:
    """Set when the next digest is due: at the reader's hour, or never where they chose none or are away.

    A day up to ``last_day`` has had its digest, whatever the hour was then. Who wants it as soon as the list
    is out is due when `Planner.welcome_list` says so.
    """
    if reader.hour is None or not reader.timezone or reader.on_arrival or not reader.days:
        return replace(reader, next_due_at=None)
    if reader.state is not ReaderState.ACTIVE:
        return replace(reader, next_due_at=None)
    due = _next_due(reader, now)
    while last_day and local_day(due, reader.timezone) <= last_day:
        due = _next_due(reader, due)
    return replace(reader, next_due_at=due)


def wants(reader: Reader, day: date) -> bool:
    """Tell whether a reader wants a digest on a local day."""
    is_quiet = reader.quiet_until is not None and day <= reader.quiet_until
    return bool(reader.days >> day.weekday() & 1) and not is_quiet


def _next_due(reader: Reader, after: datetime) -> datetime:
    if reader.hour is None or not reader.timezone:
        raise ValueError("a reader without an hour and a time zone is never due")
    return next_due(reader.hour, reader.timezone, after, partial(wants, reader))
