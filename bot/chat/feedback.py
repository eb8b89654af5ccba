"""What a press on 👍, 👎 and 🔖 does, wherever the button stands: it turns on what is off, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import receipts, saved, votes


@dataclass(frozen=True, slots=True)
class Presser:
    """Who pressed, where and when.

    Attributes:
        update_id: The update that told of it; one that was carried out before changes nothing.
    """

    update_id: int
    chat_id: int
    person_id: int
    now: datetime


async def turn_vote(
    session: AsyncSession,
    by: Presser,
    paper_id: int,
    up: bool,  # noqa: FBT001 - a vote is a direction
) -> bool | None:
    """Cast a vote, change it, or take it back where it stood already; tell how it stands then."""
    mine = (await votes.of_person(session, by.chat_id, by.person_id, [paper_id])).get(paper_id)
    if not await receipts.take(session, by.update_id, by.now):
        return mine
    if mine is up:
        await votes.take_back(session, by.chat_id, by.person_id, paper_id)
        return None
    await votes.put(session, by.chat_id, by.person_id, paper_id, up, by.now)
    return up


async def turn_saved(session: AsyncSession, by: Presser, paper_id: int) -> bool:
    """Save a paper, or take it out where it was saved; tell whether it is saved then."""
    is_saved = paper_id in await saved.among(session, by.chat_id, [paper_id])
    if not await receipts.take(session, by.update_id, by.now):
        return is_saved
    if is_saved:
        await saved.take_out(session, by.chat_id, paper_id)
    else:
        await saved.put(session, by.chat_id, paper_id, by.now)
    return not is_saved
