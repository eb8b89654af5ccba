"""A thumb pressed under a pick: the vote is kept, answered, and shown on the buttons."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, Press, kind_of, press_of
from bot.delivery import standings
from bot.messages.digest import Thumb, read_thumb, vote_buttons
from storage import ledger, receipts, votes

UNKNOWN = "This button is from a digest that I no longer know."
_SAID = {True: "Noted: more like this.", False: "Noted: less like this.", None: "Taken back."}


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Handles the presses on digests. What may be voted on is what the ledger says this chat was sent."""

    desk: Desk

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Cast a vote, change it, or take it back where it stood already."""
        pressed = press_of(update)
        thumb = read_thumb(pressed.data)
        cast = await self._cast(update.update_id, pressed, thumb) if thumb else None
        if cast is None:
            await pressed.answer(UNKNOWN)
            return
        said, keyboard = cast
        await asyncio.gather(pressed.answer(said), pressed.edit_buttons(keyboard))

    async def _cast(
        self, update_id: int, pressed: Press, thumb: Thumb
    ) -> tuple[str, InlineKeyboardMarkup] | None:
        chat_id, person = pressed.chat.id, pressed.query.from_user.id
        async with self.desk.database.writing() as session:
            digest = await ledger.get(session, chat_id, thumb.digest_id)
            if digest is None or thumb.position >= len(digest.picks):
                return None
            paper_ids = [pick.paper_id for pick in digest.picks]
            mine = await votes.of_person(session, chat_id, person, paper_ids)
            if await receipts.take(session, update_id, self.desk.clock()):
                mine = await self._turn(session, chat_id, person, paper_ids[thumb.position], thumb.up, mine)
            tally = await votes.tally(session, chat_id, paper_ids)
        said = _SAID[mine.get(paper_ids[thumb.position])]
        counted = kind_of(pressed.chat) != "private"
        return said, vote_buttons(digest, standings(tally, mine, counted=counted))

    async def _turn(  # noqa: PLR0913, PLR0917 - who, on what, which way
        self,
        session: AsyncSession,
        chat_id: int,
        person: int,
        paper_id: int,
        up: bool,  # noqa: FBT001 - a vote is a direction
        mine: dict[int, bool],
    ) -> dict[int, bool]:
        """Set a vote, or take it back where it stands; tell how the person's votes stand then."""
        if mine.get(paper_id) is up:
            await votes.take_back(session, chat_id, person, paper_id)
            return {other: vote for other, vote in mine.items() if other != paper_id}
        await votes.put(session, chat_id, person, paper_id, up, self.desk.clock())
        return mine | {paper_id: up}
