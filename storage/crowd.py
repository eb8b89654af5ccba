"""The crowd: what planning reads of many readers at once, as arrays, in a statement each.

One reader's is read by `storage.votes`, `history`, `ledger` and their neighbours, and is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.copying import copy_out
from storage.dialects import speaks_postgresql
from storage.digests import Kind, State
from storage.handed import Ids, one_of, plain, table_of
from storage.history import SLACK, STANDING
from storage.looking_up import look_up
from storage.tables import DIGESTS, PICKS, VOTES


@dataclass(frozen=True, eq=False, slots=True)
class VoteColumns:
    """Votes of many chats, a place each: by chat, in a chat the newest first."""

    chat_ids: NDArray[np.int64]
    paper_ids: NDArray[np.int64]
    up: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class GivenPairs:
    """Which chats were or will be given which papers: pairs, each once, by chat and paper."""

    chat_ids: NDArray[np.int64]
    paper_ids: NDArray[np.int64]


async def votes_of(session: AsyncSession, chat_ids: Ids) -> VoteColumns:
    """Read all votes of chats; of those cast in one moment, the one on the newer paper is first."""
    each = speaks_postgresql(session)
    asked = table_of(session, {VOTES.c.chat_id: plain(chat_ids)})
    joined, vote = look_up(asked, VOTES, VOTES.c.chat_id == asked.c.chat_id, each=each)
    columns = await copy_out(
        session,
        select(vote.chat_id, vote.paper_id, vote.up)
        .select_from(joined)
        .order_by(vote.chat_id, vote.at.desc(), vote.paper_id.desc(), vote.person_id.desc()),
    )
    return VoteColumns(columns["chat_id"], columns["paper_id"], columns["up"])


async def given_of(session: AsyncSession, chat_ids: Ids, paper_ids: Ids, since: datetime) -> GivenPairs:
    """Tell which of the papers were or will be delivered to each of the chats.

    ``since`` is when the first of these papers was first seen: no digest from before can hold one, and a
    reader of years has many of those.
    """
    if not len(paper_ids):  # of which PostgreSQL would make a look through all picks for each digest
        return GivenPairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    each = speaks_postgresql(session)
    asked = table_of(session, {DIGESTS.c.chat_id: plain(chat_ids)})
    is_theirs = and_(
        DIGESTS.c.chat_id == asked.c.chat_id,
        DIGESTS.c.planned_at >= since - SLACK,
        DIGESTS.c.state.in_(STANDING),
    )
    standing, digest = look_up(asked, DIGESTS, is_theirs, each=each)
    is_named = and_(PICKS.c.digest_id == digest.id, one_of(session, PICKS.c.paper_id, paper_ids))
    joined, pick = look_up(standing, PICKS, is_named, each=each)
    columns = await copy_out(session, select(digest.chat_id, pick.paper_id).select_from(joined))
    return _each_once(**columns)


async def last_days(session: AsyncSession, chat_ids: Ids) -> dict[int, date]:
    """Tell the latest local day of each chat that has a row; chats without one are left out."""
    asked = table_of(session, {DIGESTS.c.chat_id: plain(chat_ids)})
    latest = select(func.max(DIGESTS.c.local_day)).where(DIGESTS.c.chat_id == asked.c.chat_id)
    rows = await session.execute(select(asked.c.chat_id, latest.scalar_subquery()))
    return {chat_id: day for chat_id, day in rows if day is not None}


async def sent_daily(session: AsyncSession, chat_ids: Ids, since: datetime, now: datetime) -> set[int]:
    """Tell which of the chats were sent a daily digest since then, be it one that lost its day."""
    asked = table_of(session, {DIGESTS.c.chat_id: plain(chat_ids)})
    sent = select(func.count()).where(
        DIGESTS.c.chat_id == asked.c.chat_id,
        DIGESTS.c.state == State.SENT,
        DIGESTS.c.kind == Kind.DAILY,
        DIGESTS.c.settled_at.between(since, now),
    )
    rows = await session.execute(select(asked.c.chat_id).where(sent.scalar_subquery() > 0))
    return set(rows.scalars())


def _each_once(chat_id: NDArray[np.int64], paper_id: NDArray[np.int64]) -> GivenPairs:
    order = np.lexsort((paper_id, chat_id))
    chat_ids, paper_ids = chat_id[order], paper_id[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (np.diff(chat_ids) != 0) | (np.diff(paper_ids) != 0)
    return GivenPairs(chat_ids[is_new], paper_ids[is_new])
