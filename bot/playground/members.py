"""ChatMember objects of the Bot API, and the update that tells of a change of one."""

from typing import Any

from bot.playground.chats import Chat, User

_EXTRA: dict[str, dict[str, Any]] = {"creator": {"is_anonymous": False}, "kicked": {"until_date": 0}}


def member(user: User, status: str) -> dict[str, Any]:
    """Return the ChatMember object of a user: creator, member, left or kicked."""
    return {"user": user, "status": status, **_EXTRA.get(status, {})}


def standing_changed(chat: Chat, bot: User, actor: User, before: str, now: float) -> dict[str, Any]:
    """Return the ChatMemberUpdated object that tells the bot of its new standing in a chat."""
    return {
        "chat": chat.card(),
        "from": actor,
        "date": int(now),
        "old_chat_member": member(bot, before),
        "new_chat_member": member(bot, chat.standing),
    }
