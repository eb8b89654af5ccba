"""/today: a digest at once, whatever the hour."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, message_of, reply
from bot.delivery import Deliverer
from bot.messages.language import Language
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
        topic_id = message.message_thread_id if message.is_topic_message else None
        try:
            digest_ids = await self.planner.plan_asked(reader, update.update_id, self.desk.clock(), topic_id)
        except RepeatedUpdateError:
            return
        for digest_id in digest_ids:
            await self.deliverer.deliver(digest_id)
        if not digest_ids:
            await reply(message, await self._nothing(await self.desk.spoken_in(update)))

    async def _nothing(self, language: Language) -> str:
        async with self.desk.database.reading() as session:
            known = await papers.count(session)
        if known:
            return language.html(
                "You have seen every paper I know. The lists are read again every {minutes} minutes.",
                minutes=self.poll_minutes,
            ).html
        return language.html(
            "I have no papers yet. The lists are read every {minutes} minutes: please try /today again soon. "
            "If this lasts, whoever runs me finds the cause with <code>paperboy doctor</code>.",
            minutes=self.poll_minutes,
        ).html
