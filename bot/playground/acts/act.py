"""The circumstances of an act, and how the chat, the person and the message that it is about are found."""

from dataclasses import dataclass

from bot.playground.chats import Chat, Message, User, kind_of
from bot.playground.desk import Desk
from bot.playground.errors import UserMistake

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


def existing_chat(act: Act) -> Chat:
    """Return the chat of an act.

    Raises:
        UserMistake: 404 where there is none.
    """
    return chat_at(act.desk, act.chat_id)


def chat_at(desk: Desk, chat_id: int) -> Chat:
    """Return the chat with an id.

    Raises:
        UserMistake: 404 where there is none.
    """
    chat = desk.chats.get(chat_id)
    if chat is None:
        raise UserMistake(f"there is no chat {chat_id}", 404)
    return chat


def entered_chat(act: Act, title: str | None = None, kind: str | None = None) -> Chat:
    """Return the chat of an act with the person in it, made where it is not there: its maker is its creator.

    Raises:
        UserMistake: for another person in a private chat, and a group that became a supergroup.
    """
    kind = kind or kind_of(act.chat_id)
    if kind == "private" and act.person.id not in {None, act.chat_id}:
        raise UserMistake("a private chat has the id of its person")
    known = act.desk.chats.get(act.chat_id)
    if known is not None and known.moved_to is not None:
        raise UserMistake(f"this group became the supergroup {known.moved_to}")
    chat = known or act.desk.chats.put(Chat(act.chat_id, kind))
    chat.title = "" if chat.private else title or chat.title or f"{chat.kind.title()} {abs(act.chat_id)}"
    user = acting_user(chat, act.person)
    if known is None and not chat.private:
        chat.roles[user["id"]] = "creator"
    return chat


def acting_user(chat: Chat, person: Person) -> User:
    """Return who acts in a chat, known and in it from now on, under a new name where one is given."""
    user_id = chat.id if chat.private else person.id or ANYONE
    known = chat.people.get(user_id, {"first_name": "Reader", "language_code": "en"})
    name = person.first_name or known["first_name"]
    language = person.language_code or known["language_code"]
    user = {"id": user_id, "is_bot": False, "first_name": name, "language_code": language}
    chat.people[user_id] = user
    if not chat.leads(user_id):
        chat.roles.pop(user_id, None)
    return user


def message_in(chat: Chat, message_id: int) -> Message:
    """Return a message of a chat.

    Raises:
        UserMistake: 404 where there is none.
    """
    message = chat.messages.get(message_id)
    if message is None:
        raise UserMistake(f"there is no message {message_id} in chat {chat.id}", 404)
    return message
