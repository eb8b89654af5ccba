"""Presses that no button of ours made end here: a client of one's own sends any data for any message.

In a private chat that changes nothing but one's own. Where others read along it could turn a post into
whatever the bot shows elsewhere, so there the pressed message must have the button. Votes under digests
pass all the same, for they may come from a keyboard that was redrawn a moment ago: what they may be about
the ledger says.
"""

from __future__ import annotations

import re

from telegram import CallbackQuery, Chat, Message, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.chat.desk import tolerated
from bot.messages.feedback import say_unknown_button
from bot.messages.language import speak

_VOTE = re.compile(r"vote:\d+:\d+:(?:up|down)", re.ASCII)


async def check_button(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Pass a press on, or end its way here.

    Raises:
        ApplicationHandlerStop: The press is on no button of the bot's.
    """
    query = update.callback_query
    if query and not _is_genuine(query):
        with tolerated("query is too old"):
            await query.answer(say_unknown_button(speak(query.from_user.language_code)))
        raise ApplicationHandlerStop


def _is_genuine(query: CallbackQuery) -> bool:
    """Tell whether a button may have been pressed; of a message too old to be read it is not known."""
    message, data = query.message, query.data
    if message is None or data is None:  # of an inline message or a game, which the bot has none of
        return False
    if message.chat.type == Chat.PRIVATE or not isinstance(message, Message) or _VOTE.fullmatch(data):
        return True
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return any(button.callback_data == data for row in rows for button in row)
