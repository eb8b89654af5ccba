"""Forwarding: a message once more in another chat, with word of where it comes from."""

from typing import Any

from bot.playground.acts.act import Act, chat_at, entered_chat, message_in
from bot.playground.acts.saying import say
from bot.playground.chats import Chat, Message
from bot.playground.errors import UserMistake
from bot.playground.keyboards import forwarded_keyboard

_CONTENT = ("text", "entities", "caption", "caption_entities", "photo", "document", "link_preview_options")


def forward(act: Act, from_chat_id: int, message_id: int) -> Message:
    """Forward a message into the chat of the act; of its buttons only links go along.

    Raises:
        UserMistake: where there is no such message, or it is not for forwarding.
    """
    source = chat_at(act.desk, from_chat_id)
    fields = message_in(source, message_id).fields
    content = {name: fields[name] for name in _CONTENT if name in fields}
    if not content or fields.get("has_protected_content"):
        raise UserMistake("this message cannot be forwarded")
    keyboard = forwarded_keyboard(fields.get("reply_markup"))
    buttons = {"reply_markup": keyboard} if keyboard else {}
    return say(act, entered_chat(act), {"forward_origin": _origin(source, fields), **content, **buttons})


def _origin(source: Chat, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the MessageOrigin object: of a message that was forwarded before, the one it has."""
    if "forward_origin" in fields:
        origin: dict[str, Any] = fields["forward_origin"]
        return origin
    date = {"date": fields["date"]}
    if source.channel:
        return {"type": "channel", **date, "chat": source.card(), "message_id": fields["message_id"]}
    if "sender_chat" in fields:
        return {"type": "chat", **date, "sender_chat": fields["sender_chat"]}
    return {"type": "user", **date, "sender_user": fields["from"]}
