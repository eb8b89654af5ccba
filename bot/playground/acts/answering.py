"""What people do to a message that is there: press its buttons, react to it."""

from typing import Any

from bot.playground.acts.act import Act, acting_user, existing_chat, message_in
from bot.playground.chats import Chat, User
from bot.playground.encoded import as_json
from bot.playground.errors import UserMistake
from bot.playground.keyboards import has_button
from bot.playground.presses import Press
from bot.playground.reactions import known_reaction, reaction_counts, reaction_types


def press(act: Act, message_id: int, data: str) -> Press:
    """Press a button.

    Raises:
        UserMistake: where there is no such chat, message or button.
    """
    chat = existing_chat(act)
    message = message_in(chat, message_id)
    if not has_button(message.fields.get("reply_markup"), data):
        raise UserMistake(f"message {message_id} has no button with this data")
    pressed = act.desk.presses.add(act.chat_id, act.now)
    query = {"id": pressed.id, "from": acting_user(chat, act.person), "message": message.fields}
    query |= {"chat_instance": str(act.chat_id), "data": data}
    act.desk.updates.add("callback_query", as_json(query))
    return pressed


def react(act: Act, message_id: int, emoji: str | None) -> None:
    """Set a reaction to a message, or take it back with None.

    The bot hears of it in a private chat, elsewhere only as administrator; in a channel it hears counts.

    Raises:
        UserMistake: where there is no such chat, message or reaction.
    """
    chat = existing_chat(act)
    message = message_in(chat, message_id)
    chosen = _chosen(emoji)
    user = acting_user(chat, act.person)
    before = chat.reactions.set(message.id, user["id"], chosen)
    if before == chosen:
        return
    act.desk.show_change(chat, message)
    if chat.private or chat.bot_leads:
        head = {"chat": chat.card(), "message_id": message.id, "date": int(act.now)}
        kind = "message_reaction_count" if chat.channel else "message_reaction"
        told = _counts(chat, message.id) if chat.channel else _change(chat, user, before, chosen)
        act.desk.updates.add(kind, as_json({**head, **told}))


def _chosen(emoji: str | None) -> str | None:
    chosen = None if emoji is None else known_reaction(emoji)
    if emoji is not None and chosen is None:
        raise UserMistake(f"Telegram offers no reaction {emoji}")
    return chosen


def _counts(chat: Chat, message_id: int) -> dict[str, Any]:
    return {"reactions": reaction_counts(chat.reactions.on(message_id))}


def _change(chat: Chat, user: User, before: str | None, after: str | None) -> dict[str, Any]:
    actor = {"actor_chat": chat.card()} if user["id"] in chat.anonymous else {"user": user}
    return {**actor, "old_reaction": reaction_types(before), "new_reaction": reaction_types(after)}
