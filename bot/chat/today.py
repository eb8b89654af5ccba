"""/today: a digest at once, whatever the hour."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, reply, topic_of
from bot.delivering.delivery import Deliverer
from bot.messages.digest import say_all_seen, say_no_papers
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
        await self.bring(update, message_of(update))

    async def bring(self, update: Update, message: Message) -> None:
        """Bring a digest to the chat and the topic of a message."""
        await message.reply_chat_action(ChatAction.TYPING)
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, message.chat, update.effective_user)
        now = self.desk.clock()
        try:
            digest_ids = await self.planner.plan_asked(reader, update.update_id, now, topic_of(message))
        except RepeatedUpdateError:
            return
        for digest_id in digest_ids:
            await self.deliverer.deliver(digest_id)
        if not digest_ids:
            await self._excuse(update, message)

    async def _excuse(self, update: Update, message: Message) -> None:
        """Say why there is nothing: all was seen, or nothing is known yet."""
        language = await self.desk.spoken_in(update)
        async with self.desk.database.reading() as session:
            known = await papers.count(session)
        say = say_all_seen if known else say_no_papers
        await reply(message, say(language, self.poll_minutes))
