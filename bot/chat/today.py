"""/today: a digest at once, whatever the hour."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, reply
from bot.delivery import Deliverer
from bot.messages import wording
from bot.planning import Planner, RepeatedUpdateError
from storage import papers


@dataclass(frozen=True, slots=True)
class Today:
    """Plans a digest and delivers it, by the same ledger as the daily ones."""

    desk: Desk
    planner: Planner
    deliverer: Deliverer
    poll_minutes: int

    async def command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer with the best papers that the chat has not had."""
        message = message_of(update)
        await message.reply_chat_action(ChatAction.TYPING)
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, message.chat)
        try:
            digest_id = await self.planner.plan_asked(reader, update.update_id, self.desk.clock())
        except RepeatedUpdateError:
            return
        if digest_id is None:
            await reply(message, await self._nothing())
            return
        await self.deliverer.deliver(digest_id)

    async def _nothing(self) -> str:
        async with self.desk.database.reading() as session:
            known = await papers.count(session)
        return (wording.ALL_SEEN if known else wording.NO_PAPERS).format(minutes=self.poll_minutes)
