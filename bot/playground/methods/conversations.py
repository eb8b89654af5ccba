"""Methods on chats and their people, on files, and the small signs: typing and reactions."""

from typing import Any

from bot.playground.calls import Call
from bot.playground.desk import Desk
from bot.playground.encoded import as_json
from bot.playground.errors import BadRequest
from bot.playground.files import MAX_DOWNLOAD
from bot.playground.members import member, people_in, person_in
from bot.playground.methods.sending import topic_of, writable_chat
from bot.playground.reactions import known_reaction

_RECORDED = ("video", "voice", "audio", "video_note")
_UPLOADED = ("photo", "video", "voice", "audio", "document", "video_note")
_ACTIONS = frozenset({"cancel", "typing", "choose_sticker", "find_location", "pick_up_location"})
_ACTIONS |= {f"record_{kind}" for kind in _RECORDED} | {f"upload_{kind}" for kind in _UPLOADED}
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_FULL_INFO = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(_GIFTS, False),
}


def send_chat_action(desk: Desk, call: Call) -> bool:
    """Show for some seconds what the bot is doing."""
    action = call.text("action").lower()
    if action not in _ACTIONS:
        raise BadRequest("wrong parameter action in request")
    chat = writable_chat(desk, call)
    topic_of(chat, call)
    desk.events.tell(chat.id, "typing", as_json({"action": action}))
    return True


def set_message_reaction(desk: Desk, call: Call) -> bool:
    """Set the bot's reaction to a message, or take it back."""
    given = call.json("reaction", what="reaction types") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) and one.get("emoji") for one in given):
        raise BadRequest("can't parse ReactionType: only emoji are supported by the playground")
    chat = desk.chats.named(call.text("chat_id"))
    message = chat.message(call.integer("message_id"), "message to react")
    if len(given) > 1:
        raise BadRequest("REACTIONS_TOO_MANY")
    chat.reactions.set(message.id, desk.profile.id, _reaction(given[0]) if given else None)
    desk.show_change(chat, message)
    return True


def get_file(desk: Desk, call: Call) -> dict[str, Any]:
    """Tell where a file may be downloaded."""
    if not call.text("file_id"):
        raise BadRequest("file_id not specified")
    file = desk.files.named(call.text("file_id"))
    if file.size > MAX_DOWNLOAD:
        raise BadRequest("file is too big")
    if desk.files.body(file.file_id) is None:
        raise BadRequest("wrong file_id or the file is temporarily unavailable")
    return {**file.identity(), "file_path": file.path}


def get_chat(desk: Desk, call: Call) -> dict[str, Any]:
    """Tell all about a chat."""
    return {**desk.chats.named(call.text("chat_id")).card(), **_FULL_INFO}


def get_chat_member(desk: Desk, call: Call) -> dict[str, Any]:
    """Tell how a person, or the bot itself, stands in a chat."""
    chat = desk.chats.named(call.text("chat_id"))
    user_id = call.integer("user_id")
    if user_id == desk.profile.id:
        return member(chat, desk.profile.user(), chat.standing)
    if user_id not in chat.people:
        raise BadRequest("member not found")
    return person_in(chat, user_id)


def get_chat_administrators(desk: Desk, call: Call) -> list[dict[str, Any]]:
    """Return the creator and the administrators of a group or channel who are no bots."""
    chat = desk.chats.named(call.text("chat_id"))
    if chat.private:
        raise BadRequest("there are no administrators in the private chat")
    chat.check_writable()
    return [person_in(chat, user_id) for user_id in chat.people if chat.leads(user_id)]


def get_chat_member_count(desk: Desk, call: Call) -> int:
    """Count the people in a chat, the bot among them."""
    chat = desk.chats.named(call.text("chat_id"))
    return len(people_in(chat)) + (chat.private or chat.bot_is_in)


def leave_chat(desk: Desk, call: Call) -> bool:
    """Leave a group."""
    chat = writable_chat(desk, call)
    if chat.private:
        raise BadRequest("chat can't be left")
    chat.standing = "left"
    return True


def _reaction(given: dict[str, Any]) -> str:
    emoji = known_reaction(str(given["emoji"]))
    if emoji is None:
        raise BadRequest("REACTION_INVALID")
    return emoji


METHODS = {
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
