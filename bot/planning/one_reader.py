"""The digests of one reader: any day, whatever is unusual about it, and what they ask for in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BotError
from bot.planning.means import LATE, Means
from bot.timetable.rhythm import DaysDue, days_due, move_on
from recommender.threshold import Percentile
from recommender.values import Pick
from recommender.wishes import NO_WISHES, Wishes
from storage import aliases, history, interests, ledger, misdated, papers, readers, receipts, votes
from storage.ledger import Kind, Lack
from storage.readers import Reader

HAD = "this day's digest came before the clock was set back"


class RepeatedUpdateError(BotError):
    """An update that was carried out already."""


async def plan_asked(
    means: Means, reader: Reader, update_id: int, now: datetime, topic_id: int | None = None
) -> list[int]:
    """Plan a digest that a reader asked for by an update, in the topic that they asked in.

    Returns:
        The digest, or its cards in their order; none where no paper is left to pick.

    Raises:
        RepeatedUpdateError: The update was carried out before a crash, and came again.
    """
    picks, _ = await _pick(means, reader, now, NO_WISHES)
    if not picks:
        return []
    async with means.database.writing() as session:
        if not await receipts.take(session, update_id, now):
            raise RepeatedUpdateError
        await readers.get(
            session, reader.chat_id
        )  # held, so that no daily digest promises the same beside it
        picks = await _still_new(session, reader.chat_id, picks)
        if not picks:
            return []
        lead_id = await ledger.plan(
            session, reader.chat_id, Kind.ASKED, picks, now, layout=reader.layout, topic_id=topic_id
        )
        return await ledger.cards(session, reader.chat_id, lead_id) if lead_id else []


async def plan_daily(means: Means, reader: Reader, now: datetime, wishes: Wishes) -> None:
    """Settle all days of a reader that are due, and set when the next one is."""
    picks: list[Pick] = []
    lack = Lack.NEW
    if await _has_open_day(means, reader, now):
        picks, lack = await _pick(means, reader, now, _own_strength(reader, wishes))
    async with means.database.writing() as session:
        current = await readers.get(session, reader.chat_id)
        if current is None:
            return  # the chat was forgotten meanwhile
        due = days_due(current, now, means.max_late)  # none that another process has settled meanwhile
        await ledger.skip_days(session, current.chat_id, due.late, LATE, now)
        await _settle_open(session, current, due, picks, lack, now)
        last_day = await ledger.last_day(session, current.chat_id)
        await readers.save(session, move_on(current, now, last_day))


async def _has_open_day(means: Means, reader: Reader, now: datetime) -> bool:
    """Tell whether picks are needed: not so for days too late, nor a second list of a day."""
    day = days_due(reader, now, means.max_late).open
    if day is None or not reader.on_arrival:
        return day is not None
    async with means.database.reading() as session:
        last_day = await ledger.last_day(session, reader.chat_id)
    return last_day is None or day > last_day


async def _pick(means: Means, reader: Reader, now: datetime, wishes: Wishes) -> tuple[list[Pick], Lack]:
    """Pick for a reader; tell also what it is that lacks where no picks come of it."""
    async with means.database.reading() as session:
        votes_cast = await votes.of_chat(session, reader.chat_id)
        stated = await interests.of_chat(session, reader.chat_id)
        candidates = await papers.candidates(
            session, reader.chat_id, since=now - means.window, at_least=reader.picks
        )
        met = [candidate.paper_id for candidate in (*candidates, *wishes.recent)]
        rules = await means.rulebooks.rulebook_of(session, reader.chat_id, met)
    wishes = replace(wishes, rules=rules, draw=means.draw())
    picks = await means.ranker.pick(votes_cast, candidates, reader.picks, wishes, stated)
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
