"""How a chat stands to papers: what the buttons under them show, read from the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages.buttons import Standing
from storage import saved, votes


async def read_standings(
    session: AsyncSession, chat_id: int, person_id: int | None, paper_ids: Sequence[int], *, counted: bool
) -> dict[int, Standing]:
    """Read how a chat stands to each of the papers; a person's own vote only where votes are not counted."""
    tally = await votes.tally(session, chat_id, paper_ids)
    own = not counted and person_id is not None
    mine = await votes.of_person(session, chat_id, person_id or 0, paper_ids) if own else {}
    kept = await saved.among(session, chat_id, paper_ids)
    return {
        paper_id: Standing(*tally[paper_id], mine.get(paper_id), counted, paper_id in kept)
        for paper_id in paper_ids
    }
