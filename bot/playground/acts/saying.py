"""What people say in a chat: text, files, and what they take back or put in other words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.acts.act import Act, acting_user, entered_chat, existing_chat, message_in
from bot.playground.acts.standing import stand
from bot.playground.calls import Upload
from bot.playground.chats import Chat, Message, message_of
from bot.playground.errors import UserMistake
from bot.playground.formatting import formatted_caption, formatted_message

_WORDS = ("text", "entities", "caption", "caption_entities")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a chat something is said: in a topic, which may be given its name, or as a reply."""

    thread_id: int | None = None
    topic: str | None = None
    reply_to: int | None = None


NOWHERE_SPECIAL = Place()


def write(act: Act, text: str, place: Place = NOWHERE_SPECIAL, title: str | None = None) -> Message:
    """Write a message; the first one makes the chat, and one to a blocked bot unblocks it.

    Raises:
        UserMistake: where the person may not write, or the place is none in this chat.
        Refusal: for a text that Telegram would not take.
    """
    content = formatted_message(text).fields("text", "entities")
    chat = entered_chat(act, title)
    return say(act, chat, {**_placed(chat, place), **content})


def attach(act: Act, kind: str, upload: Upload, caption: str, place: Place = NOWHERE_SPECIAL) -> Message:
    """Send a file, as photo or document.

    Raises:
        UserMistake: where the person may not write, or the place is none in this chat.
        Refusal: for a file or a caption that Telegram would not take.
    """
    content = formatted_caption(caption).fields("caption", "caption_entities")
    chat = entered_chat(act)
    placed = _placed(chat, place)
    return say(act, chat, {**placed, **act.desk.files.add(kind, upload).content(), **content})


def edit(act: Act, message_id: int, text: str) -> Message:
    """Put other words in place of a message's text or caption.

    Raises:
        UserMistake: where there is no such message, or it is not the person's own.
        Refusal: for a text that Telegram would not take.
    """
    chat = existing_chat(act)
    fields = message_in(chat, message_id).fields
    if not _is_own(act, chat, fields):
        raise UserMistake("people edit only what they wrote themselves", 403)
    words = (
        formatted_message(text).fields("text", "entities")
        if "text" in fields
        else formatted_caption(text).fields("caption", "caption_entities")
    )
    kept = {name: value for name, value in fields.items() if name not in _WORDS}
    edited = chat.put(message_of({**kept, **words, "edit_date": int(act.now)}))
    if chat.bot_is_in:
        act.desk.updates.add(f"edited_{chat.post_kind}", edited.json)
    return act.desk.show_change(chat, edited)


def delete(act: Act, message_id: int) -> None:
    """Delete a message for all; the bot hears nothing of it.

    Raises:
        UserMistake: where there is no such message, or the person may not delete it.
    """
    chat = existing_chat(act)
    message = message_in(chat, message_id)
    may_delete_all = chat.private or chat.leads(acting_user(chat, act.person)["id"])
    if not may_delete_all and not _is_own(act, chat, message.fields):
        raise UserMistake("in a group only administrators delete what others wrote", 403)
    act.desk.remove(chat, [message_id])


def say(act: Act, chat: Chat, content: Mapping[str, Any]) -> Message:
    """Put a message of the person into a chat, and tell the bot of it where it hears.

    Raises:
        UserMistake: where the person may not write.
    """
    user = acting_user(chat, act.person)
    if chat.channel and not chat.leads(user["id"]):
        raise UserMistake("in a channel only administrators write", 403)
    if chat.private and chat.standing == "kicked":
        stand(act, chat, "member")
    message = act.desk.show(chat, chat.add(user, act.now, content))
    if chat.bot_is_in:
        act.desk.updates.add(chat.post_kind, message.json)
    return message


def _placed(chat: Chat, place: Place) -> dict[str, Any]:
    """Return the fields that put a message into its place; a reply stands in the topic of what it answers."""
    fields: dict[str, Any] = {}
    thread_id = place.thread_id
    if place.reply_to is not None:
        answered = message_in(chat, place.reply_to).fields
        fields["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        thread_id = thread_id or answered.get("message_thread_id")
    if thread_id is None:
        return fields
    if chat.kind != "supergroup":
        raise UserMistake("only supergroups have topics: their ids are -100 and ten digits")
    chat.topics[thread_id] = place.topic or chat.topics.get(thread_id, f"Topic {thread_id}")
    return {**fields, "message_thread_id": thread_id, "is_topic_message": True}


def _is_own(act: Act, chat: Chat, fields: Mapping[str, Any]) -> bool:
    """Tell whether a message is the person's; what stands in a chat's name is its administrators'."""
    user_id = acting_user(chat, act.person)["id"]
    if "sender_chat" in fields:
        return chat.leads(user_id)
    return bool(fields["from"]["id"] == user_id)
