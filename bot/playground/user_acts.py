"""What people do in a chat: write, press, react, block, add the bot, migrate. Each becomes an update."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.calls import Upload
from bot.playground.chats import SUPERGROUP_BASE, Chat, Message, User, kind_of
from bot.playground.desk import Desk
from bot.playground.encoded import as_json
from bot.playground.errors import UserMistake
from bot.playground.formatting import formatted_caption, formatted_message
from bot.playground.keyboards import has_button
from bot.playground.members import standing_changed
from bot.playground.presses import Press

ANYONE = 1  # who acts in a group where nobody is named


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts; None is the person known by that id, or for the id itself whom the chat belongs to."""

    id: int | None = None
    first_name: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances of an act: the desk, the chat, who acts, and when (Unix time)."""

    desk: Desk
    chat_id: int
    person: Person
    now: float


def write(
    act: Act,
    text: str,
    *,
    title: str | None = None,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Message:
    """Write a message; the first one makes the chat, and one to a blocked bot unblocks it.

    Raises:
        UserMistake: for a group that became a supergroup, and a reply to a message that is not there.
        Refusal: for a text that Telegram would not take.
    """
    content = formatted_message(text).fields("text", "entities")
    chat = _entered(act, title)
    if reply_to is not None:
        answered = _message(chat, reply_to).fields
        content |= {"reply_to_message": {k: v for k, v in answered.items() if k != "reply_to_message"}}
    if thread_id is not None:
        chat.threads.add(thread_id)
        content |= {"message_thread_id": thread_id, "is_topic_message": True}
    return _say(act, chat, content)


def attach(act: Act, upload: Upload, caption: str) -> Message:
    """Send a document.

    Raises:
        UserMistake: for a group that became a supergroup.
        Refusal: for a file or a caption that Telegram would not take.
    """
    content = formatted_caption(caption).fields("caption", "caption_entities")
    chat = _entered(act)
    return _say(act, chat, {**act.desk.files.add("document", upload).content(), **content})


def press(act: Act, message_id: int, data: str) -> Press:
    """Press a button.

    Raises:
        UserMistake: where there is no such chat, message or button.
    """
    chat = _existing(act)
    message = _message(chat, message_id)
    if not has_button(message.fields.get("reply_markup"), data):
        raise UserMistake(f"message {message_id} has no button with this data")
    pressed = act.desk.presses.add(act.chat_id, act.now)
    query = {"id": pressed.id, "from": _acting(chat, act.person), "message": message.fields}
    query |= {"chat_instance": str(act.chat_id), "data": data}
    act.desk.updates.add("callback_query", as_json(query))
    return pressed


def react(act: Act, message_id: int, emoji: str | None) -> None:
    """Set a reaction to a message, or take it back with None.

    Raises:
        UserMistake: where there is no such chat or message.
    """
    chat = _existing(act)
    message = _message(chat, message_id)
    user = _acting(chat, act.person)
    before = chat.react(message.id, user["id"], emoji)
    change = {"old_reaction": _reactions(before), "new_reaction": _reactions(emoji)}
    head = {"chat": chat.card(), "message_id": message.id, "user": user, "date": int(act.now)}
    act.desk.updates.add("message_reaction", as_json({**head, **change}))


def block(act: Act) -> None:
    """Block the bot, in a group: throw it out.

    Raises:
        UserMistake: where there is no such chat.
    """
    _stand(act, _existing(act), "kicked")


def unblock(act: Act) -> None:
    """Let the bot write again.

    Raises:
        UserMistake: where there is no such chat.
    """
    _stand(act, _existing(act), "member")


def add_bot(act: Act, title: str | None) -> None:
    """Add the bot to a group, which is made where it is not there.

    Raises:
        UserMistake: for a private chat, and where the bot is in the group already.
    """
    if kind_of(act.chat_id) == "private":
        raise UserMistake("a bot is added to groups only: their ids are negative")
    known = act.desk.chats.get(act.chat_id)
    if known is not None and known.standing == "member":
        raise UserMistake(f"the bot is in chat {act.chat_id} already")
    chat = _entered(act, title)
    chat.standing = "left" if known is None else chat.standing
    _stand(act, chat, "member")
    _say(act, chat, {"new_chat_members": [act.desk.profile.user()]})


def migrate(act: Act) -> int:
    """Make a supergroup of a group and return its id; both chats tell of it.

    Raises:
        UserMistake: for what is no group, or was made one before.
    """
    chat = _existing(act)
    if chat.kind != "group" or chat.moved_to is not None:
        raise UserMistake(f"chat {act.chat_id} is no group that could become a supergroup")
    new_id = SUPERGROUP_BASE + act.chat_id
    new = act.desk.chats.put(Chat(new_id, "supergroup", chat.title, chat.standing, people=dict(chat.people)))
    _say(act, chat, {"migrate_to_chat_id": new_id})
    _say(act, new, {"migrate_from_chat_id": act.chat_id})
    chat.moved_to = new_id
    return new_id


def _existing(act: Act) -> Chat:
    """Return a chat.

    Raises:
        UserMistake: 404 where there is none.
    """
    chat = act.desk.chats.get(act.chat_id)
    if chat is None:
        raise UserMistake(f"there is no chat {act.chat_id}", 404)
    return chat


def _entered(act: Act, title: str | None = None) -> Chat:
    """Return a chat with the person in it, made where it is not there."""
    kind = kind_of(act.chat_id)
    if kind == "private" and act.person.id not in {None, act.chat_id}:
        raise UserMistake("a private chat has the id of its person")
    chat = act.desk.chats.get(act.chat_id)
    if chat is not None and chat.moved_to is not None:
        raise UserMistake(f"this group became the supergroup {chat.moved_to}")
    chat = chat or act.desk.chats.put(Chat(act.chat_id, kind))
    chat.title = "" if chat.private else title or chat.title or f"Group {abs(act.chat_id)}"
    _acting(chat, act.person)
    return chat


def _acting(chat: Chat, person: Person) -> User:
    """Return who acts in a chat, known from now on, under a new name where one is given."""
    user_id = chat.id if chat.private else person.id or ANYONE
    known = chat.people.get(user_id, {"first_name": "Reader", "language_code": "en"})
    name = person.first_name or known["first_name"]
    language = person.language_code or known["language_code"]
    user = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
    chat.people[user_id] = user
    return user


def _say(act: Act, chat: Chat, content: Mapping[str, Any]) -> Message:
    if chat.private and chat.standing == "kicked":
        _stand(act, chat, "member")
    message = act.desk.show(chat, chat.add(_acting(chat, act.person), act.now, content))
    if chat.standing == "member":
        act.desk.updates.add("message", message.json)
    return message


def _stand(act: Act, chat: Chat, standing: str) -> None:
    before, chat.standing = chat.standing, standing
    if before != standing:
        change = standing_changed(chat, act.desk.profile.user(), _acting(chat, act.person), before, act.now)
        act.desk.updates.add("my_chat_member", as_json(change))


def _message(chat: Chat, message_id: int) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise UserMistake(f"there is no message {message_id} in chat {chat.id}", 404)
    return message


def _reactions(emoji: str | None) -> list[dict[str, str]]:
    return [] if emoji is None else [{"type": "emoji", "emoji": emoji}]
