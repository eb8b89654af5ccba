"""How the bot comes into groups and channels, and how a group becomes a supergroup."""

from bot.playground.acts.act import Act, entered_chat, existing_chat
from bot.playground.acts.saying import say
from bot.playground.acts.standing import stand, usual_standing
from bot.playground.chats import SUPERGROUP_BASE, Chat, kind_of
from bot.playground.errors import UserMistake


def add_bot(act: Act, title: str | None, kind: str | None = None) -> None:
    """Add the bot to a group or, where that is the kind, a channel; it is made where it is not there.

    Raises:
        UserMistake: for a private chat, a kind that the id cannot have, and where the bot is in already.
    """
    _check_kind(act, kind)
    known = act.desk.chats.get(act.chat_id)
    if known is not None and known.bot_is_in:
        raise UserMistake(f"the bot is in chat {act.chat_id} already")
    chat = entered_chat(act, title, kind)
    chat.standing = "left" if known is None else chat.standing
    stand(act, chat, usual_standing(chat))
    if not chat.channel:
        say(act, chat, {"new_chat_members": [act.desk.profile.user()]})


def migrate(act: Act) -> int:
    """Make a supergroup of a group and return its id; both chats tell of it.

    Raises:
        UserMistake: for what is no group, or was made one before.
    """
    chat = existing_chat(act)
    if chat.kind != "group" or chat.moved_to is not None:
        raise UserMistake(f"chat {act.chat_id} is no group that could become a supergroup")
    new_id = SUPERGROUP_BASE + act.chat_id
    new = act.desk.chats.put(
        Chat(
            new_id,
            "supergroup",
            chat.title,
            chat.standing,
            people=dict(chat.people),
            roles=dict(chat.roles),
            anonymous=set(chat.anonymous),
        )
    )
    say(act, chat, {"migrate_to_chat_id": new_id})
    say(act, new, {"migrate_from_chat_id": act.chat_id})
    chat.moved_to = new_id
    return new_id


def _check_kind(act: Act, kind: str | None) -> None:
    by_id = kind_of(act.chat_id)
    if by_id == "private":
        raise UserMistake("a bot is added to groups and channels only: their ids are negative")
    known = act.desk.chats.get(act.chat_id)
    possible = {known.kind} if known else {by_id, "channel"} if by_id == "supergroup" else {by_id}
    if kind is not None and kind not in possible:
        raise UserMistake(f'with this id "kind" can only be {" or ".join(sorted(possible))}')
