"""/admin: the owner's overview, and the way to broadcasts and invitations. For nobody else is it there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from telegram import Chat, Update
from telegram.ext import ContextTypes

from bot.chat.broadcast import Broadcast
from bot.chat.desk import Desk, message_of, press_of, reply
from bot.chat.invitations import Invitations
from bot.messages.admin import Overview, render_overview
from bot.messages.feedback import say_unknown_button
from bot.polling.health import Watch
from storage import health, ledger, notices

_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)
_REASONS = 5
_LONGEST_ID = 18  # digits that fit 64 bits


@dataclass(frozen=True, slots=True)
class Admin:
    """Answers the owner, in a private chat.

    Attributes:
        admin_ids: Whose bot it is, as Telegram numbers people.
        space: The folder of the feature space.
    """

    desk: Desk
    broadcast: Broadcast
    invitations: Invitations
    admin_ids: Collection[int]
    watch: Watch
    space: Path

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the overview, or do what the words behind the command say."""
        message, language = message_of(update), await self.desk.spoken_in(update)
        match context.args or []:
            case ["broadcast"]:
                await self.broadcast.ask(message, language)
            case ["invite", *uses]:
                await self.invitations.make(message, language, " ".join(uses) or "1", update.update_id)
            case ["invites"]:
                await self.invitations.list(message, language)
            case _:
                shown = render_overview(language, await self._look())
                await reply(message, shown.html, shown.keyboard)

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Carry out a press on one of the owner's buttons, if it is the owner's."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        is_owner = pressed.chat.type == Chat.PRIVATE and pressed.query.from_user.id in self.admin_ids
        match pressed.data.split(":")[1:] if is_owner else []:
            case ["refresh"]:
                shown = render_overview(language, await self._look())
                await asyncio.gather(pressed.answer(), pressed.edit_text(shown.html, shown.keyboard))
            case ["send", notice] if _is_id(notice):
                await self.broadcast.send(pressed, language, int(notice))
            case ["cancel", notice] if _is_id(notice):
                await self.broadcast.cancel(pressed, language, int(notice))
            case ["quit"]:
                await self.broadcast.quit(pressed, language)
            case ["revoke", code]:
                await self.invitations.revoke(pressed, language, code)
            case _:
                await pressed.answer(say_unknown_button(language))

    async def take_notice(self, update: Update, written: str) -> None:
        """Take a text as the notice that was asked for."""
        message = message_of(update)
        if message.from_user and message.from_user.id in self.admin_ids:
            await self.broadcast.take(message, await self.desk.spoken_in(update), written)

    async def _look(self) -> Overview:
        """Look at everything; today begins at midnight in UTC, for readers live in many zones."""
        now = self.desk.clock()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        async with self.desk.database.reading() as session:
            return Overview(
                at=now,
                readers=await health.count_readers(session),
                new=await health.count_new_readers(session, now - _WEEK),
                digests=await ledger.counts(session, today),
                failures=await health.failures(session, today, _REASONS),
                sources=await self.watch.look(session, now),
                slots=await health.slot_rates(session, now - _MONTH),
                database_bytes=await health.database_bytes(session),
                space_bytes=await asyncio.to_thread(_measure, self.space),
                notice=await notices.last_progress(session),
            )


def _measure(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _is_id(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_ID
