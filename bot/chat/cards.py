"""Cards: one paper as a message, voted on and saved by its buttons, which always show how things stand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.desk import Desk
from bot.chat.feedback import turn_saved, turn_vote
from bot.chat.pressed_paper import PressedPaper
from bot.chat.redraws import Draw
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
            await self._make_reader(session, pressed)
            kept = await saved.get(session, pressed.by.chat_id, pressed.paper_id)
            is_at_stake = bool(kept and kept.note)
            is_saved = is_at_stake or await turn_saved(session, pressed.by, pressed.paper_id)
        if is_at_stake:
            buttons = parting_buttons(pressed.language, pressed.paper_id)
            self._mark(pressed, partial(pressed.press.edit_buttons, buttons))
            await pressed.press.answer(say_note_at_stake(pressed.language))
        else:
            await self._show(pressed, say_saved(pressed.language, is_saved=is_saved))

    async def drop(self, pressed: PressedPaper) -> None:
        """Take a paper out of what is saved, its note with it."""
        async with self.desk.database.writing() as session:
            await saved.take_out(session, pressed.by.chat_id, pressed.paper_id)
        await self._show(pressed, say_saved(pressed.language, is_saved=False))

    async def keep(self, pressed: PressedPaper) -> None:
        """Show a card as it stands: its note is kept after all."""
        await self._show(pressed, None)

    async def _vote(self, pressed: PressedPaper, *, up: bool) -> None:
        async with self.desk.database.writing() as session:
            await self._make_reader(session, pressed)
            mine = await turn_vote(session, pressed.by, pressed.paper_id, up)
        await self._show(pressed, say_vote(pressed.language, mine))

    async def _make_reader(self, session: AsyncSession, pressed: PressedPaper) -> None:
        """Make sure that what is kept belongs to a reader, also after /forget."""
        await self.desk.reader_of(session, pressed.press.chat, pressed.press.query.from_user)

    async def _show(self, pressed: PressedPaper, said: str | None) -> None:
        """Answer, and have the card show how things stand."""
        self._mark(pressed, partial(self._draw, pressed))
        await pressed.press.answer(said)

    def _mark(self, pressed: PressedPaper, draw: Draw) -> None:
        self.desk.redraws.mark(pressed.press.chat.id, pressed.press.message_id, draw)

    async def _draw(self, pressed: PressedPaper) -> None:
        async with self.desk.database.reading() as session:
            message = render_card(pressed.language, await _read_card(session, pressed))
        await pressed.press.edit_text(message.html, message.keyboard)


async def _read_card(session: AsyncSession, pressed: PressedPaper) -> Card:
    by, paper_id = pressed.by, pressed.paper_id
    standings = await read_standings(session, by.chat_id, by.person_id, [paper_id], counted=pressed.is_shared)
    kept = await saved.get(session, by.chat_id, paper_id)
    return Card(paper_id, pressed.paper, standings[paper_id], kept.note if kept else None)
