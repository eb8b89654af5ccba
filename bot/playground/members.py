"""ChatMember objects of the Bot API, and the update that tells of a change of one."""

from typing import Any

from bot.playground.chats import Chat, User

ROLES = ("creator", "administrator", "member", "left", "kicked")
_OUTSIDE = frozenset({"left", "kicked"})
_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
_RIGHTS_IN = {
    "group": ("can_pin_messages",),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "channel": ("can_post_messages", "can_edit_messages"),
}


def member(chat: Chat, user: User, status: str) -> dict[str, Any]:
    """Return the ChatMember object of a user who stands in a chat as one of `ROLES`."""
    return {"status": status, "user": user, **_more(chat, user, status)}


def person_in(chat: Chat, user_id: int) -> dict[str, Any]:
    """Return the ChatMember object of a person who is known in a chat."""
    return member(chat, chat.people[user_id], chat.role_of(user_id))


def people_in(chat: Chat) -> list[int]:
    """Return the ids of the people who are in a chat now."""
    return [user_id for user_id in chat.people if chat.role_of(user_id) not in _OUTSIDE]


def standing_changed(
    chat: Chat, user: User, actor: User, statuses: tuple[str, str], now: float
) -> dict[str, Any]:
    """Return the ChatMemberUpdated object of a user; `statuses` are the one before and the one now."""
    before, after = statuses
    return {
        "chat": chat.card(),
        "from": actor,
        "date": int(now),
        "old_chat_member": member(chat, user, before),
        "new_chat_member": member(chat, user, after),
    }


def _more(chat: Chat, user: User, status: str) -> dict[str, Any]:
    is_anonymous = {"is_anonymous": user["id"] in chat.anonymous}
    if status == "administrator":
        rights = (*_RIGHTS, *_RIGHTS_IN.get(chat.kind, ()))
        return {"can_be_edited": False, **is_anonymous, **dict.fromkeys(rights, True)}
    if status == "creator":
        return is_anonymous
    return {"until_date": 0} if status == "kicked" else {}
