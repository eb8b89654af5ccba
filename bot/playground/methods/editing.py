"""Methods that change or take back a message, and that answer a press on its buttons."""

from typing import Any

from bot.playground.calls import Call, as_integer, as_text
from bot.playground.chats import Chat, Message, message_of
from bot.playground.desk import Desk
from bot.playground.encoded import Json, as_json
from bot.playground.errors import BadRequest
from bot.playground.keyboards import inline_keyboard
from bot.playground.methods.sending import caption_of, link_preview, sent_file, text_of, writable_chat
from bot.playground.presses import MAX_ANSWER

_MOST_AT_ONCE = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
_MEDIA = ("photo", "document")
_SEEN_AS_EDITED = ("text", "entities", "caption", "caption_entities", *_MEDIA)
_COMPARED = (*_SEEN_AS_EDITED, "reply_markup")
_TEXT_FIELDS = ("text", "entities", "link_preview_options")
_CAPTION_FIELDS = ("caption", "caption_entities")
_CONTENT_FIELDS = (*_TEXT_FIELDS, *_CAPTION_FIELDS, *_MEDIA)
_CAPTION_PARAMETERS = ("caption", "parse_mode", "caption_entities")


def edit_message_text(desk: Desk, call: Call) -> Json:
    """Put another text and keyboard in place of the old ones."""
    formatted = text_of(call)
    chat, fields = _own_message(desk, call)
    if "text" not in fields:
        raise BadRequest("there is no text in the message to edit")
    content = {**formatted.fields("text", "entities"), **link_preview(call)}
    return _edit(desk, call, chat, fields, {**_without(fields, _TEXT_FIELDS), **content})


def edit_message_caption(desk: Desk, call: Call) -> Json:
    """Put another caption and keyboard in place of the old ones."""
    formatted = caption_of(call)
    chat, fields = _own_message(desk, call)
    if "text" in fields:
        raise BadRequest("there is no caption in the message to edit")
    content = formatted.fields("caption", "caption_entities")
    return _edit(desk, call, chat, fields, {**_without(fields, _CAPTION_FIELDS), **content})


def edit_message_media(desk: Desk, call: Call) -> Json:
    """Put another photo or document, with its caption, in place of whatever the message had."""
    kind, media = _input_media(call)
    formatted = caption_of(media)
    chat, fields = _own_message(desk, call)
    content = {**sent_file(desk, media, kind).content(), **formatted.fields("caption", "caption_entities")}
    return _edit(desk, call, chat, fields, {**_without(fields, _CONTENT_FIELDS), **content})


def edit_message_reply_markup(desk: Desk, call: Call) -> Json:
    """Put another keyboard in place of the old one; none given takes it away."""
    chat, fields = _own_message(desk, call)
    return _edit(desk, call, chat, fields, fields)


def delete_message(desk: Desk, call: Call) -> bool:
    """Delete one message."""
    if not call.text("chat_id"):
        raise BadRequest("chat identifier is not specified")
    message_id = call.integer("message_id")
    if not message_id:
        raise BadRequest("message identifier is not specified")
    chat = writable_chat(desk, call)
    _check_deletable(desk, chat, chat.message(message_id, "message to delete"))
    desk.remove(chat, [message_id])
    return True


def delete_messages(desk: Desk, call: Call) -> bool:
    """Delete several messages; those that are not there are passed over."""
    message_ids = _message_ids(call.json("message_ids"))
    chat = writable_chat(desk, call)
    found = [message_id for message_id in message_ids if message_id in chat.messages]
    for message_id in found:
        _check_deletable(desk, chat, chat.messages[message_id])
    desk.remove(chat, found)
    return True


def answer_callback_query(desk: Desk, call: Call) -> bool:
    """Answer a press, with words that the person sees or without."""
    answer: dict[str, Any] = {name: call.text(name) for name in ("text", "url")}
    if len(answer["text"]) > MAX_ANSWER:
        raise BadRequest("MESSAGE_TOO_LONG")
    answer["show_alert"] = call.flag("show_alert")
    press = desk.presses.answer(call.text("callback_query_id"), answer, call.now)
    desk.events.tell(press.chat_id, "answer", as_json({"callback_query_id": press.id, **answer}))
    return True


def _input_media(call: Call) -> tuple[str, Call]:
    """Return the kind of the InputMedia of a call, and the call that would send it."""
    media = call.json("media", what="InputMedia")
    kind = media.get("type") if isinstance(media, dict) else None
    if kind not in _MEDIA:
        raise BadRequest("can't parse InputMedia: only photo and document are supported by the playground")
    given = {name: as_text(media[name]) for name in _CAPTION_PARAMETERS if name in media}
    return kind, Call(call.method, call.now, {kind: as_text(media.get("media", "")), **given}, call.uploads)


def _own_message(desk: Desk, call: Call) -> tuple[Chat, dict[str, Any]]:
    """Return the message that a call wants to edit, and its chat."""
    message_id = call.integer("message_id")
    if not call.text("chat_id") and not message_id:
        raise BadRequest("message identifier is not specified")
    chat = writable_chat(desk, call)
    fields = chat.message(message_id, "message to edit").fields
    if not chat.channel and fields["from"]["id"] != desk.profile.id:
        raise BadRequest("message can't be edited")
    return chat, fields


def _edit(desk: Desk, call: Call, chat: Chat, before: dict[str, Any], after: dict[str, Any]) -> Json:
    """Put a message with a new keyboard in place of the one before."""
    markup = inline_keyboard(call.text("reply_markup"))
    fields = {**_without(after, ("reply_markup",)), **({"reply_markup": markup} if markup else {})}
    if all(fields.get(name) == before.get(name) for name in _COMPARED):
        raise BadRequest(_NOT_MODIFIED)
    if all(fields.get(name) == before.get(name) for name in _SEEN_AS_EDITED):
        if "edit_date" not in before:
            chat.quiet_edits.add(before["message_id"])
    else:
        chat.quiet_edits.discard(before["message_id"])
    edited = chat.put(message_of({**fields, "edit_date": int(call.now)}))
    return desk.show_change(chat, edited).json


def _without(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _check_deletable(desk: Desk, chat: Chat, message: Message) -> None:
    may_delete_all = chat.private or chat.bot_leads
    if not may_delete_all and message.fields["from"]["id"] != desk.profile.id:
        raise BadRequest("message can't be deleted")


def _message_ids(given: Any) -> list[int]:
    if not given:
        raise BadRequest("message identifiers are not specified")
    if not isinstance(given, list):
        raise BadRequest("expected an Array of message identifiers")
    if len(given) > _MOST_AT_ONCE:
        raise BadRequest("too many message identifiers specified")
    message_ids = [as_integer(str(message_id), 0) for message_id in given]
    if min(message_ids) <= 0:
        raise BadRequest("invalid message identifier specified")
    return message_ids


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
