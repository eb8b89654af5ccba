"""What the audience of a channel may do there: vote. All else below a post is for who may change the channel.

A post's buttons are everybody's, and what they say or redraw all the audience sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.chat.desk import Desk, press_of
from bot.chat.permission import is_permitted

_VOTE = re.compile(r"(?:vote:\d+|paper):\d+:(?:up|down)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Audience:
    """Stands before all that is pressed."""

    desk: Desk

    async def check(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Pass a press on, or end its way here.

        Raises:
            ApplicationHandlerStop: It is one of a channel's audience, and no vote.
        """
        query = update.callback_query
        if query is None or query.message is None or query.message.chat.type != Chat.CHANNEL:
            return
        if not _VOTE.fullmatch(press_of(update).data) and not await is_permitted(self.desk, update):
            raise ApplicationHandlerStop
