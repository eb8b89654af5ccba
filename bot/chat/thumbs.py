"""A press under a digest: the vote or the bookmark is kept, answered, and shown on the buttons."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, kind_of, press_of
from bot.chat.feedback import Presser, turn_saved, turn_vote
from bot.messages.buttons import Act, DigestPress, digest_buttons, menu_buttons, read_press
from bot.messages.feedback import say_has_note, say_saved, say_unknown_button, say_vote
from bot.messages.language import Language
from bot.standings import read_standings
from storage import ledger, saved
from storage.ledger import Digest


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Handles the presses under digests; what they may be about, the ledger says."""

    desk: Desk

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn a vote or the bookmark, or show what more can be done with a pick."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        meant = read_press(pressed.data)
        by = Presser(update.update_id, pressed.chat.id, pressed.query.from_user.id, self.desk.clock())
        counted = kind_of(pressed.chat) != "private"
        done = await self._do(by, meant, language, counted=counted) if meant else None
        if done is None:
            await pressed.answer(say_unknown_button(language))
            return
        said, keyboard = done
        await asyncio.gather(pressed.answer(said), pressed.edit_buttons(keyboard))

    async def _do(
        self, by: Presser, meant: DigestPress, language: Language, *, counted: bool
    ) -> tuple[str | None, InlineKeyboardMarkup] | None:
        async with self.desk.database.writing() as session:
            digest = await ledger.get(session, by.chat_id, meant.digest_id)
            if digest is None or meant.position >= len(digest.picks):
                return None
            if meant.act is Act.MENU:
                return None, menu_buttons(language, digest, meant.position)
            said = await _turn(session, by, digest.picks[meant.position].paper_id, meant.act, language)
            return said, await redrawn(session, digest, by.person_id, counted=counted)


async def redrawn(
    session: AsyncSession, digest: Digest, person_id: int, *, counted: bool
) -> InlineKeyboardMarkup:
    """Draw the buttons of a digest as things stand now."""
    picked = [pick.paper_id for pick in digest.picks]
    standings = await read_standings(session, digest.chat_id, person_id, picked, counted=counted)
    return digest_buttons(digest, standings)


async def _turn(
    session: AsyncSession, by: Presser, paper_id: int, act: Act, language: Language
) -> str | None:
    """Carry out a press; say in a sentence what it did."""
    match act:
        case Act.UP | Act.DOWN:
            return say_vote(language, await turn_vote(session, by, paper_id, act is Act.UP))
        case Act.SAVE:
            kept = await saved.get(session, by.chat_id, paper_id)
            if kept and kept.note:
                return say_has_note(language)
            return say_saved(language, is_saved=await turn_saved(session, by, paper_id))
    return None
