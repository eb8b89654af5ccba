"""Methods that put a new message into a chat."""

from typing import Any

from bot.playground.calls import Call, as_integer
from bot.playground.chats import Chat
from bot.playground.desk import Desk
from bot.playground.encoded import Json
from bot.playground.errors import BadRequest
from bot.playground.files import StoredFile
from bot.playground.formatting import Formatted, formatted_caption, formatted_message
from bot.playground.keyboards import inline_keyboard

_PREVIEW_FLAGS = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")


def send_message(desk: Desk, call: Call) -> Json:
    """Send text."""
    formatted = text_of(call)
    return _send(desk, call, {**formatted.fields("text", "entities"), **link_preview(call)})


def send_photo(desk: Desk, call: Call) -> Json:
    """Send a picture: an upload, or the file_id of an earlier one."""
    return _send_file(desk, call, "photo")


def send_document(desk: Desk, call: Call) -> Json:
    """Send a file: an upload, or the file_id of an earlier one."""
    return _send_file(desk, call, "document")


def text_of(call: Call) -> Formatted:
    """Return the text of a call, as Telegram will keep it."""
    return formatted_message(call.text("text"), call.text("parse_mode"), call.text("entities"))


def caption_of(call: Call) -> Formatted:
    """Return the caption of a call, as Telegram will keep it."""
    return formatted_caption(call.text("caption"), call.text("parse_mode"), call.text("caption_entities"))


def writable_chat(desk: Desk, call: Call) -> Chat:
    """Return the chat of a call.

    Raises:
        Refusal: where there is none, or the bot may not write there.
    """
    chat = desk.chats.named(call.text("chat_id"))
    chat.check_writable()
    return chat


def link_preview(call: Call) -> dict[str, Any]:
    """Return the field `link_preview_options` as Telegram gives it back; nothing where nothing is set."""
    given = call.json("link_preview_options", what="link preview options")
    if given is None and call.flag("disable_web_page_preview"):
        given = {"is_disabled": True}
    if given is not None and not isinstance(given, dict):
        raise BadRequest("object expected as link preview options")
    kept = {name: True for name in _PREVIEW_FLAGS if given and given.get(name) is True}
    if given and isinstance(given.get("url"), str):
        kept["url"] = given["url"]
    return {"link_preview_options": kept} if kept else {}


def sent_file(desk: Desk, call: Call, kind: str) -> StoredFile:
    """Return the file of a call: an upload, or the earlier one that the parameter of that kind names."""
    upload = call.upload(kind)
    if upload is not None:
        return desk.files.add(kind, upload)
    given = call.text(kind)
    if not given:
        raise BadRequest(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise BadRequest("failed to get HTTP URL content")
    return desk.files.named(given, kind)


def topic_of(chat: Chat, call: Call) -> int:
    """Return the topic that a call names, 0 where it names none.

    Raises:
        BadRequest: where nobody wrote in it yet.
    """
    thread_id = call.integer("message_thread_id")
    if thread_id and thread_id not in chat.topics:
        raise BadRequest("message thread not found")
    return thread_id


def _send_file(desk: Desk, call: Call, kind: str) -> Json:
    caption = caption_of(call)
    chat = writable_chat(desk, call)
    file = sent_file(desk, call, kind)
    return _send(desk, call, {**file.content(), **caption.fields("caption", "caption_entities")}, chat)


def _send(desk: Desk, call: Call, content: dict[str, Any], chat: Chat | None = None) -> Json:
    markup = inline_keyboard(call.text("reply_markup"))
    chat = chat or writable_chat(desk, call)
    fields = {**_placed(chat, call), **content}
    if markup:
        fields["reply_markup"] = markup
    if call.flag("protect_content"):
        fields["has_protected_content"] = True
    message = chat.add(desk.profile.user(), call.now, fields)
    return desk.show(chat, message).json


def _placed(chat: Chat, call: Call) -> dict[str, Any]:
    """Return the fields that put a message into its place; a reply stands in the topic of what it answers."""
    fields = _reply(chat, call)
    answered: dict[str, Any] = fields.get("reply_to_message", {})
    thread_id = topic_of(chat, call) or answered.get("message_thread_id")
    return {**fields, "message_thread_id": thread_id, "is_topic_message": True} if thread_id else fields


def _reply(chat: Chat, call: Call) -> dict[str, Any]:
    given = call.json("reply_parameters", what="reply parameters") or {
        "message_id": call.integer("reply_to_message_id"),
        "allow_sending_without_reply": call.flag("allow_sending_without_reply"),
    }
    if not isinstance(given, dict):
        raise BadRequest("object expected as reply parameters")
    message_id = as_integer(str(given.get("message_id", "")), 0)
    if not message_id:
        return {}
    if message_id not in chat.messages and given.get("allow_sending_without_reply"):
        return {}
    answered = chat.message(message_id, "message to be replied").fields
    answered.pop("reply_to_message", None)
    return {"reply_to_message": answered}


METHODS = {"sendMessage": send_message, "sendPhoto": send_photo, "sendDocument": send_document}
