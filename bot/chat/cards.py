"""Cards: one paper as a message, voted on and saved by its buttons, which always show how things stand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.desk import Desk
from bot.chat.feedback import turn_saved, turn_vote
from bot.chat.pressed_paper import PressedPaper
from bot.messages.card import Card, render_card, say_note_at_stake
from bot.messages.feedback import say_saved, say_vote
from bot.messages.paper_buttons import parting_buttons
from bot.standings import read_standings
from storage import saved


@dataclass(frozen=True, slots=True)
class Cards:
    """Opens cards and carries out what is pressed on them. Any paper may be voted on, sent or not."""

    desk: Desk

    async def open(self, pressed: PressedPaper) -> None:
        """Send a card as a message of its own."""
        async with self.desk.database.reading() as session:
            card = await _read_card(session, pressed)
        message = render_card(pressed.language, card)
        await asyncio.gather(pressed.press.answer(), pressed.press.say(message.html, message.keyboard))

    async def like(self, pressed: PressedPaper) -> None:
        """Cast a vote for a paper, or take it back where it stood already."""
        await self._vote(pressed, up=True)

    async def dislike(self, pressed: PressedPaper) -> None:
        """Cast a vote against a paper, likewise."""
        await self._vote(pressed, up=False)

    async def save(self, pressed: PressedPaper) -> None:
        """Save a paper, or take it out where it was saved; where it has a note, ask before."""
        async with self.desk.database.writing() as session:
            kept = await saved.get(session, pressed.by.chat_id, pressed.paper_id)
            if kept is None or not kept.note:
                is_saved = await turn_saved(session, pressed.by, pressed.paper_id)
                card = await _read_card(session, pressed)
        if kept and kept.note:
            buttons = parting_buttons(pressed.language, pressed.paper_id)
            warned = pressed.press.answer(say_note_at_stake(pressed.language))
            await asyncio.gather(warned, pressed.press.edit_buttons(buttons))
            return
        await _redraw(pressed, card, say_saved(pressed.language, is_saved=is_saved))

    async def drop(self, pressed: PressedPaper) -> None:
        """Take a paper out of what is saved, its note with it."""
        async with self.desk.database.writing() as session:
            await saved.take_out(session, pressed.by.chat_id, pressed.paper_id)
            card = await _read_card(session, pressed)
        await _redraw(pressed, card, say_saved(pressed.language, is_saved=False))

    async def keep(self, pressed: PressedPaper) -> None:
        """Show a card as it stands: its note is kept after all."""
        async with self.desk.database.reading() as session:
            card = await _read_card(session, pressed)
        await _redraw(pressed, card, None)

    async def _vote(self, pressed: PressedPaper, *, up: bool) -> None:
        async with self.desk.database.writing() as session:
            mine = await turn_vote(session, pressed.by, pressed.paper_id, up)
            card = await _read_card(session, pressed)
        await _redraw(pressed, card, say_vote(pressed.language, mine))


async def _read_card(session: AsyncSession, pressed: PressedPaper) -> Card:
    by, paper_id = pressed.by, pressed.paper_id
    standings = await read_standings(session, by.chat_id, by.person_id, [paper_id], counted=pressed.is_shared)
    kept = await saved.get(session, by.chat_id, paper_id)
    return Card(paper_id, pressed.paper, standings[paper_id], kept.note if kept else None)


async def _redraw(pressed: PressedPaper, card: Card, said: str | None) -> None:
    message = render_card(pressed.language, card)
    await asyncio.gather(pressed.press.answer(said), pressed.press.edit_text(message.html, message.keyboard))
