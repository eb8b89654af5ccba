"""/admin invite: links that let chats in where the owner lets in only whom they invite."""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass

from telegram import Message

from bot.chat.desk import Desk, Press, reply
from bot.messages.invites import MOST_USES, render_invites, say_revoked, say_wrong_uses, tell_invite
from bot.messages.language import Language
from bot.messages.markup import text
from storage import invites, receipts
from storage.invites import Invite

_DIGITS = re.compile(r"\d{1,9}", re.ASCII)
_CODE_BYTES = 12  # 96 bits: nobody guesses one


@dataclass(frozen=True, slots=True)
class Invitations:
    """Makes, lists and revokes invitations; whoever calls it knows that the owner asks."""

    desk: Desk
    invited_only: bool

    async def make(self, message: Message, language: Language, uses: str, update_id: int) -> None:
        """Make an invitation that lets in so many chats; an update that comes again finds it listed."""
        if not (_DIGITS.fullmatch(uses) and 1 <= int(uses) <= MOST_USES):
            await reply(message, text(say_wrong_uses(language)).html)
            return
        invite = Invite(secrets.token_urlsafe(_CODE_BYTES), int(uses))
        async with self.desk.database.writing() as session:
            is_first = await receipts.take(session, update_id, self.desk.clock())
            if is_first:
                await invites.put(session, invite, self.desk.clock())
        if not is_first:
            await self.list(message, language)
            return
        told = tell_invite(language, invite, message.get_bot().username, is_needed=self.invited_only)
        await reply(message, told.html, told.keyboard)

    async def list(self, message: Message, language: Language) -> None:
        """List the invitations that still let someone in."""
        async with self.desk.database.reading() as session:
            told = render_invites(language, await invites.all_open(session))
        await reply(message, told.html, told.keyboard)

    async def revoke(self, pressed: Press, language: Language, code: str) -> None:
        """Revoke an invitation, and show which are left."""
        async with self.desk.database.writing() as session:
            was_there = await invites.remove(session, code)
            told = render_invites(language, await invites.all_open(session))
        said = say_revoked(language, was_there=was_there)
        await asyncio.gather(pressed.answer(said), pressed.edit_text(told.html, told.keyboard))
