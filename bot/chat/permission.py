"""Who may change what is a whole chat's, and what everybody else is told."""

from __future__ import annotations

from telegram import Update

from bot.chat.desk import Desk, may_configure, message_of, press_of, reply
from bot.messages.feedback import say_administrators_only


async def is_permitted(desk: Desk, update: Update) -> bool:
    """Tell whether the person of an update may change what is the whole chat's; who may not is told so."""
    if await may_configure(update):
        return True
    said = say_administrators_only(await desk.spoken_in(update))
    if update.callback_query:
        await press_of(update).answer(said)
    else:
        await reply(message_of(update), said)
    return False
